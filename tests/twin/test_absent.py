"""What the API double cannot create is checked, kept and told apart: neither it nor what rests on it is verified."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

import pytest

from core.errors import BadInput
from core.graph import graph_of
from core.outcome import Change, Outcome, Status
from twin.absent import is_made_up, made_up_id
from twin.apply import destroy
from twin.calls import RefusedError
from twin.catalog import CATALOG
from twin.entry import Call, Entry, Gap
from twin.forms import TAGS
from twin.readback import NOT_SHOWN
from twin.terms import ID, Built, prop, reply

LIST = Entry(
    "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList",
    create=Call("route53resolver", "create_firewall_domain_list", Name=prop("name"), Tags=prop("tags", TAGS)),
    identity=ID,
    then=(
        Call(
            "route53resolver",
            "update_firewall_domains",
            when=prop("domains"),
            FirewallDomainListId=ID,
            Operation="REPLACE",
            Domains=prop("domains"),
        ),
    ),
    outputs={"arn": Built("arn:{partition}:route53resolver:{region}:{account}:firewall-domain-list/{id}")},
    absent=Gap("there is no operation for domain lists"),
)
HALF = Entry(
    "aws:x/half:Half",
    create=Call("logs", "create_log_group", logGroupName=prop("name")),
    identity=prop("name"),
    then=(Call("kms", "enable_key", KeyId=prop("keyId")),),
    delete=(Call("logs", "delete_log_group", logGroupName=ID),),
    read=(Call("logs", "describe_log_groups", logGroupNamePrefix=ID),),
    exists=reply("logGroups"),
    shows={"name": reply("logGroups[0].logGroupName"), "keyId": reply("logGroups[0].kmsKeyId")},
)
SAMPLE: dict[str, dict[str, Any]] = {
    "list": {"type": LIST.type, "name": "allowed", "domains": ["example.org"], "tags": {"owner": "ward"}},
    "beside": {"type": "aws:sns/topic:Topic", "displayName": "Beside"},
    "naming": {"type": "aws:sns/topic:Topic", "displayName": "{{list.id}}"},
    "refused": {"type": "aws:kms/alias:Alias", "name": "alias/refused", "targetKeyId": "{{list.id}}"},
    "after": {"type": "aws:kms/alias:Alias", "name": "alias/after", "targetKeyId": "none", "after": ["refused"]},
    "half": {"type": "aws:x/half:Half", "name": "/half", "keyId": "{{list.id}}"},
}


@pytest.fixture
def lacking(bench: Any) -> Any:
    """A cloud whose catalog has a type that the cloud lacks."""
    bench.catalog = MappingProxyType({**CATALOG, LIST.type: LIST, HALF.type: HALF})
    return bench


@pytest.fixture
def program(platform: Any) -> Any:
    return type(platform)({name: dict(part) for name, part in SAMPLE.items()})


def by_name(outcomes: tuple[Outcome, ...]) -> dict[str, Outcome]:
    return {outcome.urn.rpartition("::")[2]: outcome for outcome in outcomes}


def test_it_is_kept_under_an_id_that_says_so_and_nothing_is_called(lacking: Any, program: Any) -> None:
    done = lacking.up(program.only("list"))
    assert lacking.calls == []
    told = done[0].record.outputs
    assert is_made_up(told["id"])
    assert told["arn"] == f"arn:aws:route53resolver:eu-central-1:111122223333:firewall-domain-list/{told['id']}"
    assert told["tagsAll"] == {"owner": "ward"}
    outcome = lacking.read(done).outcomes[0]
    assert (outcome.status, outcome.change) == (Status.UNVERIFIED, Change.CREATED)
    assert outcome.reasons == ("there is no operation for domain lists (moto 5.2.5)",)


def test_ids_are_made_up_anew_for_each_resource_and_each_replacement(lacking: Any, program: Any) -> None:
    assert len({made_up_id(urn, generation) for urn in "ab" for generation in range(2)}) == 4
    lacking.up(program.only("list"))
    first = lacking.id("list")
    assert lacking.changes(program.only("list")) == {}
    program.change("list", domains=["example.com"])
    assert lacking.changes(program.only("list")) == {"list": "updated"}
    assert lacking.id("list") == first
    program.change("list", name="other")
    assert lacking.changes(program.only("list")) == {"list": "replaced"}
    assert is_made_up(lacking.id("list"))
    assert lacking.id("list") != first


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a property without a place": ({"nope": 1}, "nope: the catalog entry"),
    "a member that is required": ({"name": None}, 'Missing required parameter in input: "Name"'),
    "a type": ({"name": 5}, "Invalid type for parameter Name"),
    "a type in a call that completes it": ({"domains": "example.org"}, "Invalid type for parameter Domains"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_its_request_could_not_hold_is_refused(lacking: Any, program: Any, what: str) -> None:
    inputs, words = WRONG[what]
    program.change("list", **inputs)
    with pytest.raises(BadInput, match=re.escape(words)):
        lacking.up(program.only("list"))
    assert lacking.saved == ""


def test_what_rests_on_it_is_unverified_and_what_does_not_is_verified(lacking: Any, program: Any) -> None:
    outcomes = by_name(lacking.read(lacking.up(program.without("half"))).outcomes)
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        "list": Status.UNVERIFIED,
        "beside": Status.VERIFIED,
        "naming": Status.UNVERIFIED,
        "refused": Status.UNVERIFIED,
        "after": Status.UNVERIFIED,
    }
    assert outcomes["naming"].reasons == ("displayName: holds the id of something that the local cloud cannot hold",)
    assert outcomes["refused"].reasons == (
        "kms.create_alias was refused (NotFoundException); it rests on what is unverified: list",
    )
    assert outcomes["after"].reasons[0].endswith("it rests on what is unverified: refused")
    assert lacking.changes(program.without("half")) == {}
    assert lacking.calls == []


def test_what_was_made_in_part_keeps_its_id_and_goes_when_it_is_to_go(lacking: Any, program: Any) -> None:
    done = lacking.up(program.only("half"))
    assert lacking.id("half") == "/half"
    outcome = by_name(lacking.read(done).outcomes)["half"]
    assert outcome.status is Status.UNVERIFIED
    assert outcome.reasons[0].startswith("kms.enable_key was refused (NotFoundException)")
    lacking.up(program.only("list"))
    assert lacking.clients.client("logs").describe_log_groups()["logGroups"] == []


def test_a_refusal_that_rests_on_nothing_unverified_is_still_a_refusal(lacking: Any, program: Any) -> None:
    program.parts["after"].pop("after")
    with pytest.raises(RefusedError, match="NotFoundException"):
        lacking.up(program.only("after", "list"))


def test_what_was_refused_is_made_once_it_rests_on_something_real(lacking: Any, program: Any) -> None:
    lacking.up(program.only("refused"))
    program.parts["key"] = {"type": "aws:kms/key:Key", "description": "Real"}
    program.change("refused", targetKeyId="{{key.keyId}}")
    done = lacking.up(program.only("refused", "list"))
    outcome = by_name(lacking.read(done).outcomes)["refused"]
    assert (outcome.change, outcome.status) == (Change.CREATED, Status.VERIFIED)


def test_it_is_forgotten_without_a_call_and_its_deletion_is_unverified(lacking: Any, program: Any) -> None:
    lacking.up(program.only("refused"))
    lacking.calls.clear()
    gone = destroy(lacking.clients, lacking.state, lambda _: None, lacking.catalog)
    assert lacking.calls == []
    assert lacking.state.records == {}
    assert {o.status for o in lacking.read(gone).outcomes} == {Status.UNVERIFIED}


def test_in_the_observed_graph_all_of_it_is_unknown(lacking: Any, program: Any) -> None:
    done = lacking.up(program.only("naming"))
    graph = lacking.read(done).graph(graph_of(item.resource for item in done))
    found = graph.by_urn[program.urn("list")]
    assert dict(found.inputs) == dict.fromkeys(("name", "domains", "tags"), NOT_SHOWN)
    assert dict(found.outputs) == {}
