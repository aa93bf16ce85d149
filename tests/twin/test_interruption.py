"""Whatever call a run dies at, and whether or not that call had reached the cloud, the next run converges."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from core.outcome import Change, Status
from twin.absent import is_made_up
from twin.calls import Caller, RefusedError, read
from twin.catalog import CATALOG
from twin.entry import Entry
from twin.scope import Scope

HERE = ("111122223333", "eu-central-1")
MOST_RUNS = 400
MADE_WITH_A_NETWORK = {
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
}
"""By AWS itself."""


class DiedError(Exception):
    """Stands for whatever ends a process."""


class Answer:
    """What a raw answer has to offer to botocore."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self, **_: Any) -> list[bytes]:
        return [self.content]


class Failing:
    """Makes every call that may change something fail once: unsent, or done with its answer lost."""

    def __init__(self, bench: Any, *, reaches: bool) -> None:
        self.known: set[tuple[str, str, str]] = set()
        self.armed = False
        self.last = ("", "", "")
        self.bench = bench
        bench.clients._session.register("before-call", self.note)
        bench.clients._session.register("after-call" if reaches else "request-created", self.die)

    def note(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        said = str(params["body"])
        for member in model.idempotent_members:  # another one each time the same call is made
            said = re.sub(rf"{member}\W+[\w-]+", "", said, flags=re.IGNORECASE)
        self.last = (model.name, said, params["url_path"])

    def die(self, **_: Any) -> None:
        if not self.armed:
            return
        if self.bench.calls and self.last[0] == self.bench.calls[-1].partition(".")[2] and self.last not in self.known:
            self.known.add(self.last)
            raise DiedError(self.last)


def run_until_it_lives(attempt: Callable[[], Any]) -> tuple[Any, int]:
    for number in range(MOST_RUNS):
        try:
            return attempt(), number
        except DiedError:
            continue
    raise AssertionError(MOST_RUNS)


def everything_there_is(bench: Any) -> dict[str, set[str]]:
    """Type -> the ids of all that exist, for the types whose ids the cloud makes up."""
    found: dict[str, set[str]] = {}
    for entry in CATALOG.values():
        if entry.find and not entry.absent and "securityGroupId" not in str(entry.find[0].request):
            caller, scope = Caller(bench.clients, ""), Scope(bench.clients.place, {})
            ids = entry.find[1].value(caller.made((entry.find[0],), scope)) or ()
            found[entry.type] = {name for name in ids if is_there(caller, entry, replace(scope, id=name))}
    return found


def is_there(caller: Caller, entry: Entry, scope: Scope) -> bool:
    """Whether it can be read; true as well where reading it takes more than its id."""
    try:
        return read(caller, entry, scope) is not None
    except RefusedError:
        return True


@pytest.mark.parametrize("reaches", [True, False], ids=["the answer is lost", "the call is not sent"])
def test_a_run_that_dies_at_every_call_converges_and_leaves_nothing_behind(
    bench: Any, each_area: Any, reaches: bool
) -> None:
    failing = Failing(bench, reaches=reaches)
    before = everything_there_is(bench)
    failing.armed = True
    done, deaths = run_until_it_lives(lambda: bench.up(each_area))
    assert deaths == len(failing.known) >= sum(not is_made_up(item.record.id) for item in done)
    assert [o for o in bench.read(done).outcomes if o.status is Status.FAILED] == []
    own = {token: bench.state.claimed(token, HERE) for token in before}
    networks = len(bench.state.claimed("aws:ec2/vpc:Vpc", HERE))
    for token, now in everything_there_is(bench).items():
        assert own[token] <= now, token
        strangers = now - own[token] - before[token]
        assert len(strangers) == (networks if token in MADE_WITH_A_NETWORK else 0), token
    assert bench.changes(each_area) == {}


def test_a_deletion_that_dies_at_every_call_converges(bench: Any, each_area: Any) -> None:
    failing = Failing(bench, reaches=True)
    before = len(bench.clients.client("ec2").describe_vpcs()["Vpcs"])
    bench.up(each_area.released())
    failing.armed = True
    nothing = each_area.only()
    run_until_it_lives(lambda: bench.up(nothing))
    assert bench.state.records == {}
    assert len(bench.clients.client("ec2").describe_vpcs()["Vpcs"]) == before
    assert bench.clients.client("s3").list_buckets()["Buckets"] == []


def test_a_replacement_that_dies_at_every_call_converges(bench: Any, platform: Any) -> None:
    program = platform.only("endpoint", "kms-door", "in")
    failing = Failing(bench, reaches=True)
    bench.up(program)
    program.change("vpc", cidrBlock="10.8.0.0/16")
    program.change("subnet", cidrBlock="10.8.1.0/24")
    before = everything_there_is(bench)
    failing.armed = True
    done, _ = run_until_it_lives(lambda: bench.up(program))
    assert [o for o in bench.read(done).outcomes if o.status is Status.FAILED] == []
    assert {token: len(ids) for token, ids in everything_there_is(bench).items()} == {
        token: len(ids) for token, ids in before.items()
    }
    assert bench.state.doomed == []


def test_a_call_that_the_cloud_refuses_is_named_and_what_came_before_it_stays(bench: Any, platform: Any) -> None:
    program = platform.only("closed")

    def refuse(request: Any, event_name: str, **_: Any) -> AWSResponse | None:
        if not event_name.endswith("PutPublicAccessBlock"):
            return None
        body = b"<Error><Code>AccessDenied</Code><Message>No</Message></Error>"
        return AWSResponse(request.url, 403, {}, Answer(body))

    bench.clients.client("s3").meta.events.register_first("before-send.s3", refuse)
    with pytest.raises(RefusedError, match=r"::closed: s3\.put_public_access_block was refused: AccessDenied: No"):
        bench.up(program)
    assert bench.clients.client("s3").list_buckets()["Buckets"][0]["Name"] == "sample-data"
    bench.clients.client("s3").meta.events.unregister("before-send.s3", refuse)
    assert bench.changes(program) == {"closed": "created"}


def test_a_throttled_call_is_sent_again(bench: Any, platform: Any) -> None:
    sent: list[str] = []

    def throttle(request: Any, **_: Any) -> AWSResponse | None:
        sent.append(request.url)
        if len(sent) > 1:
            return None
        return AWSResponse(request.url, 503, {}, Answer(b"<Error><Code>SlowDown</Code></Error>"))

    bench.clients.client("s3").meta.events.register_first("before-send.s3.PutPublicAccessBlock", throttle)
    done = bench.up(platform.only("closed"))
    assert len(sent) == 2
    assert {o.status for o in bench.read(done).outcomes} == {Status.VERIFIED}


def test_what_vanished_is_made_again_when_it_has_to_change(bench: Any, platform: Any) -> None:
    program = platform.only("group")
    bench.up(program)
    bench.clients.client("logs").delete_log_group(logGroupName="/sample/trail")
    program.change("group", retentionInDays=7)
    apply = bench.apply()
    program.begin(apply)
    assert apply.applied[program.urn("group")].change is Change.CREATED
    assert [o for o in bench.read(apply.finish()).outcomes if o.status is Status.FAILED] == []
