"""What each persona is granted: one function for each, to be read against the table in `core.personas`.

The table says what a persona is for; this says by which grants it gets there. Neither is made from the other, so that a
test can hold them against each other, and `access` prove what comes of it. Who has many stores is granted them in as
few policies as hold it all: a role takes ten, and more floors are to come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from components.account_access import AccountAccess
from components.bucket import Bucket
from components.role import Role
from core.personas import Limit
from core.retention import DataClass


@dataclass(frozen=True)
class Ground:
    """What there is to be granted.

    `elsewhere` are the ARNs of the roles by which other accounts are deployed to; `copies` the live copies of data
    about people, from which nothing goes when it is erased in the original.
    """

    account: AccountAccess
    data: Mapping[DataClass, Bucket]
    models: Bucket
    audit: Bucket | None
    elsewhere: Sequence[str] = ()
    copies: Sequence[Bucket] = ()

    @property
    def about_people(self) -> list[Bucket]:
        """The stores of personal and health data."""
        return [bucket for word, bucket in self.data.items() if word.identifies_people]


def platform_admin(role: Role, ground: Ground) -> None:
    """Looks at everything, moves traffic, asks for room; opens no data and makes no role: a deployment does."""
    ground.account.grant_look(role)
    ground.account.grant_operate(role)


def security_auditor(role: Role, ground: Ground) -> None:
    """Sees how everything is set up, and reads the record; changes nothing."""
    ground.account.grant_look(role)
    if ground.audit:
        _look_into(role, ground.audit)


def data_engineer(role: Role, ground: Ground) -> None:
    """Works on data about people, and writes what is left of it when the people are taken out."""
    with role.together("WorkOnStores"):
        for bucket in ground.about_people:
            _look_into(role, bucket)
            bucket.grant_write(role)
        ground.data[DataClass.INTERNAL].grant_write(role)


def data_scientist(role: Role, ground: Ground) -> None:
    """Finds and opens prepared data, and no other."""
    _look_into(role, ground.data[DataClass.INTERNAL])


def ml_engineer(role: Role, ground: Ground) -> None:
    """Brings models in. Whether one may be used is decided by the approver, and done by a deployment."""
    _look_into(role, ground.models)
    ground.models.grant_write(role)


def model_approver(role: Role, ground: Ground) -> None:
    """Opens models to judge them; writes none, so that nobody approves a model of their own."""
    _look_into(role, ground.models)


def privacy_officer(role: Role, ground: Ground) -> None:
    """Finds what is held about somebody, and erases it in every version, in the copies too."""
    ground.account.grant_look(role)
    with role.together("FindAndErase"):
        for bucket in ground.about_people:
            _look_into(role, bucket)
        for bucket in (*ground.about_people, *ground.copies):
            bucket.grant_erase(role)


def inference_client(role: Role, ground: Ground) -> None:
    """Nothing here: the layer that serves models lets it ask them."""


def break_glass(role: Role, ground: Ground) -> None:
    """Repairs services and reads, for an hour and under an alarm; changes neither roles nor the record."""
    ground.account.grant_rescue(role)


def ci_preview(role: Role, ground: Ground) -> None:
    """Sees how everything is set up, so as to say what a change would do; reads no data, changes nothing."""
    ground.account.grant_look(role, Limit.OUTER)


def ci_deploy(role: Role, ground: Ground) -> None:
    """Makes what the program declares, here and in the environment's other accounts; reads no data."""
    ground.account.grant_deploy(role)
    if ground.elsewhere:
        ground.account.grant_reach(role, ground.elsewhere)


GRANTS: Mapping[str, Callable[[Role, Ground], None]] = MappingProxyType(
    {
        "platform-admin": platform_admin,
        "security-auditor": security_auditor,
        "data-engineer": data_engineer,
        "data-scientist": data_scientist,
        "ml-engineer": ml_engineer,
        "model-approver": model_approver,
        "privacy-officer": privacy_officer,
        "inference-client": inference_client,
        "break-glass": break_glass,
        "ci-preview": ci_preview,
        "ci-deploy": ci_deploy,
    }
)
"""Persona -> its grants."""


def _look_into(role: Role, bucket: Bucket) -> None:
    """Let the role find what is in the bucket and open it."""
    bucket.grant_list(role)
    bucket.grant_read(role)
