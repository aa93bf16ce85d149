"""What the documentation says of each component: what it is told, what it grants, refuses and serves."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from importlib import import_module
from typing import Any

from cli.surroundings import PROJECT
from core.finding import Finding
from core.graph import Graph
from core.verdict import State

PACKAGE = "strongroom:index:"
ABOUT = """What each is told and grants, what it refuses (`BadInput`, before anything is made), and which sections of
HIPAA and GDPR the guards over it serve in the environment `prod`; `~` marks our own inference. One without sections
stands in other environments only, or is not judged: [guards.md](guards.md) has every guard."""
LAWS = {"hipaa": "HIPAA", "gdpr": "GDPR"}
"""The laws that are told of; the guards' page has every framework."""


def table() -> str:
    """The components in a line each."""
    rows = [
        f"| [{kind.__name__}](docs/components.md#{kind.__name__.lower()}) | {_first(kind)} |" for kind in components()
    ]
    return "\n".join(["| Component | What it is |", "|---|---|", *rows, ""])


def page(findings: Iterable[Finding], graph: Graph) -> str:
    """Every component with its arguments, its grants, what it refuses, and what it serves in that Graph."""
    serves = served(findings, graph)
    return f"# Components\n\n{ABOUT}\n\n" + "\n".join(_component(kind, serves) for kind in components())


def served(findings: Iterable[Finding], graph: Graph) -> Mapping[str, frozenset[str]]:
    """Component -> the sections that the guards over it and its own parts serve, as `framework:section`."""
    found: dict[str, set[str]] = {}
    for finding in findings:
        judged = graph.by_urn.get(finding.urn)
        if judged is None or finding.state is State.NOT_APPLICABLE:
            continue
        owner = next((one for one in (judged, *graph.ancestors(judged)) if one.type.startswith(PACKAGE)), None)
        if owner is not None:
            found.setdefault(owner.type.removeprefix(PACKAGE), set()).update(finding.controls)
    return {kind: frozenset(sections) for kind, sections in found.items()}


def components() -> list[type[Any]]:
    """The classes of `components/`, by name; Known ones stand for what another stack made."""
    from components.component import Component

    found = set()
    for path in sorted((PROJECT / "components").glob("[a-z]*.py")):
        module = import_module(f"components.{path.stem}")
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Component) and kind.__module__ == module.__name__ and kind is not Component:
                found.add(kind)
    return sorted(found, key=lambda kind: kind.__name__)


def _component(kind: type[Any], serves: Mapping[str, frozenset[str]]) -> str:
    lines = [f"## {kind.__name__}", "", inspect.getdoc(kind) or "", "", *_arguments(kind), ""]
    grants = [f"- `{name}`: {_first(method)}" for name, method in _grants(kind)]
    return "\n".join([*lines, *([*grants, ""] if grants else []), *_sections(serves.get(kind.__name__, ()))])


def _arguments(kind: type[Any]) -> list[str]:
    """A table of what it is told: the fields of its arguments, or, without such a class, the parameters."""
    head = ["| Argument | Type | Default |", "|---|---|---|"]
    arguments = getattr(inspect.getmodule(kind), f"{kind.__name__}Args", None)
    if arguments is None:
        return [*head, *_parameters(kind)]
    typed = _annotations(arguments)
    rows = [f"| `{field.name}` | `{typed[field.name]}` | {_default(field)} |" for field in fields(arguments)]
    return [inspect.getdoc(arguments) or "", "", *head, *rows]


def _parameters(kind: type[Any]) -> Iterator[str]:
    """What the constructor is told besides name and parent, with the types as the source has them."""
    given = inspect.signature(kind).parameters
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(kind.__init__))).body
    assert isinstance(made, ast.FunctionDef)
    for one in made.args.args:
        if one.arg not in {"self", "name", "parent"}:
            yield f"| `{one.arg}` | `{_said(one.annotation)}` | {_usual(given[one.arg])} |"


def _said(annotation: Any) -> str:
    return ast.unparse(annotation).replace("pulumi.", "").replace("|", "\\|")


def _usual(item: inspect.Parameter) -> str:
    if item.default is inspect.Parameter.empty:
        return "required"
    return "none" if item.default in (None, ()) else f"`{item.default}`"


def _sections(served: Iterable[str]) -> list[str]:
    """What the guards over it serve, law by law; what one infers (`~`) and another serves outright is said once."""
    told = []
    for law, title in LAWS.items():
        sections = {one.partition(":")[2] for one in served if one.startswith(f"{law}:")}
        firm = sorted(one for one in sections if not (one.startswith("~") and one[1:] in sections))
        told += [f"{title} {', '.join(firm)}"] if firm else []
    return [f"- Serves: {'; '.join(told)}.", ""] if told else []


def _grants(kind: type[Any]) -> Iterator[tuple[str, Any]]:
    return ((name, item) for name, item in inspect.getmembers(kind, inspect.isfunction) if name.startswith("grant_"))


def _annotations(arguments: type[Any]) -> Mapping[str, str]:
    """Field -> its type as the source has it: the types themselves print differently from one Python to the next."""
    (body,) = ast.parse(inspect.getsource(arguments)).body
    assert isinstance(body, ast.ClassDef)
    found = [item for item in body.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
    return {item.target.id: _said(item.annotation) for item in found if isinstance(item.target, ast.Name)}


def _default(field: Any) -> str:
    if field.default is MISSING:
        return "required" if field.default_factory is MISSING else "empty"
    return "none" if field.default in (None, ()) else f"`{field.default}`"


def _first(item: Any) -> str:
    return (inspect.getdoc(item) or "").partition("\n")[0]
