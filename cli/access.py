"""`strongroom access`: who may do what, before anything is deployed."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from cli import options
from cli.access_source import AccessSource, access_source, source_options
from cli.exit_code import ExitCode
from cli.terminal import emit, step, width
from core.errors import BadInput

if TYPE_CHECKING:
    from access.decide import Decision
    from access.graph_resources import Target
    from access.layers import Layers
    from access.request import Request
    from core.resource import Resource

PAGE = 100
LABEL = 26
PRINCIPAL_TAG = "aws:principaltag/"


TAKEN = (
    "the session brings no tags of its own",
    "no session policy applies",
    "what the program declares is all there is",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One request, what it met, and what became of it."""

    request: Request
    layers: Layers
    decision: Decision
    through: str = ""


@click.group(epilog=options.example("strongroom access explain -h"))
def access() -> None:
    """Say who may do what, from the policies that the program declares."""


@access.command(
    epilog=options.example(
        "strongroom access explain --env prod --as data-scientist s3:GetObject 'wardlight-prod-data-internal-store/*'",
        "strongroom access explain --env prod --as ml-engineer s3:PutObject 'wardlight-prod-models-store/*' "
        "--key s3:x-amz-server-side-encryption=aws:kms",
        "pulumi stack export | strongroom access explain --file - --as reader s3:GetObject 'arn:aws:s3:::ward/*'",
        "strongroom access explain --file plan.json --as aws_iam_role.reader s3:GetObject 'arn:aws:s3:::ward/*'",
    )
)
@source_options
@click.option("--as", "persona", required=True, metavar="PERSONA", help="The role that asks: a persona, or its name.")
@click.option(
    "--key", "keys", multiple=True, metavar="KEY=VALUE", help="A condition key of the request; repeat for more."
)
@click.option("--without", multiple=True, metavar="KEY", help="A condition key that the request lacks.")
@click.option("--no-endpoint", is_flag=True, help="The call comes through no endpoint of a network.")
@options.list_format
@click.argument("action")
@click.argument("resource")
@click.pass_context
def explain(
    ctx: click.Context,
    environment: str | None,
    file: str | None,
    account: str | None,
    region: str | None,
    persona: str,
    keys: Sequence[str],
    without: Sequence[str],
    no_endpoint: bool,
    form: str,
    action: str,
    resource: str,
) -> None:
    """Say whether a persona may do ACTION on RESOURCE, and which statement of which policy decides it.

    RESOURCE is an ARN, or the logical name of a resource with what lies below it; a * there stands for any thing. Keys
    of the request that are neither given nor follow from the caller are unknown, and are named where they matter.
    Ends with 0 when it is allowed, 1 when it is denied, 3 when it cannot be told.
    """
    from access.decide import decide_every

    with step(f"reading the policies of {environment or file}"):
        source = access_source(environment, file, account, region)
        context = {**_assumed(source), **_given(keys), **dict.fromkeys(key.lower() for key in without)}
        found = list(answers(source, persona, (action, resource), context, no_endpoint))
    whole = decide_every([answer.decision for answer in found])
    emit(_json(found, whole, context) if form == "json" else _text(found, whole, context))
    ctx.exit(_code(whole))


def _code(decision: Decision) -> ExitCode:
    from access.decide import Outcome

    codes = {Outcome.ALLOWED: ExitCode.OK, Outcome.DENIED: ExitCode.FINDINGS, Outcome.UNKNOWN: ExitCode.STILL_UNKNOWN}
    return codes[decision.outcome]


def _assumed(source: AccessSource) -> dict[str, str]:
    """What an ordinary call carries; shown with the answer, and changed by --key and --without."""
    return {"aws:securetransport": "true", "aws:requestedregion": source.region, "aws:viaawsservice": "false"}


