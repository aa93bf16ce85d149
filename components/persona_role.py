"""The role of a kind of user: who may take it, from where they must come, and for how long."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.place import Place
from components.policy_document import VERSION, Statement, allow
from components.role import Role, RoleArgs
from core.errors import BadInput
from core.issuers import SHARED_HOSTS
from core.naming import OWN_TAGS, Name
from core.principals import Principal, PrincipalKind, principal_fault, principal_of
from core.retention import DataClass
from core.settings import TakenBy

HOUR = 3600
LONGEST_HOURS = 12
MOST_TRUST_CHARACTERS = 2048
"""White space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
DESCRIPTION = re.compile(r"[\t\n\r\x20-\x7e\xa1-\xff]{1,1000}")
"""https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"""
SAML_AUDIENCES = {
    "aws": "https://signin.aws.amazon.com/saml",
    "aws-cn": "https://signin.amazonaws.cn/saml",
    "aws-us-gov": "https://signin.amazonaws-us-gov.com/saml",
}
"""Partition -> where assertions are meant for: https://docs.aws.amazon.com/general/latest/gr/signin-service.html"""
LABELS = ("sts:SetSourceIdentity", "sts:TagSession")
"""Who it is and what the identity provider says of them, carried into the audit trail. Without these in the policy AWS
refuses the whole sign-in of a provider that sends them:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html"""


@dataclass(frozen=True)
class PersonaRoleArgs:
    """Who may take the role, and the limits of it.

    `principals` are ARNs of roles and of SAML or OIDC providers. `purpose` says in a line what the persona is for.
    `taken_by` says whether people or a program come in: a program has no second factor, and the role is tagged so.
    Tokens of an OIDC provider must be made for `audience` (the role's name unless said otherwise, so that the issuer
    decides persona by persona who gets one), and for one of `subjects` where these are given. `clearance` are the
    classes of data about people that the persona may open; the boundary keeps it from all others.
    """

    place: Place
    principals: Sequence[str]
    purpose: str
    boundary: pulumi.Input[str]
    session_hours: int = 1
    require_mfa: bool = True
    taken_by: TakenBy = TakenBy.PEOPLE
    audience: str | None = None
    subjects: Sequence[str] = ()
    clearance: Sequence[DataClass] = ()


