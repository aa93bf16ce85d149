"""Perimeters: whom they refuse, whom they spare, and what notices that they would shut a service out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from components.annex import Annex, AnnexArgs
from components.feature_group import FeatureGroup, FeatureGroupArgs
from components.object_lock import lock_for
from components.perimeter import ATHENA, BUT_ERASING, Perimeter
from components.query_workgroup import QueryWorkgroup, QueryWorkgroupArgs
from components.replica import Replica, ReplicaArgs
from components.role import arn_of
from core.errors import BadInput
from core.iam_metadata import iam_metadata
from core.naming import Name
from tests import data_lake_programs as lakes
from tests import recovery_programs as recoveries
from tests.storage_ground import AWAY, HERE, NETWORK, RESIDENCY, Ground, one, planned, statements

KNOWN = Path(__file__).parents[2] / "policies/data/iam.json"
POLICY, GROUP_POLICY = "aws:s3/bucketPolicy:BucketPolicy", "aws:iam/policy:Policy"
EMPTY = Perimeter([NETWORK])
COPIER = "arn:aws:iam::123456789012:role/strongroom-prod-copied-copier-role-*"


def copied(ground: Ground, perimeter: Perimeter) -> None:
    logs = ground.logs()
    away = Annex(ground.name / "away", AnnexArgs(HERE, AWAY, RESIDENCY, str(ground.name), 365), ground.home)
    source = ground.bucket("raw", logs, lock=lock_for("prod", 30), perimeter=perimeter)
    limit = HERE.arn("iam", "policy/limit", "")
    given = ReplicaArgs(source, HERE, AWAY, RESIDENCY, away.access_logs, limit, away.provider)
    Replica(ground.name / "copied", given, ground.home)


def said(perimeter: Perimeter) -> Mapping[str, Any]:
    graph = planned(lambda ground: ground.bucket("raw", ground.logs(), perimeter=perimeter))
    return statements(graph, one(graph, POLICY, "-raw-"))


def test_everything_done_to_objects_is_refused_to_whoever_calls_from_elsewhere() -> None:
    found = said(Perimeter([NETWORK], [COPIER]))["OnlyFromInside"]
    assert (found["Effect"], found["Principal"], list(found["Action"])) == ("Deny", {"AWS": "*"}, ["s3:*"])
    assert found["Condition"] == {
        "StringNotEquals": {"aws:SourceVpc": (NETWORK,)},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        "ArnNotLike": {"aws:PrincipalArn": (COPIER,)},
    }
    assert len(found["Resource"]) == 1


def test_without_roles_to_spare_none_is_spared() -> None:
    assert "ArnNotLike" not in said(EMPTY)["OnlyFromInside"]["Condition"]


def test_athena_is_let_in_only_where_it_is_asked() -> None:
    asked = said(Perimeter([NETWORK], asked_by_athena=True))
    assert all(
        asked[sid]["Condition"]["StringNotEquals"]["aws:CalledViaFirst"] == ATHENA
        for sid in ("OnlyFromInside", "NamesOnlyFromInside")
    )
    assert "aws:CalledViaFirst" not in said(EMPTY)["OnlyFromInside"]["Condition"]["StringNotEquals"]


def test_names_are_kept_from_people_outside_and_not_from_a_deployment_that_looks_for_the_bucket() -> None:
    names = said(EMPTY)["NamesOnlyFromInside"]
    assert names["Condition"] == {
        "StringNotEquals": {"aws:SourceVpc": (NETWORK,)},
        "StringEquals": {"aws:PrincipalTag/strongroom:taken-by": "people"},
    }
    assert all(action.startswith("s3:List") for action in names["Action"])


def test_a_copy_is_erased_from_anywhere_and_opened_from_inside_only() -> None:
    graph = planned(lambda ground: copied(ground, Perimeter([NETWORK], [COPIER, "another"], asked_by_athena=True)))
    found = statements(graph, one(graph, POLICY, "-copied-copy-"))
    assert "NamesOnlyFromInside" not in found
    assert list(found["OnlyFromInside"]["Action"]) == list(BUT_ERASING)
    assert found["OnlyFromInside"]["Condition"] == {
        "StringNotEquals": {"aws:SourceVpc": (NETWORK,)},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        "ArnNotLike": {"aws:PrincipalArn": (COPIER,)},
    }


def test_a_copy_takes_everything_that_is_done_to_objects_but_to_delete_them() -> None:
    known = iam_metadata(KNOWN.read_text(encoding="utf-8")).matching("s3:*")
    on_objects = {one.name for one in known if {part.rstrip("*") for part in one.resources} & {"object"}}
    left = {name for name in on_objects if not any(fnmatchcase(name, shape) for shape in BUT_ERASING)}
    assert left == {"s3:DeleteObject", "s3:DeleteObjectVersion"}


def shut_lake() -> None:
    above = lakes.home()
    lakes.lake(above, store=lakes.bucket("visits", above, perimeter=EMPTY))


def shut_group() -> None:
    above = lakes.home()
    history = lakes.bucket("history", above, perimeter=EMPTY)
    FeatureGroup(lakes.name() / "features", FeatureGroupArgs(lakes.PLACE, lakes.VISITS, history), above)


def shut_plan() -> None:
    above = recoveries.home()
    recoveries.backed_up(above, stores=[recoveries.store(above, perimeter=EMPTY)])


@pytest.mark.parametrize(
    ("program", "role"),
    [(shut_lake, "lake-vendor"), (shut_group, "features-writer"), (shut_plan, "backup-maker")],
)
def test_whatever_works_by_a_role_of_a_service_says_that_it_would_be_shut_out(
    program: Callable[[], None], role: str
) -> None:
    with pytest.raises(BadInput, match=rf"role/strongroom-[a-z]+-{role}-role-\* stands in no network; spare it"):
        lakes.captured(program)


def test_a_copy_says_that_its_source_shuts_it_out() -> None:
    with pytest.raises(BadInput, match=r"copied-copier-role-.* stands in no network; spare it in the perimeter"):
        planned(lambda ground: copied(ground, EMPTY))


def test_the_arn_of_a_role_is_known_before_the_role_but_for_its_ending() -> None:
    graph = planned(lambda ground: ground.role("reader"))
    name = one(graph, "aws:iam/role:Role", "reader").name
    assert arn_of(HERE, Name("strongroom-prod-reader", {})) == f"arn:aws:iam::123456789012:role/{name}-*"


def test_questions_about_people_are_asked_from_their_network() -> None:
    def program() -> None:
        above = lakes.home()
        answers = lakes.bucket("answers", above, keep_days=30, undo_days=7)
        args = QueryWorkgroupArgs(lakes.PLACE, answers, network=NETWORK)
        QueryWorkgroup(lakes.name() / "questions", args, above).grant_query(lakes.reader(above))

    graph = lakes.captured(program)
    (asks,) = [
        statement
        for policy in graph.of_type(GROUP_POLICY)
        for statement in lakes.statements(graph, policy)
        if "athena:StartQueryExecution" in statement["Action"]
    ]
    assert asks["Condition"] == {"StringEquals": {"aws:SourceVpc": NETWORK}}
