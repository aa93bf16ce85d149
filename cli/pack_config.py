"""`strongroom pack-config`: how the guards shall count inside `pulumi preview`, as the engine's own configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from cli.judgement import Law, read_law
from cli.options import example
from cli.terminal import emit
from core.errors import BadInput
from core.finding import Severity
from core.toml_table import hint

LEVELS = ("mandatory", "advisory", "disabled")
"""Of the engine: https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/"""
USUAL: Mapping[str, str] = {"critical": "mandatory", "high": "mandatory", "medium": "advisory", "low": "advisory"}


@click.command(
    "pack-config",
    epilog=example(
        "strongroom pack-config --pack hipaa --level medium=mandatory > guards.json",
        "pulumi preview --policy-pack policies --policy-pack-config guards.json",
    ),
)
@click.option("--pack", "packs", multiple=True, metavar="NAME", help="Frameworks that count; all when none is named.")
@click.option("--level", "levels", multiple=True, metavar="SEVERITY=LEVEL", help=f"Level: {', '.join(LEVELS)}.")
@click.option("--remediate", is_flag=True, help="Mend what is safe to mend instead of refusing it.")
@click.option("--unknown-is-a-note", is_flag=True, help="What is not known yet gives a note; it never passes.")
@click.option("--residency", multiple=True, metavar="REGION", help="Where data may lie, if the program does not say.")
@click.option("--data-class-tag", metavar="TAG", help="The tag by which the program tells the class of its data.")
def pack_config(
    packs: Sequence[str],
    levels: Sequence[str],
    *,
    remediate: bool,
    unknown_is_a_note: bool,
    residency: Sequence[str],
    data_class_tag: str | None,
) -> None:
    """Print the policy pack's configuration.

    For `pulumi preview --policy-pack policies --policy-pack-config FILE`: frameworks on and off, a level for each
    severity, remedies, and what a program that is not ours does not say by itself.
    """
    law, wanted = read_law(), {**USUAL, **dict(_level(one) for one in levels)}
    _known_packs(packs, law)
    made = of_guards(law, packs, wanted, remediate=remediate, quiet=unknown_is_a_note)
    said = {"residency": list(residency), "dataClassTag": data_class_tag or ""}
    if residency or data_class_tag:
        from policies.foreign import SETTINGS

        made[SETTINGS] = {"enforcementLevel": "advisory", **{key: value for key, value in said.items() if value}}
    emit(json.dumps(made, indent=2) + "\n")


def of_guards(
    law: Law, packs: Sequence[str], levels: Mapping[str, str], *, remediate: bool, quiet: bool
) -> dict[str, Any]:
    """Guard -> its level; one that serves none of the frameworks that count is disabled."""
    from policies.judge import guards
    from policies.remedies import REMEDIES

    made: dict[str, Any] = {}
    for name, guard in guards().items():
        serves = {section.partition(":")[0] for section in law.served_by(name)}
        level = levels[guard.severity] if not packs or serves & set(packs) else "disabled"
        mends = remediate and level != "disabled" and name in REMEDIES
        noted = {"unknown": "note"} if quiet and level != "disabled" else {}
        made[name] = {"enforcementLevel": "remediate" if mends else level, **noted}
    return made


def _level(said: str) -> tuple[str, str]:
    severity, _, level = said.partition("=")
    if severity not in list(Severity) or level not in LEVELS:
        choices = f"{'|'.join(Severity)}={'|'.join(LEVELS)}"
        wrong = severity if severity not in list(Severity) else level
        right = list(Severity) if severity not in list(Severity) else LEVELS
        msg = f"--level {said!r}: expected {choices}{hint(wrong, right)}"
        raise BadInput(msg)
    return severity, level


def _known_packs(packs: Sequence[str], law: Law) -> None:
    known = [used.id for used in law.used]
    for pack in packs:
        if pack not in known:
            msg = f"there is no pack {pack!r}; there are: {', '.join(known)}{hint(pack, known)}"
            raise BadInput(msg)
