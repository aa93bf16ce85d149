"""Guards over API Gateway, both of its kinds: who may call, what is recorded, and what must not be."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import (
    State,
    Verdict,
    all_of,
    any_of,
    equals,
    failed,
    holds,
    is_one_of,
    is_true,
    not_applicable,
    undecided,
)
from policies import tokens
from policies.guard import guard
from policies.links import Kind, companions, each_companion, is_dark, is_not_on, strays
from policies.parts import is_given

STAGE, HTTP_STAGE = "aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage"
METHOD, HTTP_ROUTE = "aws:apigateway/method:Method", "aws:apigatewayv2/route:Route"
API = "aws:apigateway/restApi:RestApi"
DOMAINS = ("aws:apigateway/domainName:DomainName", "aws:apigatewayv2/domainName:DomainName")
SETTINGS = ("aws:apigateway/methodSettings:MethodSettings",)
LOGGED = ("INFO", "ERROR")
EVERY_METHOD = "*/*"
"""https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateStage.html"""
CURRENT_TLS = "TLS_1_2"
JOINED = Kind(tokens.WEB_ACL_JOINED, "resourceArn", "web ACL")
NO_CACHE = not_applicable("it keeps no cache")
IS_OPTIONS = not_applicable("a browser asks it before it asks anything, and it answers nothing but what is allowed")
PRIVATE = not_applicable("its API is private, and no public name leads to it")


def settings_of(stage: Resource, graph: Graph) -> tuple[Resource, ...]:
    """The method settings that are for the stage's API."""
    api = graph.linked(stage, "restApi")
    return companions(graph, api, SETTINGS, "restApi") if isinstance(api, Resource) else ()


@guard(
    "apigateway.stage_records_calls",
    on=(STAGE, HTTP_STAGE),
    severity=Severity.HIGH,
    fix="Set accessLogSettings, for a REST API xrayTracingEnabled, and loggingLevel INFO in MethodSettings of */*.",
)
def stage_records_calls(stage: Resource, graph: Graph) -> Verdict:
    """Who called which model, when, and with what result stands here or nowhere."""
    access = is_given(graph, stage, "accessLogSettings", "destinationArn")
    if stage.type == HTTP_STAGE:
        return access
    found = settings_of(stage, graph)
    if astray := strays(graph, SETTINGS, "restApi"):
        level = undecided(f"which API {astray[0].name} is for is not known yet")
    else:
        every = any_of(equals(one, EVERY_METHOD, "methodPath") for one in found)
        level = all_of([every, *(is_one_of(one, LOGGED, "settings", "loggingLevel") for one in found)])
        level = level if found else failed(f"no MethodSettings of {stage.name}'s API say what is logged")
    return all_of([access, is_true(stage, "xrayTracingEnabled"), level])


@guard(
    "apigateway.stage_cache_is_encrypted",
    on=SETTINGS,
    severity=Severity.HIGH,
    fix="Set settings.cacheDataEncrypted, or keep no cache.",
)
def stage_cache_is_encrypted(settings: Resource) -> Verdict:
    """A cache holds what the model said about people, for whoever asks the same."""
    cached = settings.get("settings", "cachingEnabled")
    sealed = is_true(settings, "settings", "cacheDataEncrypted")
    if is_dark(cached):
        return any_of([undecided(f"settings.cachingEnabled of {settings.name} is not known yet"), sealed])
    return sealed if cached is True else NO_CACHE


@guard(
    "apigateway.way_in_and_out_is_sealed",
    on=(STAGE, *DOMAINS),
    severity=Severity.MEDIUM,
    fix=f"Set securityPolicy of a domain to {CURRENT_TLS} or newer; give a stage a clientCertificateId.",
)
def way_in_and_out_is_sealed(thing: Resource, graph: Graph) -> Verdict:
    """Old versions of TLS can be read along; a backend should answer nobody but the gateway."""
    if thing.type == STAGE:
        return is_given(graph, thing, "clientCertificateId")
    path = ("securityPolicy",) if thing.type == DOMAINS[0] else ("domainNameConfiguration", "securityPolicy")
    said = thing.get(*path)
    return holds(
        said,
        lambda policy: policy is not None and (policy == CURRENT_TLS or policy.startswith("SecurityPolicy_TLS1")),
        f"{'.'.join(path)} of {thing.name}",
        f"{CURRENT_TLS} or newer",
    )


@guard(
    "apigateway.stage_stands_behind_a_web_acl",
    on=STAGE,
    severity=Severity.MEDIUM,
    fix="Declare a WebAclAssociation for the stage, or make the API private.",
)
def stage_stands_behind_a_web_acl(stage: Resource, graph: Graph) -> Verdict:
    """What is public is tried by machines all day; a web ACL takes those off."""
    api = graph.linked(stage, "restApi")
    if isinstance(api, Resource):
        private = _private(api)
        if private.state is State.PASS:
            return PRIVATE
    found = each_companion(graph, stage, JOINED, lambda one: is_given(graph, one, "webAclArn"))
    return found if isinstance(api, Resource) else any_of([found, undecided(f"the API of {stage.name} is not seen")])


def _private(api: Resource) -> Verdict:
    types = api.get("endpointConfiguration", "types")
    if types is None:
        types = api.get("endpointConfiguration", 0, "types")
    return holds(types, lambda said: "PRIVATE" in str(said), f"endpointConfiguration.types of {api.name}", "PRIVATE")


@guard(
    "apigateway.call_is_authorised",
    on=(METHOD, HTTP_ROUTE),
    severity=Severity.CRITICAL,
    fix="Set authorization (of a route: authorizationType) to AWS_IAM, CUSTOM, JWT or COGNITO_USER_POOLS.",
)
def call_is_authorised(method: Resource) -> Verdict:
    """An API key counts calls and proves nothing: only an authoriser knows who asks."""
    if method.get("httpMethod") == "OPTIONS":
        return IS_OPTIONS
    name = "authorization" if method.type == METHOD else "authorizationType"
    return holds(
        method.get(name),
        lambda said: said not in {None, "NONE"},
        f"{name} of {method.name}",
        "by IAM or an authoriser",
    )


@guard(
    "apigateway.api_is_private",
    on=API,
    severity=Severity.HIGH,
    fix="Set endpointConfiguration.types to PRIVATE, with the network's execute-api endpoint in vpcEndpointIds.",
)
def api_is_private(api: Resource) -> Verdict:
    """A model for the wards need not be reachable from the internet."""
    return _private(api)


@guard(
    "apigateway.payload_stays_out_of_logs",
    on=SETTINGS,
    severity=Severity.HIGH,
    fix="Leave settings.dataTraceEnabled off.",
)
def payload_stays_out_of_logs(settings: Resource) -> Verdict:
    """A data trace writes every request and answer into the log: people's data in a place nobody registered."""
    return is_not_on(settings, "settings", "dataTraceEnabled")


@guard(
    "apigateway.request_is_validated",
    on=METHOD,
    severity=Severity.LOW,
    fix="Set requestValidatorId, and requestModels that say what a call may hold.",
)
def request_is_validated(method: Resource, graph: Graph) -> Verdict:
    """What the model was not made for, and what is longer than it should be, is refused before anybody reads it."""
    return IS_OPTIONS if method.get("httpMethod") == "OPTIONS" else is_given(graph, method, "requestValidatorId")