class PersonaRole(Role):
    """A role that people take for hours, and that may do nothing until a component grants it something.

    Raises BadInput for no principals, one that is wider than a role or an identity provider, a session AWS does not
    take, a second factor asked of those of whom AWS is not told, an issuer that serves everybody without `subjects`,
    and more principals than fit a trust policy.
    """

    def __init__(self, name: Name, args: PersonaRoleArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"persona {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        trust = _trust(str(name), args)
        size = len(json.dumps({"Version": VERSION, "Statement": trust}, separators=(",", ":")))
        if size > MOST_TRUST_CHARACTERS:
            msg = (
                f"persona {name}: a trust policy of {size} characters, IAM takes {MOST_TRUST_CHARACTERS}; "
                "name fewer principals: an identity provider stands for many people"
            )
            raise BadInput(msg)
        role = RoleArgs(trust, args.purpose, args.boundary, args.session_hours * HOUR)
        super().__init__(_marked(name, args), role, parent, kind="PersonaRole")


def _marked(name: Name, args: PersonaRoleArgs) -> Name:
    """The name with the tags that the boundary reads of the role."""
    cleared = sorted(word for word in args.clearance if word.identifies_people)
    marked = name.tagged(taken_by=args.taken_by)
    return marked.tagged(clears=" ".join(cleared)) if cleared else marked


def _trust(name: str, args: PersonaRoleArgs) -> list[Statement]:
    found = [principal_of(arn) for arn in args.principals]
    of = {kind: [one for one in found if one.kind is kind] for kind in PrincipalKind}
    said = [_roles(of[PrincipalKind.ROLE], args)] if of[PrincipalKind.ROLE] else []
    if of[PrincipalKind.SAML]:
        said.append(_saml(of[PrincipalKind.SAML], args.place))
    oidc = enumerate(of[PrincipalKind.OIDC], 1)
    return said + [_oidc(number, one, args.audience or name, args.subjects) for number, one in oidc]


def _roles(principals: list[Principal], args: PersonaRoleArgs) -> Statement:
    """The second factor is asked for in the Allow: where AWS was not told of any, nothing is allowed.

    As a Deny with `false` it would protect nothing, because the key is absent from long-term keys, and
    with IfExists it would shut out every federated session.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    given = {"Bool": {"aws:MultiFactorAuthPresent": "true"}} if _needs_mfa(args) else {}
    to = {"AWS": [one.arn for one in principals]}
    return allow("RolesComeIn", ["sts:AssumeRole", *LABELS], [], to, {**given, **_own_tags_are_ours()})


def _saml(principals: list[Principal], place: Place) -> Statement:
    """Which persona somebody may take is decided by the provider, which names the role in its assertion."""
    to = {"Federated": [one.arn for one in principals]}
    given = {"StringEquals": {"SAML:aud": SAML_AUDIENCES[place.partition]}, **_own_tags_are_ours()}
    return allow("SamlComesIn", ["sts:AssumeRoleWithSAML", *LABELS], [], to, given)


def _oidc(number: int, principal: Principal, audience: str, subjects: Sequence[str]) -> Statement:
    issuer = _issuer(principal)
    claims: dict[str, Any] = {f"{issuer}:aud": audience}
    if subjects:
        claims[f"{issuer}:sub"] = list(subjects)
    given = {"StringEquals": claims, **_own_tags_are_ours()}
    to = {"Federated": principal.arn}
    return allow(f"OidcComesIn{number}", ["sts:AssumeRoleWithWebIdentity", *LABELS], [], to, given)


def _own_tags_are_ours() -> dict[str, Any]:
    """A session may bring tags, but none of the platform's: they would pass for the role's own."""
    return {"ForAllValues:StringNotLike": {"aws:TagKeys": [f"{OWN_TAGS}*"]}}


def _needs_mfa(args: PersonaRoleArgs) -> bool:
    return args.require_mfa and args.taken_by is TakenBy.PEOPLE


def _issuer(principal: Principal) -> str:
    return principal.arn.partition(f":{PrincipalKind.OIDC}/")[2]


def _faults(args: PersonaRoleArgs) -> list[str]:
    """What would let in too many, or nobody, a sentence each."""
    wrong = [(arn, fault) for arn in args.principals if (fault := principal_fault(arn))]
    faults = [f"principal {arn!r}; expected {fault}" for arn, fault in wrong]
    if not args.principals:
        faults.append("no principals; name a role or an identity provider, or leave the persona out")
    if len(set(args.principals)) < len(args.principals):
        faults.append("a principal is named twice")
    if not 1 <= args.session_hours <= LONGEST_HOURS:
        faults.append(f"a session of {args.session_hours} hours; AWS takes 1 to {LONGEST_HOURS}")
    if not DESCRIPTION.fullmatch(args.purpose):
        faults.append("the purpose must be 1 to 1000 characters of Latin-1")
    return faults if wrong else [*faults, *_provider_faults(args)]


def _provider_faults(args: PersonaRoleArgs) -> list[str]:
    """What AWS would refuse, or would not see, about the principals, a sentence each."""
    faults = []
    for one in map(principal_of, args.principals):
        if one.partition != args.place.partition or (one.is_provider and one.account != args.place.account):
            faults.append(f"{one.arn} cannot come in; name roles of this partition, and providers of this account")
        if _needs_mfa(args) and one.hides_mfa:
            faults.append(
                f"AWS is not told of a second factor by {one.arn}; demand it there, and pass require_mfa=False"
            )
        shared = one.kind is PrincipalKind.OIDC and _issuer(one).partition("/")[0] in SHARED_HOSTS
        if shared and not args.subjects:
            faults.append(f"{one.arn} serves everybody; pass the subjects that may come in as `subjects`")
    if any("*" in subject or "?" in subject or not subject for subject in args.subjects):
        faults.append("subjects are named in full, without '*' or '?'")
    return faults
