"""What a call of a method is on: the ARNs that its word stands for, given who is reached and what is aimed at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from access.ability import Abilities
from access.document import Document, Effect, Named, PrincipalEntry, ResourceEntry, Statement
from access.glyphs import ANYTHING
from access.graph_identity import GROUP, ROLE, USER, attached_policies
from access.graph_resources import BUCKETS, ENDPOINT, KEYS
from access.principals import Principal
from core.iam_metadata import IamMetadata
from core.regions import partition_of
from core.resource import Resource
from core.value import Unknown

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
SEGMENTS = 6
CODE = re.compile(r"state|code|script|pipeline|artifact|build|pulumi|terraform", re.IGNORECASE)
"""What stores are called that others run something from (T120)."""
OF_KIND: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "role": (ROLE,),
        "user": (USER,),
        "group": (GROUP,),
        "key": KEYS,
        "bucket": BUCKETS,
        "secret": ("aws:secretsmanager/secret:Secret",),
        "repository": ("aws:ecr/repository:Repository",),
        "endpoint": ("aws:sagemaker/endpoint:Endpoint",),
        "trail": ("aws:cloudtrail/trail:Trail",),
        "log": ("aws:cloudwatch/logGroup:LogGroup",),
        "vpce": (ENDPOINT,),
    }
)
"""A word after `@` -> the types of the Graph that it means."""
OBJECTS = MappingProxyType(
    {
        "object": "bucket",
        "object-of-code": "bucket",
        "object-with-lists": "bucket",
        "bucket-with-lists": "bucket",
        "policy-of-role": "role",
        "saml-of-role": "role",
        "oidc-of-role": "role",
    }
)
"""Words for what hangs on a resource of another kind."""


def kind_aimed_at(on: str) -> str:
    """The kind of resource that a word is about; empty where it is about none in particular."""
    return OBJECTS.get(on, on if on in OF_KIND else "")


def arns_on(abilities: Abilities, on: str, aim: Resource) -> tuple[str, ...]:
    """The ARNs that the word stands for when this resource is aimed at; any one of them will do."""
    arn = str(aim.get("arn"))
    if on == "policy-of-role":
        return tuple(policies_of(abilities, aim))
    if on in {"saml-of-role", "oidc-of-role"}:
        return tuple(one for one in providers_of(abilities, aim) if f":{on.removesuffix('-of-role')}-provider/" in one)
    if (on.endswith("-with-lists") and not _has_lists(abilities, aim)) or (
        on == "object-of-code" and not _is_code(aim)
    ):
        return ()
    return (f"{arn}/{ANYTHING}" if on.startswith("object") else arn,)


def _is_code(bucket: Resource) -> bool:
    return CODE.search(bucket.name) is not None


def _has_lists(abilities: Abilities, bucket: Resource) -> bool:
    """Whether access control lists count, or may count, for the bucket (S69)."""
    return abilities.beside(str(bucket.get("arn")))[1].acls_enabled is not False


def policies_of(abilities: Abilities, holder: Resource) -> list[str]:
    """The ARNs of the managed policies of the Graph that are attached."""
    found = (one.get("arn") for one in attached_policies(abilities.graph, holder))
    return [arn for arn in found if isinstance(arn, str)]


def providers_of(abilities: Abilities, role: Resource) -> list[str]:
    """The identity providers that the trust policy of a role lets in."""
    trust = abilities.beside(str(role.get("arn")))[1].resource
    statements = trust.statements if isinstance(trust, Document) else ()
    return [
        entry.text
        for one in statements
        if isinstance(one, Statement) and one.effect is Effect.ALLOW
        for entry in one.principals or ()
        if isinstance(entry, PrincipalEntry) and entry.named is Named.FEDERATED
    ]


def arns_of_action(metadata: IamMetadata, action: str, account: str, region: str) -> list[str]:
    """One ARN for each type of resource on which the action must be allowed, what is free in it standing for anything.

    Where no type is required any one of those it takes will do, so the first stands alone. An action that is not in the
    snapshot is asked about on anything there is.
    """
    found = metadata.matching(action)
    if not found or not found[0].resources:
        return ["*"]
    service = action.partition(":")[0].lower()
    kinds = found[0].required or found[0].resources[:1]
    templates = (metadata.arn_of(service, kind) for kind in kinds)
    return [_filled(template, account, region) for template in templates if template] or ["*"]


def _filled(template: str, account: str, region: str) -> str:
    values = {"Partition": partition_of(region) or "aws", "Region": region, "Account": account}
    return PLACEHOLDER.sub(lambda found: values.get(found[1], ANYTHING), template)


def narrowed(who: Principal, action: str, arn: str) -> Iterator[str]:
    """The ARN, and narrower ones that the principal's own statements speak of."""
    yield arn
    if ANYTHING not in arn:
        return
    head, _, own = arn.rpartition(":") if arn.count(":") < SEGMENTS - 1 else _split(arn)
    stem = own.partition(ANYTHING)[0]
    for entry in _entries(who, action.lower()):
        last = entry.text.split(":", SEGMENTS - 1)[-1].replace("*", ANYTHING).replace("?", "x")
        if len(entry.segments) == SEGMENTS and last.startswith(stem) and "$" not in last:
            yield f"{head}:{last}"


def _split(arn: str) -> tuple[str, str, str]:
    parts = arn.split(":", SEGMENTS - 1)
    return ":".join(parts[:-1]), ":", parts[-1]


def _entries(who: Principal, action: str) -> Iterator[ResourceEntry]:
    for policy in who.identity:
        for one in () if isinstance(policy, Unknown) else policy.about(action):
            if isinstance(one, Statement) and one.effect is Effect.ALLOW and not one.resource_negated:
                yield from (entry for entry in one.resources or () if isinstance(entry, ResourceEntry))
