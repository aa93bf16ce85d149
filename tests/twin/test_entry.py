"""An entry knows which leaves it carries, and what a change of a property takes."""

from __future__ import annotations

from twin.entry import Call, Entry
from twin.forms import Shape
from twin.terms import prop

SIMPLE = Entry(
    "t",
    create=Call("s", "create", Name=prop("name"), Rules=prop("rules", Shape(days="Days"))),
    identity=prop("name"),
    read=(),
    shows={},
    then=(Call("s", "complete", Size=prop("size")),),
    update=(
        Call("s", "rename", Label=prop("label")),
        Call("s", "off", unless=prop("on")),
        Call("s", "x", on=("rules",)),
    ),
    client=("force",),
    fixed=("label",),
)


def test_a_leaf_that_reaches_nothing_is_found() -> None:
    inputs = {"name": "n", "rules": ({"days": 1, "nope": 2},), "size": {"deep": 1}, "more": None, "force": {"x": 1}}
    assert SIMPLE.uncovered(inputs) == ("rules[0].nope", "size.deep")
    assert SIMPLE.uncovered({"region": "r", "rules": (), "strange": ()}) == ("strange",)


def test_a_change_needs_the_calls_that_read_the_property_or_a_replacement() -> None:
    def needed(*names: str) -> list[str] | None:
        calls = SIMPLE.updates(frozenset(names))
        return None if calls is None else [call.operation for call in calls]

    assert needed("size") == ["complete"]
    assert needed("on", "force") == ["off"]
    assert needed("rules") == ["x"]
    assert needed("force", "region") == []
    assert needed("name") is None
    assert needed("label") is None
