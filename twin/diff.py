"""What differs between what was declared and what was read, leaf by leaf, both in their one normal form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.value import Path, Unknown, dotted, frozen, leaves
from twin.entry import Entry, Gap
from twin.forms import tidy

INDEX = re.compile(r"\[\d+\]")


def normal(entry: Entry, name: str, value: Any) -> Any:
    """A declared property as the cloud would show it, if all went well; None when it says nothing."""
    if value is None or name not in entry.shows:
        return tidy(value)
    form = entry.shows[name].form
    return form.decode(form.encode(value))


def differences(declared: Any, seen: Any, path: Path = ()) -> Iterator[str]:
    """The paths at which the two differ; a list of another length differs as a whole."""
    if isinstance(declared, Mapping | None) and isinstance(seen, Mapping | None):
        one, other = declared or {}, seen or {}
        for key in sorted({*one, *other}):
            yield from differences(one.get(key), other.get(key), (*path, key))
    elif isinstance(declared, tuple) and isinstance(seen, tuple) and len(declared) == len(seen):
        for index, (one, other) in enumerate(zip(declared, seen, strict=True)):
            yield from differences(one, other, (*path, index))
    elif declared != seen:
        yield dotted(path)


def place_in(path: str) -> str:
    """The path as `gaps` write it: `[]` for any index."""
    return INDEX.sub("[]", path)


def gap_at(entry: Entry, inputs: Mapping[str, Any], path: str) -> Gap | None:
    """The gap that this path lies in; `gaps` write `[]` for any index, and cover what is below them."""
    plain = place_in(path)
    for place, gap in entry.gaps.items():
        inside = plain == place or plain.startswith((place + ".", place + "["))
        if inside and not any(inputs.get(name) is not None for name in gap.unless):
            return gap
    return None


def property_differences(
    entry: Entry, inputs: Mapping[str, Any], seen: Mapping[str, Any], name: str
) -> tuple[str, ...]:
    """Where one property is not as declared. One that is not declared may have its default, or be AWS's own choice."""
    value = inputs.get(name)
    if value is None and name in entry.computed:
        return ()
    declared = normal(entry, name, entry.defaults.get(name) if value is None else value)
    return tuple(differences(declared, seen.get(name), (name,)))


def gaps_of(entry: Entry, inputs: Mapping[str, Any]) -> Mapping[str, Gap]:
    """The declared properties, or parts of them, that the API double does not show: by the path where a gap begins."""
    found: dict[str, Gap] = {}
    for path, leaf in leaves(inputs):
        begun = (dotted(path[:length]) for length in range(1, len(path) + 1))
        if leaf is not None and (place := next((p for p in begun if gap_at(entry, inputs, p)), None)):
            found[place] = entry.gaps[place_in(place)]
    return found


def veiled(hidden: Mapping[str, Gap], declared: Any, seen: Any, unknown: Unknown, path: Path = ()) -> Any:
    """What was read, with `unknown` for every declared leaf that lies in a gap."""
    if dotted(path) in hidden:
        return unknown
    if isinstance(declared, Mapping) and isinstance(seen, Mapping | None):
        inside = {k: veiled(hidden, v, (seen or {}).get(k), unknown, (*path, k)) for k, v in declared.items()}
        found = {**(seen or {}), **{key: value for key, value in inside.items() if value is not None}}
        return frozen(found) if found or seen is not None else None
    if isinstance(declared, tuple) and isinstance(seen, tuple) and len(declared) == len(seen):
        pairs = enumerate(zip(declared, seen, strict=True))
        return tuple(veiled(hidden, one, other, unknown, (*path, index)) for index, (one, other) in pairs)
    return seen
