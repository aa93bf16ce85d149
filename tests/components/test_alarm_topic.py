from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.key import Key, KeyArgs
from components.key_policy import for_alarms
from components.place import Place
from core.errors import BadInput
from core.graph import Graph
from core.naming import Name

TOPIC, POLICY = "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIBED = "aws:sns/topicSubscription:TopicSubscription"
Planned = Callable[[Callable[[], Any]], Graph]


def topic(root: Name, place: Place, *recipients: str) -> AlarmTopic:
    key = Key(root / "alarm-key", KeyArgs(place, "seals alarms", ("sns",), for_alarms(place)))
    return AlarmTopic(root / "alarms", AlarmTopicArgs(place, key, recipients))


def test_alarms_travel_under_a_key_of_our_own(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: topic(root, place))
    (made,), (key,) = graph.of_type(TOPIC), graph.of_type("aws:kms/key:Key")
    assert graph.linked(made, "kmsMasterKeyId") == key


def test_only_alarms_of_this_account_publish_and_only_over_tls(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: topic(root, place))
    (policy,) = graph.of_type(POLICY)
    document = graph.document(policy)
    assert isinstance(document, Mapping)
    publish, tls = document["Statement"]
    assert publish["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert publish["Condition"] == {
        "StringEquals": {"aws:SourceAccount": place.account},
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:*"},
    }
    assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_every_recipient_is_subscribed_by_mail(planned: Planned, root: Name, place: Place) -> None:
    people = ("ward@example.org", "ops@example.org")
    found = planned(lambda: topic(root, place, *people)).of_type(SUBSCRIBED)
    assert {one.inputs["endpoint"] for one in found} == set(people)
    assert {one.inputs["protocol"] for one in found} == {"email"}


def test_no_name_in_the_plan_tells_who_gets_the_alarms(planned: Planned, root: Name, place: Place) -> None:
    graph = planned(lambda: topic(root, place, "ward@example.org"))
    assert not [resource.urn for resource in graph.resources if "ward" in resource.urn]


def test_a_recipient_keeps_the_subscription_when_others_come(planned: Planned, root: Name, place: Place) -> None:
    (alone,) = planned(lambda: topic(root, place, "ward@example.org")).of_type(SUBSCRIBED)
    both = planned(lambda: topic(root, place, "ops@example.org", "ward@example.org")).of_type(SUBSCRIBED)
    assert alone.urn in {one.urn for one in both}


def test_a_key_that_no_alarm_can_use_is_refused(planned: Planned, root: Name, place: Place) -> None:
    def program() -> None:
        key = Key(root / "alarm-key", KeyArgs(place, "seals alarms", ("sns",)))
        AlarmTopic(root / "alarms", AlarmTopicArgs(place, key))

    with pytest.raises(BadInput, match="does not admit alarms"):
        planned(program)


@pytest.mark.parametrize(
    ("people", "message"),
    [
        (("ward@example.org", "WARD@example.org"), r"recipients\[1\] is named twice"),
        (("ward",), r"recipients\[0\] is no e-mail address"),
        (("@",), r"recipients\[0\] is no e-mail address"),
    ],
)
def test_a_recipient_who_cannot_be_reached_is_refused_without_being_quoted(
    planned: Planned, root: Name, place: Place, people: tuple[str, ...], message: str
) -> None:
    with pytest.raises(BadInput, match=message) as refused:
        planned(lambda: topic(root, place, *people))
    assert people[0] not in str(refused.value)
