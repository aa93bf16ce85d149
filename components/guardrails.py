"""What no account of the organisation can do, whoever is in charge of it: declared in the management account."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pulumi
import pulumi_aws as aws

from components import guardrail_statements as say
from components.component import Component
from components.policy_document import VERSION, PolicyDocument, Statement
from core.errors import BadInput
from core.naming import Name
from core.regions import REGIONS

MOST_CHARACTERS = 5120
"""Of one policy as it is sent, white space included. For service control policies AWS doubled it on 15 May 2026, which
its own page did not say when it was last read; what fits the older limit fits both:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"""
ORGANISATION = re.compile(r"o-[a-z0-9]{10,32}")
TARGET = re.compile(r"r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|\d{12}")
"""https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html"""
STEWARD = re.compile(r"arn:aws(-cn|-us-gov)?:iam::(\*|\d{12}):role/(?=[^*?]*[\w]{3})[\w+=,.@/*?-]+", re.ASCII)
PATTERN = re.compile(r"(?=.*[\w-]{3})[\w.*-]{3,64}", re.ASCII)
OWNER = re.compile(r"[A-Za-z0-9-]+(@\d+)?")
SERVICE, RESOURCE = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
SETS: Mapping[str, tuple[str, str, Callable[[say.Around], list[Statement]]]] = MappingProxyType(
    {
        "residency": (SERVICE, "Data stays in the Regions where it may be", say.residency),
        "record": (SERVICE, "The record of who did what goes on and stays", say.record),
        "exposure": (SERVICE, "Nothing is opened to strangers, and what is made is encrypted", say.exposure),
        "conduct": (SERVICE, "No credentials that last, and work stands inside the network", say.conduct),
        "perimeter": (RESOURCE, "What is ours is reached by our own, over TLS", say.perimeter),
    }
)
"""Four service control policies beside AWS's own fill the older limit of five for each root, unit or account."""


@dataclass(frozen=True)
class GuardrailsArgs:
    """The organisation, which of its roots, units or accounts are bound, and where their data may be.

    `stewards` are patterns of the role ARNs that look after record and network and so stand above the rules that guard
    these against changes, not above those that guard them against their end. `stores` are patterns of the names of log
    buckets, `roles` of roles, that only stewards change. `github_owners` (`name@id`, or `name` where subjects carry no
    numbers) are those whose repositories may come in at all; without any, pipelines are not asked. `provider` makes
    them in the management account.
    """

    organisation: str
    targets: Sequence[str]
    residency: Sequence[str]
    stewards: Sequence[str] = ()
    stores: Sequence[str] = ()
    roles: Sequence[str] = ()
    github_owners: Sequence[str] = ()
    partition: str = "aws"
    provider: pulumi.ProviderResource | None = None


class Guardrails(Component):
    """Service and resource control policies, attached: residency, record, exposure, conduct and perimeter.

    The organisation must have both types of policy enabled; it is not this component's to own. Raises BadInput for
    what is no organisation, target or Region, for no targets, for stewards that are everybody, and for sets that grow
    beyond what Organizations takes.
    """

    def __init__(self, name: Name, args: GuardrailsArgs, parent: pulumi.Resource | None = None) -> None:
        around = say.Around(
            args.organisation,
            args.partition,
            args.residency,
            args.stewards,
            args.stores,
            args.roles,
            args.github_owners,
        )
        said = {word: write(around) for word, (_, _, write) in SETS.items()}
        if faults := [*_faults(args), *_sizes(said)]:
            msg = f"guardrails {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("Guardrails", name, parent, _facts(args), [args.provider] if args.provider else None)
        self.policies = {word: self._policy(word, statements) for word, statements in said.items()}
        for word, policy in self.policies.items():
            for target in args.targets:
                aws.organizations.PolicyAttachment(
                    f"{name}-{word}-{target}", policy_id=policy.id, target_id=target, opts=self.child
                )
        self.done()

    def _policy(self, word: str, statements: list[Statement]) -> aws.organizations.Policy:
        kind, about, _ = SETS[word]
        label = f"{self.name}-{word}"
        document = PolicyDocument(label, statements, self, "content")
        return aws.organizations.Policy(
            label,
            name=label,
            type=kind,
            description=about,
            content=document.json,
            tags=dict(self.name.tags),
            opts=self.child,
        )


def _facts(args: GuardrailsArgs) -> dict[str, list[str]]:
    return {"targets": list(args.targets), "sets": list(SETS)}


def _sizes(said: Mapping[str, list[Statement]]) -> list[str]:
    sizes = {word: len(json.dumps({"Version": VERSION, "Statement": body})) for word, body in said.items()}
    return [
        f"{word} has {size} characters, Organizations takes {MOST_CHARACTERS}; name fewer patterns"
        for word, size in sizes.items()
        if size > MOST_CHARACTERS
    ]


def _faults(args: GuardrailsArgs) -> list[str]:
    faults = []
    if not ORGANISATION.fullmatch(args.organisation):
        faults.append("organisation is an id such as 'o-a1b2c3d4e5'")
    if not args.targets:
        faults.append("no targets; a policy that is attached nowhere binds nobody")
    for field, values, pattern, expected in (
        ("targets", args.targets, TARGET, "the id of a root, a unit or an account"),
        ("stewards", args.stewards, STEWARD, "a role's ARN, with '*' for the account and after a name's beginning"),
        ("stores", args.stores, PATTERN, "a bucket's name, '*' for a part of it"),
        ("roles", args.roles, PATTERN, "a role's name, '*' for a part of it"),
        ("github_owners", args.github_owners, OWNER, "an owner on GitHub, without '*'"),
    ):
        faults += [
            f"{field}[{number}] must be {expected}" for number, one in enumerate(values) if not pattern.fullmatch(one)
        ]
        if len(set(values)) < len(values):
            faults.append(f"{field} names one twice")
    if not args.residency or not set(args.residency) <= set(REGIONS):
        faults.append("residency must be codes of Regions, one or more")
    return faults
