from __future__ import annotations

from access.decide import Outcome, decide
from access.graph_identity import caller_of, identity_of, role_named
from access.layers import Layers
from access.named import place_in, with_names
from access.request import Request
from core.graph import Graph, graph_of
from core.resource import Resource
from core.value import Unknown
from tests.access.test_graph import HOME, REGION, allow, urn

ROLE, POLICY = "aws:iam/role:Role", "aws:iam/policy:Policy"
USER, GROUP = "aws:iam/user:User", "aws:iam/group:Group"
JOINED = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def saved() -> Graph:
    """As a plan is saved: what one resource makes and another takes is not known yet."""
    role, policy = urn(ROLE, "reader"), urn(POLICY, "reads")
    return graph_of(
        [
            Resource(ROLE, role, {"assumeRolePolicy": "{}"}),
            Resource(POLICY, policy, {"policy": allow("s3:GetObject")}),
            Resource(
                JOINED,
                urn(JOINED, "reads"),
                {"role": Unknown(f"{role}.name"), "policyArn": Unknown(f"{policy}.arn")},
                property_dependencies={"role": frozenset({role}), "policyArn": frozenset({policy})},
            ),
        ]
    )


def test_a_saved_plan_gets_its_names_and_its_parts_meet() -> None:
    graph = with_names(saved(), HOME, REGION)
    role = role_named(graph, "reader")
    assert role.get("arn") == f"arn:aws:iam::{HOME}:role/reader-⟨reader⟩"
    request = Request(caller_of(role), "s3:GetObject", "arn:aws:s3:::ward/a", HOME)
    assert decide(request, Layers(identity=identity_of(graph, role))).outcome is Outcome.ALLOWED


def test_what_is_known_already_is_kept() -> None:
    arn = f"arn:aws:iam::{HOME}:role/there"
    graph = with_names(graph_of([Resource(ROLE, urn(ROLE, "r"), {}, {"arn": arn, "id": "there"})]), HOME, REGION)
    assert graph.resources[0].get("arn") == arn


def test_terraform_makes_up_whole_names() -> None:
    graph = with_names(graph_of([Resource(ROLE, f"urn:terraform::{ROLE}::aws_iam_role.r", {})]), HOME, REGION)
    assert graph.resources[0].get("arn") == f"arn:aws:iam::{HOME}:role/⟨aws_iam_role.r⟩"


def test_account_and_region_are_those_that_most_arns_name() -> None:
    key = Resource("aws:kms/key:Key", urn("k", "k"), {}, {"arn": f"arn:aws:kms:{REGION}:{HOME}:key/1"})
    role = Resource(ROLE, urn(ROLE, "r"), {"x": "arn:aws:iam::444455556666:role/x"})
    assert place_in(graph_of([key, role])) == (HOME, REGION)
    assert place_in(graph_of([role])) == ("444455556666", "")
    assert place_in(graph_of([])) == ("", "")


def members(*more: Resource) -> tuple[Graph, Resource]:
    user = Resource(USER, urn(USER, "ann"), {"name": "ann"}, {"arn": f"arn:aws:iam::{HOME}:user/ann"})
    group = Resource(GROUP, urn(GROUP, "staff"), {"name": "staff"})
    held = Resource("aws:iam/groupPolicy:GroupPolicy", urn("g", "g"), {"group": "staff", "policy": allow("s3:*")})
    return graph_of([user, group, held, *more]), user


def test_a_user_has_what_its_groups_have() -> None:
    token = "aws:iam/userGroupMembership:UserGroupMembership"
    graph, user = members(Resource(token, urn(token, "m"), {"user": "ann", "groups": ["staff"]}))
    request = Request(caller_of(role_named(graph, "ann")), "s3:GetObject", "arn:aws:s3:::ward/a", HOME)
    assert decide(request, Layers(identity=identity_of(graph, user))).outcome is Outcome.ALLOWED
    assert identity_of(*members()) == ()


def test_a_group_or_an_attachment_that_cannot_be_told_is_unknown() -> None:
    token = "aws:iam/groupMembership:GroupMembership"
    graph, user = members(Resource(token, urn(token, "m"), {"users": [Unknown("elsewhere")], "group": "staff"}))
    assert [type(one) for one in identity_of(graph, user)] == [Unknown]
    elsewhere, ann = members(Resource(token, urn(token, "m"), {"users": ["ann"], "group": "others"}))
    assert [type(one) for one in identity_of(elsewhere, ann)] == [Unknown]


def test_an_attachment_that_lists_its_principals_counts_for_each_of_them() -> None:
    token = "aws:iam/policyAttachment:PolicyAttachment"
    policy = Resource(POLICY, urn(POLICY, "p"), {"policy": allow("s3:*")}, {"arn": f"arn:aws:iam::{HOME}:policy/p"})
    listed = Resource(token, urn(token, "l"), {"users": ["bob", "ann"], "policyArn": f"arn:aws:iam::{HOME}:policy/p"})
    assert len(identity_of(*members(policy, listed))) == 1
