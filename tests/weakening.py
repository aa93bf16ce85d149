"""How a protection is taken out of the program: the ways in which a hurried change would do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest

from components.policy_document import PolicyDocument, Statement

Change = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Weakening:
    """One protection, the file it is missed in, the guard that must object, and how the protection is taken away."""

    component: str
    what: str
    guard: str
    change: Change

    def __str__(self) -> str:
        return f"{self.component}: {self.what}"


class Nothing(pulumi.ComponentResource):
    """Stands where a resource was forgotten, so that the rest of the program goes on."""

    def __init__(self, label: str, **_: Any) -> None:
        super().__init__("tests:index:Nothing", label)
        self.arn = self.name = pulumi.Output.from_input(label)


def without(module: Any, kind: str) -> Change:
    """The component forgets to declare this resource."""
    return lambda patch: patch.setattr(module, kind, Nothing)


def changed(module: Any, kind: str, part: str = "", /, **properties: Any) -> Change:
    """Resources of this class, whose names hold `part`, get other properties; None takes a property away."""

    def change(patch: pytest.MonkeyPatch) -> None:
        original = getattr(module, kind)

        def made(label: str, /, **given: Any) -> Any:
            return original(label, **({**given, **properties} if part in label else given))

        patch.setattr(module, kind, made)

    return change


def rewritten(of: str, edit: Callable[[Statement], Statement | None]) -> Change:
    """Policies of resources whose names end so get other statements; None takes a statement away."""

    def change(patch: pytest.MonkeyPatch) -> None:
        original = PolicyDocument.__init__

        def written(self: PolicyDocument, to: str, statements: list[Statement], *args: Any, **given: Any) -> None:
            edited = [kept for one in statements if (kept := edit(one)) is not None]
            original(self, to, edited if to.endswith(of) else statements, *args, **given)

        patch.setattr(PolicyDocument, "__init__", written)

    return change


def unsaid(sid: str) -> Callable[[Statement], Statement | None]:
    """The statements but the one of that Sid."""
    return lambda statement: None if statement["Sid"] == sid else statement


def open_ended(statement: Statement) -> Statement:
    """The statement without its conditions."""
    return {name: part for name, part in statement.items() if name != "Condition"}
