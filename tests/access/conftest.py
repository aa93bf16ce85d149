"""Case files: a request, the policies that it meets, and what becomes of it, with the page that says so.

A policy is a list of statements, or a mapping with Version and Statement; `!unknown words` stands for a leaf that is
not known. A caller is a name below or a mapping of `Caller`'s fields. A case that `is` something can be taken up by
others of its file with `like`: all but what is expected of it. `fault` stands for a case that is refused, with a part
of the message. `also` are further permissions that the same call needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import Node, ScalarNode

from access.acl import PublicAccessBlock, acls_enabled, parse_acl
from access.caller import ANONYMOUS, Caller, Who
from access.decide import Decision, decide, decide_every
from access.document import Kind, Policy
from access.grant import parse_grant
from access.layers import Layers
from access.parse import parse_policy
from access.reference import DEFAULT, Reference
from access.request import Request
from core.value import Unknown

CASES = Path(__file__).parent / "cases"
HOME, AWAY = "111122223333", "444455556666"

CALLERS = {
    "alice": Caller(Who.USER, f"arn:aws:iam::{HOME}:user/alice", unique_id="AIDAEXAMPLEALICE1"),
    "bob": Caller(Who.USER, f"arn:aws:iam::{AWAY}:user/bob"),
    "analyst": Caller(Who.SESSION, f"arn:aws:iam::{HOME}:role/analyst", session="ann", unique_id="AROAEXAMPLEANALYST"),
    "guest": Caller(Who.SESSION, f"arn:aws:iam::{AWAY}:role/guest", session="gus"),
    "root": Caller(Who.ROOT, f"arn:aws:iam::{HOME}:root"),
    "federated": Caller(
        Who.FEDERATED_USER, f"arn:aws:sts::{HOME}:federated-user/fay", parent=f"arn:aws:iam::{HOME}:user/alice"
    ),
    "service": Caller(Who.SERVICE, "logging.s3.amazonaws.com"),
    "anonymous": ANONYMOUS,
    "linked": Caller(
        Who.SESSION,
        f"arn:aws:iam::{HOME}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
        service_linked=True,
    ),
}
FIELDS = {
    *("because", "expect", "fault", "by", "statement", "reason", "note", "trusting", "also", "caller", "action"),
    *("resource", "account", "context", "open_world", "identity", "boundary", "session", "scps", "rcps", "endpoint"),
    *(
        "at_gateway",
        "policy",
        "key_policy",
        "trust",
        "grants",
        "acl",
        "acl_of_object",
        "ownership",
        "block",
        "management",
    ),
    *("rcp_services", "source", "is", "like"),
}
OF_THE_CASE_ALONE = {"because", "expect", "fault", "by", "statement", "reason", "note", "is", "like", "source"}


@dataclass(frozen=True)
class Case:
    ids: tuple[str, ...]
    source: str
    told: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{'+'.join(self.ids)}: {self.told['because']}"


class Constructor(SafeConstructor):
    """Safe YAML with a tag for what is not known."""


def _unknown(constructor: SafeConstructor, node: Node) -> Unknown:
    assert isinstance(node, ScalarNode)
    return Unknown(str(constructor.construct_scalar(node)))


Constructor.add_constructor("!unknown", _unknown)


def load(path: Path) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = Constructor
    return yaml.load(path.read_text(encoding="utf-8"))


def cases_in(path: Path) -> list[Case]:
    """The cases of a file: ids with commas -> source and cases."""
    found: list[Case] = []
    known: dict[str, Mapping[str, Any]] = {}
    for ids, entry in load(path).items():
        for told in entry["cases"]:
            assert set(told) <= FIELDS, f"{path.name}: {ids}: {sorted(set(told) - FIELDS)}"
            base = known[told["like"]] if "like" in told else {}
            whole = {**{key: value for key, value in base.items() if key not in OF_THE_CASE_ALONE}, **told}
            if "is" in told:
                known[told["is"]] = whole
            found.append(Case(tuple(ids.split(", ")), told.get("source", entry["source"]), whole))
    return found


EVERY_CASE = [case for path in sorted(CASES.glob("[a-z]*.yaml")) for case in cases_in(path)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", EVERY_CASE, ids=[case.name for case in EVERY_CASE])


def caller_of(told: Any) -> Caller:
    if isinstance(told, str):
        return CALLERS[told]
    base = CALLERS[told["like"]] if "like" in told else Caller(Who(told["who"]))
    if "who" in told:
        return Caller(Who(told["who"]), **{key: value for key, value in told.items() if key != "who"})
    return replace(base, **{key: value for key, value in told.items() if key != "like"})


def policy_of(told: Any, kind: Kind, label: str) -> Policy:
    if isinstance(told, list):
        told = {"Version": "2012-10-17", "Statement": told}
    return parse_policy(told, kind, label)


def policies_of(told: Any, kind: Kind, label: str) -> tuple[Policy, ...]:
    """One policy, or several under `all`."""
    if isinstance(told, Mapping) and "all" in told:
        return tuple(policy_of(one, kind, f"{label} {number}") for number, one in enumerate(told["all"], 1))
    return (policy_of(told, kind, label),)


def layers_of(told: Mapping[str, Any]) -> Layers:
    resource = next(
        (
            policy_of(told[name], kind, name.replace("_", " "))
            for name, kind in (("policy", Kind.RESOURCE), ("key_policy", Kind.KEY), ("trust", Kind.TRUST))
            if name in told
        ),
        None,
    )
    levels = {
        name: tuple(policies_of(level, kind, name.removesuffix("s")) for level in told.get(name, []))
        for name, kind in (("scps", Kind.SCP), ("rcps", Kind.RCP))
    }
    return Layers(
        identity=policies_of(told["identity"], Kind.IDENTITY, "identity") if "identity" in told else (),
        boundary=policy_of(told["boundary"], Kind.BOUNDARY, "boundary") if "boundary" in told else None,
        session=policies_of(told["session"], Kind.SESSION, "session") if "session" in told else None,
        scps=levels["scps"],
        rcps=levels["rcps"],
        endpoint=policy_of(told["endpoint"], Kind.ENDPOINT, "endpoint") if "endpoint" in told else None,
        at_gateway=told.get("at_gateway", False),
        resource=resource,
        grants=tuple(parse_grant(one, "grant") for one in told.get("grants", [])),
        acl=parse_acl(told["acl"], "acl", of_object=told.get("acl_of_object", False)) if "acl" in told else None,
        acls_enabled=acls_enabled(told.get("ownership"), "bucket"),
        block=PublicAccessBlock(**told.get("block", {})),
        management=told.get("management", False),
    )


def request_of(told: Mapping[str, Any]) -> Request:
    context = {
        key: tuple(value) if isinstance(value, list) else value for key, value in told.get("context", {}).items()
    }
    return Request(
        caller_of(told["caller"]),
        told["action"],
        told.get("resource", "*"),
        told.get("account"),
        context,
        told.get("open_world", False),
    )


def reference_of(told: Mapping[str, Any]) -> Reference:
    reference = replace(DEFAULT, trusting=frozenset(told.get("trusting", [])))
    return replace(reference, rcp_services=frozenset(told["rcp_services"])) if "rcp_services" in told else reference


def outcome_of(told: Mapping[str, Any]) -> Decision:
    shared = {key: value for key, value in told.items() if key not in {"also", "expect", "because"}}
    every = [shared, *({**shared, **further} for further in told.get("also", []))]
    return decide_every([decide(request_of(one), layers_of(one), reference_of(one)) for one in every])
