"""A policy in structured form, kept beside the JSON that AWS gets.

A policy given to AWS is one string. With one ARN in it not known yet, all of it is unknown to a plan, and a wildcard
principal beside that ARN cannot be seen. So each policy's statements stand in the plan as inputs of a component of
their own, leaf by leaf, and the string is made from those same statements and nothing else.
"""

from collections.abc import Sequence
from typing import Any

import pulumi

from components.component import PACKAGE

VERSION = "2012-10-17"
KIND = PACKAGE + "PolicyDocument"

Statement = dict[str, Any]
"""One statement in AWS's own spelling; its leaves may be outputs."""


class PolicyDocument(pulumi.ComponentResource):
    """The statements of one policy, and `json`, the text for AWS.

    `of` and `attribute` name the sibling resource, and its property, that gets the text: `core.graph` joins them by it.
    """

    def __init__(
        self, of: str, statements: Sequence[Statement], parent: pulumi.Resource, attribute: str = "policy"
    ) -> None:
        document = {"Version": VERSION, "Statement": list(statements)}
        facts = {"of": of, "attribute": attribute, "document": document}
        super().__init__(KIND, f"{of}-{attribute}", facts, pulumi.ResourceOptions(parent=parent))
        self.json: pulumi.Output[str] = pulumi.Output.json_dumps(document, sort_keys=True)
        self.register_outputs({})


def allow(
    sid: str, actions: Sequence[str], on: Sequence[Any], to: Any = None, given: dict[str, Any] | None = None
) -> Statement:
    """A statement that allows; `to` is the Principal of resource and trust policies, `given` the Condition."""
    return _statement("Allow", sid, actions, on, to, given)


def deny(
    sid: str, actions: Sequence[str], on: Sequence[Any], to: Any = None, given: dict[str, Any] | None = None
) -> Statement:
    """A statement that denies; a Deny outranks every Allow."""
    return _statement("Deny", sid, actions, on, to, given)


def _statement(
    effect: str, sid: str, actions: Sequence[str], on: Sequence[Any], to: Any, given: dict[str, Any] | None
) -> Statement:
    parts = {"Sid": sid, "Effect": effect, "Principal": to, "Action": list(actions), "Resource": list(on) or None}
    return {key: value for key, value in {**parts, "Condition": given}.items() if value is not None}
