"""What a guard is, and the register that all of them stand in."""

from __future__ import annotations

import inspect
import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Decidable, State, Verdict, undecided

__all__ = ["FAULT", "REGISTERED", "Decidable", "Guard", "Register", "guard", "place_of"]

ID = re.compile(r"([a-z][a-z0-9]*)\.([a-z][a-z0-9]*(?:_[a-z0-9]+)+)")
FAULT = "the guard itself failed:"
"""How the reason of a guard that broke down begins; such an answer is never taken for a judgement."""
ALONE = 1
"""Parameters of a guard that reads its resource and nothing else."""

Rule = Callable[..., Verdict]
"""`(resource, graph) -> Verdict`; a rule that needs no other resource takes `(resource)` alone."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One rule with all that is said about it: `why` is its docstring, `on` the type tokens it concerns.

    `alone` is true when it reads one resource and nothing else: such a guard can answer before anything is created.
    `decidable` says where it can be answered: one that only a live account decides says unknown of a plan, aloud, and
    blocks nothing there.
    """

    id: str
    on: tuple[str, ...]
    severity: Severity
    fix: str
    why: str
    rule: Rule
    alone: bool
    decidable: Decidable = Decidable.PLAN

    def judge(self, resource: Resource, graph: Graph) -> Verdict:
        """The verdict on one resource; a rule that raises has not decided, and its reason says where, never what."""
        try:
            verdict: Any = self.rule(resource) if self.alone else self.rule(resource, graph)
        except Exception as error:  # noqa: BLE001 - whatever breaks in a rule must neither end the run nor pass
            return undecided(f"{FAULT} {type(error).__name__} at {place_of(error)}")
        if not isinstance(verdict, Verdict) or verdict.state is State.WAIVED:
            return undecided(f"{FAULT} its answer was no verdict")
        return verdict


Register = dict[str, Guard]
REGISTERED: Register = {}
"""Every guard of the imported guard files, by id; read it through `policies.judge.guards`."""


def guard(
    name: str,
    *,
    on: str | Sequence[str],
    severity: Severity,
    fix: str,
    decidable: Decidable = Decidable.PLAN,
    into: Register = REGISTERED,
) -> Callable[[Rule], Rule]:
    """Enter a rule into the register under `<service>.<subject>_<truth>`; the rule itself is returned unchanged.

    Raises ValueError for an id that is taken or malformed, a function with another name than its id, and for a
    missing docstring, fix or type: a guard without them cannot be explained to anybody.
    """

    def entered(rule: Rule) -> Rule:
        tokens = (on,) if isinstance(on, str) else tuple(on)
        why = inspect.cleandoc(rule.__doc__ or "")
        parts = ID.fullmatch(name)
        if parts is None:
            raise ValueError(_refusal(name, "its id must read <service>.<subject>_<truth> in lower case"))
        if name in into:
            raise ValueError(_refusal(name, "the id is taken; ids are never reused"))
        if getattr(rule, "__name__", "") != parts[2]:
            raise ValueError(_refusal(name, f"its function must be called {parts[2]}"))
        if not (why and fix.strip() and tokens and all(tokens)):
            raise ValueError(_refusal(name, "it needs a docstring that says why, a fix, and a type it concerns"))
        alone = _parameters(name, rule) == ALONE
        into[name] = Guard(name, tokens, severity, fix, why, rule, alone, decidable)
        return rule

    return entered


def _parameters(name: str, rule: Rule) -> int:
    count = len(inspect.signature(rule).parameters)
    if count not in {ALONE, ALONE + 1}:
        raise ValueError(_refusal(name, "it takes the resource, and the graph when it needs one"))
    return count


def _refusal(name: str, why: str) -> str:
    return f"guard {name!r} is refused: {why}"


def place_of(error: BaseException) -> str:
    """Where in the guard files an error arose, as `file:line`: the innermost line of ours, else of all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if PurePath(frame.filename).parent.name == "policies"]
    frame = (ours or frames or [None])[-1]
    return "an unknown place" if frame is None else f"{PurePath(frame.filename).name}:{frame.lineno}"
