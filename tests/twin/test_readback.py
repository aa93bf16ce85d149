"""What somebody changed behind our back is found and named, and what cannot be seen is never taken for seen."""

from __future__ import annotations

from typing import Any

from core.graph import POLICY_DOCUMENT, graph_of
from core.outcome import Change, Status
from core.resource import Resource
from core.value import Unknown
from twin.readback import NOT_SHOWN


def test_two_readings_of_the_same_cloud_are_equal(bench: Any, platform: Any) -> None:
    applied = bench.up(platform.only("closed", "role"))
    assert bench.read(applied) == bench.read(applied)


def test_reading_changes_nothing(bench: Any, platform: Any) -> None:
    applied = bench.up(platform)
    bench.calls.clear()
    bench.read(applied)
    assert bench.calls == []


def test_a_deleted_resource_that_is_still_there_fails(bench: Any, platform: Any) -> None:
    bench.up(platform.only("closed"))
    done = bench.up(platform.only("data"))
    assert [o.status for o in bench.read(done).outcomes if o.change is Change.DELETED] == [Status.VERIFIED]
    close = {"BlockPublicAcls": True}
    bench.clients.client("s3").put_public_access_block(Bucket="sample-data", PublicAccessBlockConfiguration=close)
    assert [o.reasons for o in bench.read(done).outcomes if o.change is Change.DELETED] == [("it is still there",)]


def test_what_no_call_can_delete_is_unverified_with_the_reason(bench: Any, platform: Any) -> None:
    bench.up(platform.only("lock"))
    done = bench.up(platform.only("logs"))
    removed = {o.urn.rpartition("::")[2]: o for o in bench.read(done).outcomes if o.change is Change.DELETED}
    assert removed["lock"].status is removed["logs-kept"].status is Status.UNVERIFIED
    assert removed["lock"].reasons == ("AWS has no call that removes an object lock",)


def planned(applied: Any) -> Any:
    """The Graph of what was applied, with a component above and a policy document beside."""
    above = Resource("strongroom:index:Thing", "urn:pulumi:local::sample::strongroom:index:Thing::thing")
    document = Resource(POLICY_DOCUMENT, f"urn:pulumi:local::sample::{POLICY_DOCUMENT}::d", parent=above.urn)
    return graph_of([above, document, *(item.resource for item in applied)])


def test_the_observed_graph_holds_what_was_read_and_links_that_it_proves(bench: Any, platform: Any) -> None:
    applied = bench.up(platform)
    graph = bench.read(applied).graph(planned(applied))
    assert graph.by_urn.keys() == planned(applied).by_urn.keys() - {
        r.urn for r in planned(applied).of_type(POLICY_DOCUMENT)
    }
    sealed, data = graph.by_urn[platform.urn("sealed")], graph.by_urn[platform.urn("data")]
    assert sealed.get("rules", 0, "bucketKeyEnabled") is True
    assert graph.linked(sealed, "bucket") == data
    assert graph.companions(data, sealed.type, "bucket") == (sealed,)
    assert graph.linked(graph.by_urn[platform.urn("trail")], "cloudWatchLogsGroupArn").name == "group"
    assert graph.by_urn[platform.urn("logs")].get("forceDestroy") is True
    assert graph.document(graph.by_urn[platform.urn("role")], "assumeRolePolicy")["Statement"][0]["Effect"] == "Allow"


def test_a_property_in_a_gap_is_unknown_in_the_observed_graph(bench: Any, platform: Any) -> None:
    applied = bench.up(platform.only("model"))
    reading = bench.read(applied)
    model = reading.graph(planned(applied)).by_urn[platform.urn("model")]
    assert model.get("enableNetworkIsolation") == NOT_SHOWN == Unknown("not shown by the local cloud")
    outcome = next(o for o in reading.outcomes if o.urn == model.urn)
    assert outcome.status is Status.UNVERIFIED
    assert outcome.reasons == ("enableNetworkIsolation: the answer always says false (moto 5.2.5)",)


def test_a_gap_inside_a_structure_leaves_the_rest_of_it_visible(bench: Any, everything: Any) -> None:
    program = everything.only("blocked")
    applied = bench.up(program)
    rules = bench.read(applied).graph(planned(applied)).by_urn[program.urn("blocked")].get("rules")
    assert rules[0]["blockedEncryptionTypes"] == NOT_SHOWN
    assert rules[0]["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "AES256"


def test_a_key_that_was_taken_away_is_absent_and_not_unknown(bench: Any, platform: Any) -> None:
    program = platform.only("topic")
    applied = bench.up(program)
    bench.clients.client("sns").set_topic_attributes(
        TopicArn=bench.id("topic"), AttributeName="KmsMasterKeyId", AttributeValue=""
    )
    topic = bench.read(applied).graph(planned(applied)).by_urn[program.urn("topic")]
    assert topic.get("kmsMasterKeyId") is None


def test_what_is_missing_is_not_in_the_observed_graph(bench: Any, platform: Any) -> None:
    program = platform.only("closed")
    applied = bench.up(program)
    bench.clients.client("s3").delete_public_access_block(Bucket="sample-data")
    graph = bench.read(applied).graph(planned(applied))
    assert program.urn("closed") not in graph.by_urn
    assert graph.companions(graph.by_urn[program.urn("data")], program.parts["closed"]["type"], "bucket") == ()
