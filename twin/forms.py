"""Forms: how one property is written in the provider's words and in the API's, and the way there and back.

A form goes both ways, so that the line of a catalog that builds a request also reads the answer. What was declared and
what was read are compared in one normal form: `decode(encode(value))` of the first, `decode` of the second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.errors import BadInput
from core.value import Path, frozen, thawed


class Form:
    """A value passed on as it stands: a scalar, or a list of scalars."""

    def encode(self, value: Any) -> Any:
        """The value as the API takes it."""
        return thawed(value)

    def decode(self, value: Any) -> Any:
        """The value as the provider says it; what is empty is None, as if it were not there."""
        return tidy(value)

    def covers(self, path: Path) -> bool:
        """Whether a leaf at this path below the property reaches the API."""
        return all(isinstance(step, int) for step in path)


AS_IT_IS = Form()


def tidy(value: Any) -> Any:
    """Frozen, and None for what says nothing: AWS often answers with an empty thing where nothing was asked for."""
    value = frozen(value)
    return None if value is False or (isinstance(value, str | tuple | Mapping) and not value) else value


@dataclass(frozen=True)
class Usual(Form):
    """A value that counts as not said when it is the usual one: some answers fill it in, and others do not."""

    usual: Any

    def decode(self, value: Any) -> Any:
        """None for the usual value; what is false is said, where true is usual."""
        value = frozen(value)
        return None if value == self.usual or value in ("", ()) else value


@dataclass(frozen=True)
class Member:
    """One member of a structure: its API name and its form."""

    api: str
    form: Form = AS_IT_IS


class Shape(Form):
    """A structure, or a list of them: provider name -> API name, or Member where more has to be said."""

    def __init__(self, **members: str | Member) -> None:
        self.members = {name: Member(m) if isinstance(m, str) else m for name, m in members.items()}

    def encode(self, value: Any) -> Any:
        """Renamed throughout; raises BadInput for a member the form does not have."""
        if not isinstance(value, Mapping):
            return [self.encode(item) for item in value]
        if unknown := sorted(set(value) - set(self.members)):
            msg = f"{', '.join(unknown)}: not among {', '.join(sorted(self.members))}"
            raise BadInput(msg)
        said = {name: item for name, item in value.items() if item is not None}
        return {self.members[name].api: self.members[name].form.encode(item) for name, item in said.items()}

    def decode(self, value: Any) -> Any:
        """Only what the form knows, and what is said."""
        if not isinstance(value, Mapping):
            return frozen([self.decode(item) or {} for item in value]) if value else None
        found = {name: member.form.decode(value.get(member.api)) for name, member in self.members.items()}
        return tidy({name: item for name, item in found.items() if item is not None})

    def covers(self, path: Path) -> bool:
        """Leaves below a member are covered when the member's own form covers them."""
        if not path:
            return True
        if isinstance(path[0], int):
            return self.covers(path[1:])
        return path[0] in self.members and self.members[path[0]].form.covers(path[1:])


class TextMap(Form):
    """A map of texts whose keys are the user's: environment variables, dimensions, tags."""

    def decode(self, value: Any) -> Any:
        """Without the tags that AWS keeps for itself."""
        return tidy({key: item for key, item in (value or {}).items() if not key.startswith("aws:")})

    def covers(self, path: Path) -> bool:
        """Any one key."""
        return len(path) <= 1


@dataclass(frozen=True)
class Pairs(TextMap):
    """A map that the API writes as a list of two-member structures."""

    key: str = "Key"
    value: str = "Value"

    def encode(self, value: Any) -> Any:
        """A list in the order of the keys."""
        return [{self.key: name, self.value: item} for name, item in sorted(value.items())]

    def decode(self, value: Any) -> Any:
        """The map again."""
        return super().decode({pair[self.key]: pair[self.value] for pair in value or ()})


class Bag(Form):
    """A list whose order means nothing."""

    def decode(self, value: Any) -> Any:
        """Sorted."""
        return tidy(sorted(value or (), key=repr))


class Flag(Form):
    """A switch that the API writes as a word: `Flag("Enabled", "Disabled")`, `Flag("true", "false")`."""

    def __init__(self, on: str, off: str) -> None:
        self.on, self.off = on, off

    def encode(self, value: Any) -> Any:
        """One of the two words."""
        return self.on if value else self.off

    def decode(self, value: Any) -> Any:
        """True, or None: off and absent are the same."""
        return True if value == self.on else None


class Digits(Form):
    """A number that one side writes as text; `encode` gives the text."""

    def encode(self, value: Any) -> Any:
        """In digits."""
        return str(value)

    def decode(self, value: Any) -> Any:
        """The number, whole where it is."""
        return None if value in (None, "") else frozen(float(value))


class Number(Digits):
    """A number that the provider writes as text."""

    def encode(self, value: Any) -> Any:
        """The number itself."""
        return float(value)

    def decode(self, value: Any) -> Any:
        """The shortest text for it."""
        return None if value is None else f"{value:g}"


class Moment(Form):
    """A point in time: text in the provider's words, and in requests."""

    def decode(self, value: Any) -> Any:
        """In ISO format and UTC."""
        if value is None:
            return None
        when = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return when.astimezone(UTC).isoformat()


@dataclass(frozen=True)
class Wrapped(Form):
    """A list, or one thing, that the API puts into a member of a structure: `{"EncryptionType": [...]}`."""

    member: str
    form: Form = AS_IT_IS

    def encode(self, value: Any) -> Any:
        """Inside its member."""
        return {self.member: self.form.encode(value)}

    def decode(self, value: Any) -> Any:
        """Taken out of it."""
        return self.form.decode((value or {}).get(self.member))

    def covers(self, path: Path) -> bool:
        """As the form inside."""
        return self.form.covers(path)


@dataclass(frozen=True)
class Single(Form):
    """A list in the provider's words of which the API takes exactly one."""

    form: Form

    def encode(self, value: Any) -> Any:
        """The one; raises BadInput for none or several."""
        if len(value) != 1:
            msg = f"expected one item, {len(value)} given"
            raise BadInput(msg)
        return self.form.encode(value[0])

    def decode(self, value: Any) -> Any:
        """A list of one, or nothing."""
        found = self.form.decode(value)
        return None if found is None else (found,)

    def covers(self, path: Path) -> bool:
        """As the form of the one."""
        return self.form.covers(path[1:])


@dataclass(frozen=True)
class LastPart(Form):
    """An id or name that may be given as an ARN: what follows the last separator is compared."""

    separator: str = "/"

    def decode(self, value: Any) -> Any:
        """The id or name alone."""
        return tidy(value.rpartition(self.separator)[2] if value else value)


class Nothing(Form):
    """A property that may be given only empty here; what it would hold is a resource of its own."""

    def __init__(self, instead: str) -> None:
        self.instead = instead

    def encode(self, value: Any) -> Any:
        """Nothing; raises BadInput for anything."""
        if value:
            msg = f"must be empty here; declare {self.instead} instead"
            raise BadInput(msg)

    def covers(self, path: Path) -> bool:
        """All, to refuse it with the better message."""
        return len(path) >= 0


class Verbatim(Form):
    """A part of an answer that goes into another request just as it came."""

    def decode(self, value: Any) -> Any:
        """Itself."""
        return value


VERBATIM = Verbatim()
TEXTS = TextMap()
TAGS = Pairs()
BAG = Bag()
