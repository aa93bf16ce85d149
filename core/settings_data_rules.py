"""What settings about the lake, features, tables, secrets and parameters must be together; see `settings_rules`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.errors import BadInput
from core.features import Features
from core.naming import Name
from core.principals import principal_of
from core.retention import DataClass

EXPIRES = "expires_at"
"""The attribute by which an item of a table says when it lapses."""
NameRule = Callable[[str, str, str], str | None]


def administrators_are_at_home(account: str, administrators: tuple[str, ...]) -> str | None:
    """Who administers a lake grants anything in it to anybody, so it is nobody from outside."""
    strange = [arn for arn in administrators if principal_of(arn).account != account]
    return f"roles of the account {account}, whose lake it is" if strange else None


def catalogue_has_its_key(baseline: bool, administrators: tuple[str, ...], key: str | None) -> str | None:  # noqa: FBT001 - a value of the file
    """Who reads descriptions of tables needs the key that seals them, and the account's own layer makes it."""
    if key and not baseline:
        return "nothing without adopt.baseline: the account's own layer here makes that key"
    if baseline and administrators and not key:
        return "the ARN of the key that seals Glue's catalogue, from the stack that owns the account"
    return None


def arn_is_at_home(account: str, region: str, arn: str | None) -> str | None:
    """What works with data here stands here."""
    return f"an ARN of the account {account} in {region}" if arn and arn.split(":")[3:5] != [region, account] else None


def named(prefix: str, longest_part: str = "key") -> NameRule:
    """A check that what is made for this table, secret and so on can bear its name and the longest of its parts."""

    def name_fits(environment: str, project: str, word: str) -> str | None:
        try:
            Name(f"{project}-{environment}-{prefix}-{word}-{longest_part}", {})
        except BadInput as error:
            return f"a shorter name ({error})"
        return None

    return name_fits


def columns_are_features(event_time: str, identifier: str, kinds: Mapping[str, str]) -> str | None:
    """What SageMaker takes as the columns of a group; a group's columns cannot be changed afterwards."""
    faults = Features(kinds, identifier, event_time).faults()
    return f"features that SageMaker takes: {'; '.join(faults)}" if faults else None


def online_has_an_end(online: bool, ttl_days: int | None) -> str | None:  # noqa: FBT001 - a value of the file
    """Only what is online lapses there."""
    return "nothing beside online: false" if ttl_days and not online else None


def kept_no_longer_than_its_class(*said: int | str | None) -> str | None:
    """The days of each class in order, then the class and the days of what holds some of it."""
    *days, data_class, own = said
    most = dict(zip(DataClass, days, strict=True))[DataClass(str(data_class))]
    if isinstance(own, int) and isinstance(most, int) and own > most:
        return f"at most {most} days, as data.{data_class} is kept no longer"
    return None


def keys_of_items_differ(partition_key: str, sort_key: str | None) -> str | None:
    """Two keys that are one sort nothing."""
    if partition_key == sort_key:
        return f"another attribute than the partition_key '{partition_key}'"
    return None


def keys_do_not_lapse(key: str | None) -> str | None:
    """An item is not found by the day it goes."""
    return f"another attribute: by '{EXPIRES}' items lapse" if key == EXPIRES else None


def copies_end_with_their_answers(
    administrators: tuple[str, ...], classes: tuple[DataClass, ...], results_days: int, copied_days: int | None
) -> str | None:
    """Answers about people are backed up like all that is about people."""
    if administrators and any(one.identifies_people for one in classes) and (copied_days or 0) > results_days:
        return f"at most {results_days} days, as answers about people are kept no longer (lake.results_days)"
    return None


KEPT = tuple(f"data.{one}.keep_days" for one in DataClass)
RULES: tuple[tuple[tuple[str, ...], Callable[..., str | None]], ...] = (
    (("account", "lake.administrators"), administrators_are_at_home),
    (("adopt.baseline", "lake.administrators", "adopt.catalogue_key"), catalogue_has_its_key),
    (
        ("lake.administrators", "lake.classes", "lake.results_days", "recovery.keep_days"),
        copies_end_with_their_answers,
    ),
    (("account", "region", "adopt.catalogue_key"), arn_is_at_home),
    (("account", "region", "secrets.*.rotation_function"), arn_is_at_home),
    (("environment", "project", "features.*"), named("features", "writer")),
    (("environment", "project", "tables.*"), named("table")),
    (("environment", "project", "secrets.*"), named("secret")),
    (("environment", "project", "parameters.*"), named("parameter")),
    (("features.*.event_time", "features.*.identifier", "features.*.kinds"), columns_are_features),
    (("features.*.online", "features.*.ttl_days"), online_has_an_end),
    ((*KEPT, "features.*.data_class", "features.*.ttl_days"), kept_no_longer_than_its_class),
    ((*KEPT, "tables.*.data_class", "tables.*.keep_days"), kept_no_longer_than_its_class),
    (("tables.*.partition_key", "tables.*.sort_key"), keys_of_items_differ),
    (("tables.*.partition_key",), keys_do_not_lapse),
    (("tables.*.sort_key",), keys_do_not_lapse),
)
"""The paths of the values that each check needs, as in `core.settings_rules`, and the check."""