def _given(keys: Sequence[str]) -> Mapping[str, str | tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for text in keys:
        key, equals, value = text.partition("=")
        if not equals or not key:
            msg = f"--key {text!r}: expected KEY=VALUE, such as kms:ViaService=s3.eu-central-1.amazonaws.com"
            raise BadInput(msg)
        found.setdefault(key.lower(), []).append(value)
    return {key: held[0] if len(held) == 1 else tuple(held) for key, held in found.items()}


def answers(
    source: AccessSource,
    persona: str,
    asked: tuple[str, str],
    context: Mapping[str, Any],
    no_endpoint: bool = False,
) -> Iterator[Answer]:
    """The decision on the call itself (action and resource), and on the call of KMS that it brings about.

    `context` holds further keys of the request, in lower case; None for one that it lacks.
    """
    from access.decide import Outcome
    from access.graph_identity import caller_of, role_named
    from access.graph_points import behind
    from access.graph_resources import target_of
    from access.request import THROUGH_ENDPOINT, Request
    from core.value import Unknown

    graph, reference = source.graph, source.reference
    if asked[0].lower() in reference.without_resource and asked[1] != "*":
        msg = f"resource {asked[1]!r}: {asked[0]} takes no resource and is granted on * alone; ask about *"
        raise BadInput(msg)
    role, target = role_named(graph, persona), target_of(graph, asked[1])
    account = source.account if target.resource is not None else None
    if no_endpoint:
        context = {**dict.fromkeys(THROUGH_ENDPOINT), **context}
    request = Request(caller_of(role), asked[0], target.arn, account, context, open_world=True)
    first = _answer(source, role, request, target, no_endpoint)
    if types := reference.required_types.get(request.verb):
        note = f"{asked[0]} must be allowed on each of: {', '.join(types)}; this is about one of them (S18)"
        first = replace(first, decision=replace(first.decision, notes=(*first.decision.notes, note)))
    yield first
    further = behind(graph, request, target)
    if isinstance(further, Unknown):
        msg = f"resource {asked[1]!r}: {further.source} is not known, and the call needs its leave as well"
        raise BadInput(msg)
    if further is not None:
        request, target = further
        yield _answer(source, role, request, target, no_endpoint)
    if first.decision.outcome is not Outcome.DENIED:
        yield from _of_key(source, role, request, target)


def _answer(source: AccessSource, role: Resource, request: Request, target: Target, no_endpoint: bool) -> Answer:
    from access.decide import decide
    from access.graph_identity import boundary_of, identity_of
    from access.graph_resources import BUCKETS, TAG, endpoint_for, endpoint_policy, keys_of, resource_layers

    graph = source.graph
    layers = replace(
        resource_layers(graph, target, request.action),
        identity=identity_of(graph, role),
        boundary=boundary_of(graph, role),
        scps=source.organisation.scps,
        rcps=source.organisation.rcps,
        management=source.organisation.management,
    )
    elsewhere = no_endpoint or request.context.get("aws:sourceip") is not None
    endpoint = None if elsewhere else endpoint_for(graph, request.action)
    if endpoint is not None:
        policy, at_gateway = endpoint_policy(graph, endpoint)
        layers = replace(layers, endpoint=policy, at_gateway=at_gateway)
        carried = {"aws:sourcevpce": endpoint.get("id"), "aws:sourcevpc": endpoint.get("vpcId")}
        request = replace(request, context={**carried, **request.context})
    complete = (
        (PRINCIPAL_TAG, TAG)
        if target.resource is not None and target.resource.type not in BUCKETS
        else (PRINCIPAL_TAG,)
    )
    request = replace(request, context={**keys_of(graph, target, request.action), **request.context}, complete=complete)
    return Answer(request, layers, decide(request, layers, source.reference), endpoint.name if endpoint else "")


def _of_key(source: AccessSource, role: Resource, request: Request, target: Target) -> Iterator[Answer]:
    """S3 asks KMS itself, so that call comes through no endpoint of ours."""
    from access.graph_resources import BUCKETS, target_of
    from access.sealed import key_of, key_request
    from core.resource import Resource

    if target.resource is None or target.resource.type not in BUCKETS:
        return
    key, bucket_key = key_of(source.graph, target.resource)
    if isinstance(key, Resource):
        further = key_request(request, target, key, bucket_key=bucket_key is True, region=source.region)
        if further is not None:
            yield _answer(source, role, further, target_of(source.graph, further.resource), no_endpoint=True)


def _text(answers: Sequence[Answer], whole: Decision, context: Mapping[str, Any]) -> str:
    from access.decide import Outcome
    from access.explain import headline, layer_lines, policy_notes, verdict, who

    lines = [f"{whole.outcome.value.upper()}  {answers[0].request.action} as {who(answers[0].request)}", ""]
    for answer in answers:
        lines += [headline(answer.request, answer.decision), *row("decided by", verdict(answer.decision))]
        for layer, said in layer_lines(answer.decision):
            lines += row(layer, said)
        for note in (*answer.decision.notes, *policy_notes(answer.layers)):
            lines += row("note", note)
        lines.append("")
    lines += row("assumed", "; ".join(_assumptions(answers, context)))
    if whole.outcome is Outcome.UNKNOWN:
        lines += row("to settle it", "give what is not known with --key KEY=VALUE, or --without KEY where it is absent")
    return "\n".join([*lines, ""])


def row(label: str, text: str) -> list[str]:
    """A label and a text beside it, wrapped as wide as the terminal is."""
    wrapped = textwrap.wrap(
        text, max((width() or PAGE) - LABEL - 2, 30), break_on_hyphens=False, break_long_words=False
    ) or [""]
    return [f"  {label if number == 0 else '':<{LABEL}}{line}" for number, line in enumerate(wrapped)]


def _assumptions(answers: Sequence[Answer], context: Mapping[str, Any]) -> list[str]:
    from access.explain import shown
    from access.graph_organisation import Organisation

    held = [f"{key} is {'absent' if value is None else shown(str(value))}" for key, value in sorted(context.items())]
    carried = [f"the call comes through {one.through}" for one in answers if one.through]
    layers = answers[0].layers
    bound = Organisation(layers.scps, layers.rcps, layers.management).assumptions
    return [*held, *carried, *bound, *TAKEN]


def _json(answers: Sequence[Answer], whole: Decision, context: Mapping[str, Any]) -> str:
    from access.explain import as_data

    assumed = _assumptions(answers, context)
    data = {
        "outcome": whole.outcome.value,
        "decisions": [as_data(one.request, one.decision, one.layers, assumed) for one in answers],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
