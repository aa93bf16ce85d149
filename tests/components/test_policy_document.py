from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.policy_document import PolicyDocument, allow, deny
from core.graph import Graph
from core.naming import Name
from core.value import Unknown

Planned = Callable[[Callable[[], Any]], Graph]
TOPIC, POLICY = "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"


class Board(Component):
    """A topic with a policy that names it, or names nothing that is unknown."""

    def __init__(self, name: Name, resource: pulumi.Input[str] | None = None) -> None:
        super().__init__("Board", name)
        topic = aws.sns.Topic(f"{name}-topic", opts=self.child)
        said = [allow("AnybodyReads", ["sns:Subscribe"], [resource or topic.arn], "*")]
        document = PolicyDocument(f"{name}-policy", said, self)
        aws.sns.TopicPolicy(f"{name}-policy", arn=topic.arn, policy=document.json, opts=self.child)
        self.done()


def test_a_text_with_an_unknown_arn_in_it_is_read_statement_by_statement(planned: Planned, root: Name) -> None:
    graph = planned(lambda: Board(root / "board"))
    (policy,) = graph.of_type(POLICY)
    assert isinstance(policy.get("policy"), Unknown)
    document = graph.document(policy)
    assert isinstance(document, Mapping)
    assert document["Statement"][0]["Principal"] == "*"
    assert isinstance(document["Statement"][0]["Resource"][0], Unknown)


def test_the_text_for_aws_says_what_the_statements_say(planned: Planned, root: Name) -> None:
    graph = planned(lambda: Board(root / "board", "arn:aws:sns:eu-west-1:123456789012:news"))
    (policy,) = graph.of_type(POLICY)
    (document,) = graph.of_type("strongroom:index:PolicyDocument")
    text = json.loads(policy.inputs["policy"])
    assert text["Version"] == "2012-10-17"
    assert [statement["Sid"] for statement in text["Statement"]] == ["AnybodyReads"]
    assert document.inputs["of"] == policy.name
    assert tuple(text["Statement"][0]["Resource"]) == document.inputs["document"]["Statement"][0]["Resource"]


def test_a_statement_leaves_out_what_it_was_not_told() -> None:
    assert allow("Read", ["s3:GetObject"], ["*"]) == {
        "Sid": "Read",
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": ["*"],
    }


def test_a_denial_keeps_its_principal_and_its_condition() -> None:
    said = deny("OverTls", ["s3:*"], ["*"], "*", {"Bool": {"aws:SecureTransport": "false"}})
    assert (said["Effect"], said["Principal"]) == ("Deny", "*")
    assert said["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_trust_statement_has_no_resource() -> None:
    assert "Resource" not in allow("Trust", ["sts:AssumeRole"], [], {"Service": "ec2.amazonaws.com"})
