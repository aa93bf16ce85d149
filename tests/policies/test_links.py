from __future__ import annotations

import pytest

from core.graph import graph_of
from core.resource import Resource
from core.value import SECRET, Unknown
from core.verdict import State, Verdict, equals, failed, not_applicable, passed
from policies.links import (
    Kind,
    comes_from,
    dark,
    each_companion,
    is_not_off,
    is_not_on,
    linked_to,
    listed,
    unless,
    uses_own_key,
)
from policies.tokens import KEY

BUCKET, POLICY = "aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy"
POLICIES = Kind((POLICY,), "bucket", "policy", "policy")


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:test::p::{token}::{name}"


def bucket(name: str = "b", **inputs: object) -> Resource:
    return Resource(BUCKET, urn(BUCKET, name), inputs)


def said(policy: Resource) -> Verdict:
    return equals(policy, "yes", "policy")


def test_one_stands_for_a_list_of_one_and_nothing_for_an_empty_list() -> None:
    assert (listed("a"), listed(["a"]), listed(None), listed(())) == (("a",), ("a",), (), ())


def test_a_reason_names_resources_and_not_their_whole_urns() -> None:
    source = f"{urn(KEY, 'k')}.arn, {urn(KEY, 'l')}.arn"
    assert dark("the key", Unknown(source)).reason == "the key is not known yet (from k.arn, l.arn)"
    assert dark("the key", SECRET).reason == "the key is withheld"


def test_an_unknown_value_comes_from_a_resource_when_all_of_it_does() -> None:
    assert comes_from(Unknown(f"{bucket().urn}.arn, {bucket().urn}"), bucket())
    assert not comes_from(Unknown(f"{bucket().urn}.arn, {bucket('c').urn}.arn"), bucket())
    assert not comes_from(Unknown(f"{bucket('bb').urn}.arn"), bucket())


@pytest.mark.parametrize(
    ("value", "not_off", "not_on"),
    [
        (None, State.PASS, State.PASS),
        (True, State.PASS, State.FAIL),
        (False, State.FAIL, State.PASS),
        ("false", State.FAIL, State.FAIL),
        (Unknown("x"), State.UNKNOWN, State.UNKNOWN),
        (SECRET, State.UNKNOWN, State.UNKNOWN),
    ],
)
def test_a_default_may_be_left_out_and_not_contradicted(value: object, not_off: State, not_on: State) -> None:
    assert is_not_off(bucket(flag=value), "flag").state is not_off
    assert is_not_on(bucket(flag=value), "flag").state is not_on


def test_companions_under_every_token_are_asked() -> None:
    graph = graph_of([bucket(bucket="n"), Resource(POLICY, urn(POLICY, "p"), {"bucket": "n", "policy": "no"})])
    assert each_companion(graph, graph.resources[0], POLICIES, said).state is State.FAIL


def test_one_wrong_companion_outweighs_a_right_one() -> None:
    found = [Resource(POLICY, urn(POLICY, word), {"bucket": "n", "policy": word}) for word in ("yes", "no")]
    graph = graph_of([bucket(bucket="n"), *found])
    assert each_companion(graph, graph.by_urn[bucket().urn], POLICIES, said).state is State.FAIL


def test_no_companion_is_a_fail_unless_the_guard_says_otherwise() -> None:
    graph = graph_of([bucket()])
    assert each_companion(graph, bucket(), POLICIES, said) == failed("b has no policy")
    assert each_companion(graph, bucket(), POLICIES, said, passed("fine")) == passed("fine")


def test_a_companion_of_nobody_known_may_be_this_ones() -> None:
    graph = graph_of([bucket(), Resource(POLICY, urn(POLICY, "p"), {"bucket": Unknown("elsewhere"), "policy": "yes"})])
    assert each_companion(graph, bucket(), POLICIES, said).state is State.UNKNOWN


def test_an_inline_property_is_neither_right_nor_wrong() -> None:
    graph = graph_of([bucket(policy="yes")])
    assert each_companion(graph, graph.resources[0], POLICIES, said).state is State.UNKNOWN


def test_a_key_named_by_a_literal_arn_of_this_program_is_ours() -> None:
    key = Resource(KEY, urn(KEY, "k"), {}, {"arn": "arn:aws:kms:eu-central-1:111122223333:key/1"})
    graph = graph_of([key, bucket(key="arn:aws:kms:eu-central-1:111122223333:key/1"), bucket("c", key="arn:other")])
    assert uses_own_key(graph, graph.by_urn[bucket().urn], "key").state is State.PASS
    assert uses_own_key(graph, graph.by_urn[bucket("c").urn], "key").state is State.UNKNOWN


def test_what_may_be_exempt_can_pass_and_cannot_fail() -> None:
    away = not_applicable("exempt")
    assert unless(True, failed("x"), away) is away
    assert unless(False, failed("x"), away) == failed("x")
    assert unless(None, passed("x"), away) == passed("x")
    assert unless(None, failed("x"), away).state is State.UNKNOWN


TRAIL = "aws:cloudtrail/trail:Trail"


@pytest.mark.parametrize(
    ("beside", "state"),
    [([KEY, BUCKET], State.PASS), ([KEY, KEY, BUCKET], State.UNKNOWN), ([KEY, TRAIL], State.UNKNOWN)],
)
def test_of_several_that_feed_a_property_the_only_key_is_its_key(beside: list[str], state: State) -> None:
    """As in the engine's first preview: values are unknown, and links are told of the property as a whole."""
    fed = [Resource(token, urn(token, f"r{number}"), {}) for number, token in enumerate(beside)]
    links = {"capture": frozenset(one.urn for one in fed)}
    config = Resource(
        "aws:x/y:Y", urn("aws:x/y:Y", "y"), {"capture": {"key": Unknown("not known")}}, property_dependencies=links
    )
    graph = graph_of([*fed, config])
    assert uses_own_key(graph, config, "capture", "key").state is state
    told = Resource(
        config.type, urn(config.type, "z"), {"capture": {"key": "arn:elsewhere"}}, property_dependencies=links
    )
    assert isinstance(linked_to(graph_of([*fed, told]), [KEY], told, "capture", "key"), Unknown)
