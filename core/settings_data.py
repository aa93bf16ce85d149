"""The sections about data that people work with: the lake, features, tables, secrets and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from core.principals import principal_of
from core.retention import LONGEST_DAYS, DataClass
from core.settings_values import EACH_ONCE, READ_ONLY, Days, Line, PrincipalArn, Section, checked, formed, says

LONGEST_RESULTS, LONGEST_ROTATION, LONGEST_UNDO = 90, 90, 35
"""Days: ours (an answer is a copy of what was asked for), ours (AWS Config's own rule for rotations), and DynamoDB's:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PointInTimeRecoverySpecification.html"""
MOST_SCANNED_GB = 10_000
PREPARED, PEOPLE = "prepared", "people"
CIRCLES = ((PREPARED, False), (PEOPLE, True))
"""Those who work with prepared data, and those who meet people's: the first must not see answers of the second."""


def _administrators_fault(arns: tuple[str, ...]) -> str | None:
    providers = [arn for arn in arns if principal_of(arn).is_provider]
    return "ARNs of roles, not of identity providers" if providers else None


KeyArn = Annotated[
    str,
    formed(
        r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-z0-9-]{1,64}",
        "the ARN of a key, such as 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f'",
    ),
]
FunctionArn = Annotated[
    str,
    formed(
        r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_$-]{1,128})?",
        "the ARN of a function, such as 'arn:aws:lambda:eu-central-1:123456789012:function:rotate'",
    ),
]
Column = Annotated[str, formed("[A-Za-z0-9_.-]{1,255}", "letters, digits and _ . - (255 at most)")]


class Lake(Section):
    """Tables over the stores, for those whom Lake Formation lets; there is none while it has no administrator."""

    administrators: Annotated[tuple[PrincipalArn, ...], EACH_ONCE, checked(_administrators_fault)] = says(
        "a list of ARNs of the roles that administer the account's lake, the deploying one among them; or nothing",
        default=(),
        max_length=30,
    )
    classes: Annotated[tuple[DataClass, ...], EACH_ONCE] = says(
        f"a list of the classes of data that are tables too: {', '.join(DataClass)}", default=(DataClass.INTERNAL,)
    )
    results_days: int = says(
        f"days that answers to questions are kept, 1 to {LONGEST_RESULTS}", default=30, ge=1, le=LONGEST_RESULTS
    )
    scan_limit_gb: int = says(
        f"gigabytes that one question may read, 1 to {MOST_SCANNED_GB}", default=10, ge=1, le=MOST_SCANNED_GB
    )

    @property
    def is_used(self) -> bool:
        """Whether there is a lake at all."""
        return bool(self.administrators)

    @property
    def circles(self) -> Mapping[str, DataClass]:
        """Who sees each other's answers, and the most confidential class that they ask for; empty circles are none."""
        classes = self.classes if self.is_used else ()
        about = {circle: [one for one in classes if one.identifies_people is people] for circle, people in CIRCLES}
        return {circle: max(held, key=list(DataClass).index) for circle, held in about.items() if held}


class FeatureSet(Section):
    """What is known of each of a kind of thing, for models: all values there were, and online the latest."""

    kinds: Annotated[Mapping[str, str], READ_ONLY] = says(
        "a mapping of the names of features to String, Integral or Fractional", min_length=1
    )
    identifier: str = says("the feature that says whose record it is")
    event_time: str = says("the feature that says since when it holds")
    data_class: DataClass = says(f"one of {', '.join(DataClass)}")
    online: bool = says("true where models need the latest values at once", default=False)
    ttl_days: Days | None = says(
        "days that the latest values stay online, no more than the class of data is kept", default=None
    )


class TableOf(Section):
    """Items of one class of data, found by their keys."""

    data_class: DataClass = says(f"one of {', '.join(DataClass)}")
    keep_days: Days | None = says(
        f"a number of days from 1 to {LONGEST_DAYS}, no more than the class of data is kept", default=None
    )
    partition_key: Column = says("the attribute that tells items apart", default="id")
    sort_key: Column | None = says("the attribute that sorts items of one partition", default=None)
    undo_days: int = says(
        f"days that the table can be had back as it was, 1 to {LONGEST_UNDO}",
        default=LONGEST_UNDO,
        ge=1,
        le=LONGEST_UNDO,
    )


class SecretOf(Section):
    """What others log in with; a function replaces it, so its value stands nowhere here."""

    purpose: Line = says("one line saying what this secret opens")
    rotation_function: FunctionArn = says("the ARN of the function that replaces the value")
    every_days: int = says(
        f"days between two rotations, 1 to {LONGEST_ROTATION}", default=30, ge=1, le=LONGEST_ROTATION
    )


class ParameterOf(Section):
    """A value that programs look up; it comes from the stack's configuration, as a secret."""

    purpose: Line = says("one line saying what this parameter is for")
