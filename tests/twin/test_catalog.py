"""The catalog is complete in itself, speaks the provider's words, and each of its properties was seen to work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pulumi_aws
import pytest
from pulumi import _types as wire

from core.outcome import Status
from core.value import leaves
from twin.absent import is_made_up
from twin.catalog import CATALOG
from twin.diff import differences, gap_at, normal, place_in
from twin.entry import Entry
from twin.forms import Form, Nothing, Shape, Single, Wrapped
from twin.gaps import known_gaps
from twin.terms import ArnPart, Built, Prop

TOKENS = sorted(CATALOG)


def provider_class(token: str) -> Any:
    """The class of the SDK that stands for a type."""
    _, module, name = token.split(":")
    return getattr(getattr(pulumi_aws, module.split("/")[0]), name)


def places(form: Form) -> Iterator[tuple[str, ...]]:
    """The leaves that a form knows: member names, lists left out."""
    if isinstance(form, Wrapped | Single):
        yield from places(form.form)
    elif isinstance(form, Shape):
        for name, member in form.members.items():
            yield from ((name, *rest) for rest in places(member.form))
    else:
        yield ()


def known_leaves(entry: Entry) -> dict[str, Form]:
    """Every leaf of the inputs that the entry carries, lists left out, with the form of its property."""
    sent = {
        ".".join([*map(str, path), *rest]): form
        for path, form in entry.properties
        if not isinstance(form, Nothing)
        for rest in places(form)
    }
    return sent | {name: Form() for name in entry.client}


@pytest.mark.parametrize("token", TOKENS)
def test_properties_and_outputs_are_called_as_the_provider_calls_them(token: str) -> None:
    entry, types = CATALOG[token], wire.resource_types(provider_class(token))
    assert {str(path[0]) for path, _ in entry.properties} | set(entry.client) <= types.keys()
    assert {*entry.shows, *entry.outputs} <= types.keys()
    for leaf in known_leaves(entry):
        name, *rest = leaf.split(".")
        kind = types[name]
        for step in rest:
            kind = get_args(kind)[0] if get_origin(kind) else kind
            inner = wire.output_type_types(kind)
            assert step in inner, f"{token}: {leaf}"
            kind = wire.unwrap_type(inner[step])


@pytest.mark.parametrize("token", TOKENS)
def test_every_property_that_is_sent_is_read_again(token: str) -> None:
    entry = CATALOG[token]
    sent = {str(path[0]) for path, form in entry.properties if not isinstance(form, Nothing)}
    if not entry.absent:
        assert sent - set(entry.client) == set(entry.shows)
        assert entry.read
    about = {*entry.defaults, *entry.computed, *(re.split(r"[.\[]", place)[0] for place in entry.gaps)}
    assert about <= set(entry.shows)


@pytest.mark.parametrize("token", TOKENS)
def test_one_that_was_made_and_not_recorded_can_be_found_or_asked_for_again(token: str) -> None:
    entry = CATALOG[token]
    assert (
        entry.absent
        or entry.find
        or entry.repeatable
        or isinstance(entry.identity, ArnPart | Built | Prop)
        or entry.lasting
    )


@pytest.mark.parametrize("token", TOKENS)
def test_every_call_exists_and_every_member_of_its_request_too(token: str, api: Any) -> None:
    entry = CATALOG[token]
    members = [members.read for members in entry.members]
    lists = [entry.find[0]] if entry.find else []
    for call in (entry.create, *entry.then, *entry.update, *entry.delete, *entry.read, *members, *lists):
        unsent = {"ingress", "egress", "routes"}
        assert set(call.request) - unsent <= api(call), call


def test_the_samples_have_every_type(everything: Any) -> None:
    assert {part["type"] for part in everything.parts.values()} - {"pulumi:providers:aws"} == set(CATALOG)


@pytest.mark.parametrize("token", TOKENS)
def test_the_samples_have_every_leaf_that_the_catalog_carries(token: str, everything: Any) -> None:
    declared = {
        ".".join(str(step) for step in path if not isinstance(step, int))
        for name, part in everything.parts.items()
        if part["type"] == token
        for path, _ in leaves(everything.inputs(name))
    }
    known = known_leaves(CATALOG[token])
    seen = {leaf for leaf in known if any(said == leaf or said.startswith(f"{leaf}.") for said in declared)}
    same = {(id(known[leaf]), leaf.partition(".")[2]) for leaf in seen}
    assert [leaf for leaf in known if leaf not in seen and (id(known[leaf]), leaf.partition(".")[2]) not in same] == []


def test_every_property_reads_back_equal_or_lies_in_a_declared_gap(read_everything: Any) -> None:
    outcomes = read_everything.reading.outcomes
    assert [(o.urn, o.reasons) for o in outcomes if o.status is Status.FAILED] == []
    unverified = {o.type for o in outcomes if o.status is Status.UNVERIFIED}
    rest_on_others = {
        reader.entry.type for reader in read_everything.readers if reader.resting or reader.item.record.unheld
    }
    assert unverified - rest_on_others == {gap.type for gap in known_gaps()} - rest_on_others


@pytest.mark.parametrize(
    "gap",
    [gap for gap in known_gaps() if gap.property],
    ids=lambda gap: f"{gap.type.rpartition(':')[2]}.{gap.property}",
)
def test_a_gap_is_still_open_in_the_moto_that_is_installed(gap: Any, read_everything: Any) -> None:
    """When this fails moto shows the property: take the gap out of the catalog, and the property will be compared."""
    entry, compared = CATALOG[gap.type], 0
    for reader in read_everything.readers:
        if reader.entry is not entry or gap.property not in {place_in(path) for path in reader.gaps}:
            continue
        name = re.split(r"[.\[]", gap.property)[0]
        paths = differences(normal(entry, name, reader.inputs[name]), reader.shown.get(name), (name,))
        differing = [path for path in paths if gap_at(entry, reader.inputs, path) is entry.gaps[gap.property]]
        said = normal(entry, name, reader.inputs[name])
        compared += said is not None
        assert differing or said is None, f"{gap.property} is shown now"
    assert compared, "no sample declares it"


@pytest.mark.parametrize("token", [token for token in TOKENS if CATALOG[token].absent])
def test_a_type_that_moto_cannot_hold_is_still_absent_in_the_moto_that_is_installed(
    token: str, read_everything: Any
) -> None:
    """When this fails moto holds it: take `absent` away, give `read` and `shows`, and it will be made and compared."""
    assert token not in read_everything.answered


@pytest.mark.parametrize("token", [token for token in TOKENS if CATALOG[token].absent])
def test_what_is_absent_tells_its_outputs_without_a_cloud(token: str, read_everything: Any) -> None:
    for reader in read_everything.readers:
        if reader.entry.type == token:
            told = reader.item.record.outputs
            assert {*CATALOG[token].outputs, "id"} <= told.keys()
            assert is_made_up(told["id"])
