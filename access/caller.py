"""Who asks: the principal of a request, and what its being that principal says by itself.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from access.faults import RequestError
from core.value import Unknown

Value = str | Unknown | tuple[str, ...] | None
"""What a key of a request holds: a value, several of them, something unknown, or None: the request lacks the key."""


class Who(StrEnum):
    """The kinds of caller."""

    USER = "user"
    SESSION = "session of a role"
    ROOT = "root user"
    FEDERATED_USER = "federated user"
    SERVICE = "service"
    PROVIDER = "identity of a provider"
    ANONYMOUS = "anonymous"


ARN = {
    Who.USER: re.compile(r"arn:[a-z-]+:iam::(\d{12}):user/\S+", re.ASCII),
    Who.SESSION: re.compile(r"arn:[a-z-]+:iam::(\d{12}):role/\S+", re.ASCII),
    Who.ROOT: re.compile(r"arn:[a-z-]+:iam::(\d{12}):root", re.ASCII),
    Who.FEDERATED_USER: re.compile(r"arn:[a-z-]+:sts::(\d{12}):federated-user/\S+", re.ASCII),
}
EXPECTED = {
    Who.USER: "the ARN of a user",
    Who.SESSION: "the ARN of the role",
    Who.ROOT: "the ARN of the account's root user",
    Who.FEDERATED_USER: "the ARN of the federated user",
}
NO_TAGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Caller:
    """Who asks. `arn` is the user's, the role's (of a session), the root user's or the federated user's ARN.

    For a service it is its name, for the identity of a provider that provider; empty for an anonymous caller. `parent`
    is the user behind a federated user. Raises RequestError for an ARN of another kind.
    """

    who: Who
    arn: str = ""
    session: str = ""
    parent: str = ""
    unique_id: str = ""
    canonical_id: str = ""
    organization: str | None = None
    tags: Mapping[str, str] = field(default_factory=lambda: NO_TAGS)
    session_tags: Mapping[str, str] = field(default_factory=lambda: NO_TAGS)
    service_linked: bool = False
    long_term: bool = False

    def __post_init__(self) -> None:
        """Refuse a caller that could not be."""
        shape = ARN.get(self.who)
        if shape and not shape.fullmatch(self.arn):
            msg = f"caller: expected {EXPECTED[self.who]} for a {self.who}"
            raise RequestError(msg)
        if self.who is Who.FEDERATED_USER and not ARN[Who.USER].fullmatch(self.parent):
            msg = "caller: expected the ARN of the user behind a federated user"
            raise RequestError(msg)

    @cached_property
    def account(self) -> str:
        """The account it belongs to; empty where it belongs to none."""
        shape = ARN.get(self.who)
        found = shape.fullmatch(self.arn) if shape else None
        return str(found[1]) if found else ""

    @property
    def session_arn(self) -> str:
        """The ARN of a session: without the role's path."""
        partition, name = self.arn.split(":")[1], self.arn.rpartition("/")[2]
        return f"arn:{partition}:sts::{self.account}:assumed-role/{name}/{self.session}"

    @property
    def has_path(self) -> bool:
        """Whether the role lies below a path, which session ARNs leave out (S23)."""
        return self.arn.partition(":role/")[2].count("/") > 0

    @property
    def has_identity(self) -> bool:
        """Whether identity policies exist for it: services, providers and strangers have none (S25)."""
        return self.who in ARN

    def keys(self) -> Mapping[str, Value]:
        """The condition keys, in lower case, that its being this principal decides; None for those it lacks (S54)."""
        return self._keys

    @cached_property
    def _keys(self) -> Mapping[str, Value]:
        found: dict[str, Value] = {
            "aws:principalarn": self.arn if self.who in ARN else None,
            "aws:principalaccount": self.account or None,
            "kms:calleraccount": self.account or None,
            "aws:principalorgid": self.organization if self.account else None,
            "aws:username": self._user_name(),
            "aws:principalisawsservice": "true" if self.who is Who.SERVICE else "false",
            "aws:principalservicename": self.arn if self.who is Who.SERVICE else None,
        }
        if self.organization is None and self.account:
            del found["aws:principalorgid"]
        if self.unique_id:
            found["aws:userid"] = f"{self.unique_id}:{self.session}" if self.who is Who.SESSION else self.unique_id
        if self.long_term:
            found["aws:multifactorauthpresent"] = None  # absent, not false (S57)
            found["aws:multifactorauthage"] = None
        merged = {**self.tags, **self.session_tags}  # S58
        return MappingProxyType(
            {**found, **{f"aws:principaltag/{key.lower()}": value for key, value in merged.items()}}
        )

    def _user_name(self) -> str | None:
        """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html."""
        return self.arn.rpartition("/")[2] if self.who is Who.USER else None


ANONYMOUS = Caller(Who.ANONYMOUS)
