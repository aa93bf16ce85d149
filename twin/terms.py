"""The kinds of terms that a catalog is written in, each with a short word to write it by. A term is data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.value import Path, at
from twin.forms import AS_IT_IS, Form, tidy
from twin.scope import Scope, Term, reached, resolve, steps, uses


@dataclass(frozen=True)
class Prop(Term):
    """An input property, in the API's words."""

    path: Path
    default: Any = None

    def value(self, scope: Scope) -> Any:
        """The default, which is in the API's words already, where the property is not set."""
        found = at(scope.inputs, *self.path)
        return self.default if found is None else self.form.encode(found)

    def uses(self) -> Iterator[tuple[Path, Form]]:
        """Itself."""
        yield self.path, self.form


@dataclass(frozen=True)
class Reply(Term):
    """A part of what the cloud answered, in the provider's words."""

    path: Path

    def value(self, scope: Scope) -> Any:
        """None where the reply has no such part."""
        found = reached(scope.reply, self.path)
        return None if found is None else self.form.decode(found)


@dataclass(frozen=True)
class Items(Term):
    """The items of a list in the reply that have these members, and what stands at `then` in each of them."""

    path: Path
    where: Mapping[str, Any]
    then: Path = ()

    def value(self, scope: Scope) -> list[Any]:
        """A list, empty when none fits."""
        wanted = {key: resolve(item, scope) for key, item in self.where.items()}
        items = reached(scope.reply, self.path) or ()
        fitting = [item for item in items if all(at(item, *steps(key)) == value for key, value in wanted.items())]
        return [found for found in (reached(item, self.then) for item in fitting) if found is not None]

    def uses(self) -> Iterator[tuple[Path, Form]]:
        """What the wanted members are made of."""
        return uses(self.where)


@dataclass(frozen=True)
class First(Term):
    """The first of those items."""

    items: Items

    def value(self, scope: Scope) -> Any:
        """None when there is none."""
        found = self.items.value(scope)
        return self.form.decode(found[0]) if found else None


@dataclass(frozen=True)
class Built(Term):
    """A text made from a pattern: `{partition}`, `{region}`, `{account}`, `{id}` and properties by their names."""

    pattern: str

    def value(self, scope: Scope) -> str:
        """The text."""
        return self.pattern.format_map({**scope.inputs, **vars(scope.place), "id": scope.id})


@dataclass(frozen=True)
class ArnPart(Term):
    """A part of the ARN that an input property holds, counted from 0: the Region is 3, the resource 5."""

    path: Path
    part: int

    def value(self, scope: Scope) -> str | None:
        """Of a resource what follows its kind; None where the property holds no ARN."""
        parts = str(at(scope.inputs, *self.path) or "").split(":", 5)
        return parts[self.part].rpartition("/")[2] if len(parts) > self.part else None

    def uses(self) -> Iterator[tuple[Path, Form]]:
        """The property."""
        yield self.path, AS_IT_IS


@dataclass(frozen=True)
class Given(Term):
    """A template that holds only when a property is set."""

    path: Path
    template: Any

    def value(self, scope: Scope) -> Any:
        """None when it is not set, or empty."""
        return None if tidy(at(scope.inputs, *self.path)) is None else resolve(self.template, scope)

    def uses(self) -> Iterator[tuple[Path, Form]]:
        """What the template is made of; the property itself only where the template says so."""
        return uses(self.template)


@dataclass(frozen=True)
class FirstOf(Term):
    """The first of the templates that has a value."""

    templates: tuple[Any, ...]

    def value(self, scope: Scope) -> Any:
        """None when none has."""
        return next((found for t in self.templates if (found := resolve(t, scope)) is not None), None)

    def uses(self) -> Iterator[tuple[Path, Form]]:
        """All of theirs."""
        return uses(self.templates)


@dataclass(frozen=True)
class Turned(Term):
    """What an update takes out of (`gone`), or puts into, a list or a map: its items, or its keys."""

    path: Path
    gone: bool

    def value(self, scope: Scope) -> Any:
        """None when nothing was."""
        before, now = (at(inputs, *self.path) or () for inputs in (scope.before, scope.inputs))
        kept, turned = (now, before) if self.gone else (before, now)
        return [item for item in turned if item not in kept] or None

    def uses(self) -> Iterator[tuple[Path, Form]]:
        """The list or map as a whole."""
        yield self.path, AS_IT_IS


@dataclass(frozen=True)
class Unlike(Term):
    """True while the reply has that part and it is none of these words: some things that are gone still answer."""

    path: Path
    words: tuple[str, ...]

    def value(self, scope: Scope) -> Any:
        """True or None."""
        found = reached(scope.reply, self.path)
        return True if found and found not in self.words else None


class Identity(Term):
    """The id of the resource, where it is known."""

    def value(self, scope: Scope) -> str | None:
        """None until it is made."""
        return scope.id or None


@dataclass(frozen=True)
class Item(Term):
    """A part of the one item that a call is made for when it is made for each of several."""

    path: Path = ()

    def value(self, scope: Scope) -> Any:
        """None where the item has no such part."""
        return at(scope.item, *self.path)


@dataclass(frozen=True)
class RegionUnless(Term):
    """The Region, except where it is this one."""

    region: str

    def value(self, scope: Scope) -> str | None:
        """None in the one."""
        return None if scope.place.region == self.region else scope.place.region


ID, ITEM = Identity(), Item()


def prop(path: str, form: Form = AS_IT_IS, default: Any = None) -> Prop:
    """The input property at this path, such as `rule.objectOwnership`."""
    return Prop(steps(path), default, form=form)


def reply(path: str, form: Form = AS_IT_IS) -> Reply:
    """What the reply has at this path, such as `Vpcs[0].CidrBlock` or `SecurityGroups[].GroupId`."""
    return Reply(steps(path), form=form)


def every(path: str, then: str = "", **where: Any) -> Items:
    """In the list at this path, the items with these members."""
    return Items(steps(path), where, steps(then))


def first(path: str, then: str = "", form: Form = AS_IT_IS, **where: Any) -> First:
    """The first of those."""
    return First(every(path, then, **where), form=form)


def arn_region(path: str) -> ArnPart:
    """The Region in the ARN that the property holds."""
    return ArnPart(steps(path), 3)


def arn_id(path: str) -> ArnPart:
    """The id at the end of the ARN that the property holds."""
    return ArnPart(steps(path), 5)


def given(path: str, template: Any) -> Given:
    """The template when the property is set."""
    return Given(steps(path), template)


def first_of(*templates: Any) -> FirstOf:
    """The first that has a value."""
    return FirstOf(templates)


def added(path: str) -> Turned:
    """What an update puts in."""
    return Turned(steps(path), gone=False)


def dropped(path: str) -> Turned:
    """What an update takes out."""
    return Turned(steps(path), gone=True)


def unlike(path: str, *words: str) -> Unlike:
    """True while the reply says something else."""
    return Unlike(steps(path), words)


def item(path: str) -> Item:
    """A part of the item that a call is made for."""
    return Item(steps(path))
