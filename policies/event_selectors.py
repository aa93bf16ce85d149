"""What a trail's event selectors take in, in CloudTrail's two spellings of them.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.resource import Resource
from core.value import Unknown, at
from core.verdict import State, Verdict, all_of, any_of, failed, holds, passed
from policies.links import comes_from, dark, is_dark, listed

ADVANCED, BASIC = "advancedEventSelectors", "eventSelectors"
EVERY_OBJECT = ("arn:aws:s3", "arn:aws:s3:::")
"""How a basic selector names the objects of every bucket."""


def records_management(trail: Resource) -> Verdict:
    """Some selector takes in every management event, of KMS too; without any selector CloudTrail's default does."""
    advanced, basic = trail.get(ADVANCED), trail.get(BASIC)
    for name, held in ((ADVANCED, advanced), (BASIC, basic)):
        if is_dark(held):
            return dark(f"{name} of {trail.name}", held)
    if listed(advanced):
        found = [_all_management(selector, trail) for selector in listed(advanced)]
    elif listed(basic):
        found = [_basic_management(selector, trail) for selector in listed(basic)]
    else:
        return passed(f"{trail.name} has no selectors, so every management event is recorded")
    return _best(found, f"no selector of {trail.name} takes in every management event")


def covers(trail: Resource, kind: str, bucket: Resource | None = None) -> Verdict:
    """Some selector takes in every data event of the resource type; of one bucket's objects where a bucket is given."""
    advanced, basic = trail.get(ADVANCED), trail.get(BASIC)
    unread = [
        dark(f"{name} of {trail.name}", held) for name, held in ((ADVANCED, advanced), (BASIC, basic)) if is_dark(held)
    ]
    found = [_takes_in(selector, trail, kind, bucket) for selector in listed(advanced) if not is_dark(advanced)]
    found += [_basic_data(selector, trail, kind, bucket) for selector in listed(basic) if not is_dark(basic)]
    return _best([*found, *unread], f"no selector of {trail.name} takes in what is looked for")


def _best(found: Iterable[Verdict], otherwise: str) -> Verdict:
    best = any_of(found)
    return best if best.state in {State.PASS, State.UNKNOWN} else failed(otherwise)


def _field(selector: Any, name: str) -> tuple[Any, ...]:
    """The conditions a selector sets on that field; an unknown one may be about any field."""
    fields = at(selector, "fieldSelectors")
    return tuple(item for item in listed(fields) if is_dark(at(item, "field")) or at(item, "field") == name)


def _equals(selector: Any, name: str, wanted: str, what: str) -> Verdict:
    """The selector demands exactly this of the field."""
    found = [
        holds(at(item, "equals"), lambda said: wanted in listed(said), f"{name} in {what}", wanted)
        if at(item, "field") == name
        else dark(f"a field in {what}", at(item, "field"))
        for item in _field(selector, name)
    ]
    return any_of(found) if found else failed(f"{what} does not ask for {name} {wanted}")


def _free(selector: Any, what: str, *names: str) -> list[Verdict]:
    """The selector leaves these fields alone: each condition on one leaves events out."""
    return [
        dark(f"a field in {what}", at(item, "field"))
        if is_dark(at(item, "field"))
        else failed(f"{what} takes in only some events, by {at(item, 'field')}")
        for name in names
        for item in _field(selector, name)
    ] or [passed(f"{what} leaves no event out")]


def _all_management(selector: Any, trail: Resource) -> Verdict:
    what = f"a selector of {trail.name}"
    category = _equals(selector, "eventCategory", "Management", what)
    return all_of([category, *_free(selector, what, "readOnly", "eventSource")])


def _basic_management(selector: Any, trail: Resource) -> Verdict:
    what = f"a selector of {trail.name}"
    return all_of(
        [
            holds(at(selector, "includeManagementEvents"), _on, f"includeManagementEvents of {what}", "true"),
            holds(at(selector, "readWriteType"), _both, f"readWriteType of {what}", "All"),
            holds(
                at(selector, "excludeManagementEventSources"),
                _none,
                f"excludeManagementEventSources of {what}",
                "empty",
            ),
        ]
    )


def _takes_in(selector: Any, trail: Resource, kind: str, bucket: Resource | None) -> Verdict:
    what = f"a selector of {trail.name}"
    narrowing = (
        "readOnly",
        "eventName",
        "eventSource",
        "eventType",
        "userIdentity.arn",
        "sessionCredentialFromConsole",
    )
    return all_of(
        [
            _equals(selector, "eventCategory", "Data", what),
            _equals(selector, "resources.type", kind, what),
            *_free(selector, what, *narrowing),
            *(_reaches(item, what, bucket) for item in _field(selector, "resources.ARN")),
        ]
    )


def _reaches(item: Any, what: str, bucket: Resource | None) -> Verdict:
    """Whether a condition on the ARN still takes in the bucket's objects."""
    field = at(item, "field")
    if is_dark(field):
        return dark(f"a field in {what}", field)
    if bucket is None:
        return failed(f"{what} takes in only some ARNs")
    starts = listed(at(item, "startsWiths"))
    return (
        any_of(_begins(start, what, bucket) for start in starts) if starts else failed(f"{what} leaves out some ARNs")
    )


def _begins(start: Any, what: str, bucket: Resource) -> Verdict:
    """Whether objects of the bucket begin so; an unknown beginning that comes from the bucket alone is its ARN."""
    if isinstance(start, Unknown) and comes_from(start, bucket):
        return passed(f"{what} takes in {bucket.name}")
    arn = bucket.get("arn")
    if is_dark(start) or not isinstance(arn, str):
        return dark(f"resources.ARN in {what}", start if is_dark(start) else Unknown(f"{bucket.urn}.arn"))
    return holds(start, f"{arn}/".startswith, f"resources.ARN in {what}", f"that of {bucket.name}")


def _basic_data(selector: Any, trail: Resource, kind: str, bucket: Resource | None) -> Verdict:
    what, resources = f"a selector of {trail.name}", at(selector, "dataResources")
    if is_dark(resources):
        return dark(f"dataResources of {what}", resources)
    both = holds(at(selector, "readWriteType"), _both, f"readWriteType of {what}", "All")
    named = [
        all_of(
            [
                both,
                holds(at(item, "type"), lambda said: said == kind, f"type in {what}", kind),
                any_of(
                    passed(f"{what} takes in every object") if value in EVERY_OBJECT else _begins(value, what, bucket)
                    for value in listed(at(item, "values"))
                    if bucket
                ),
            ]
        )
        for item in listed(resources)
    ]
    return any_of(named) if named else failed(f"{what} records no data event")


def _on(said: Any) -> bool:
    return said in {None, True}


def _both(said: Any) -> bool:
    return said in {None, "All"}


def _none(said: Any) -> bool:
    return not listed(said)
