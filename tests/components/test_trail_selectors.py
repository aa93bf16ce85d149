from __future__ import annotations

from typing import Any

import pulumi

from components import trail_selectors as select
from core.retention import DataClass
from core.value import thawed
from policies import tokens
from tests.components.conftest import Planned
from tests.recovery_programs import audited, captured, home

MOST_VALUES = 500


def test_a_full_trail_has_no_more_values_than_cloudtrail_takes(planned: Planned) -> None:
    chosen: list[Any] = []

    def program() -> None:
        arn = pulumi.Output.from_input("arn:aws:s3:::any")
        share, rest = divmod(select.MOST_BUCKETS, len(DataClass))
        watched: dict[str, list[select.Arn]] = {data_class: [arn] * share for data_class in DataClass}
        watched[DataClass.HEALTH] = [arn] * (share + rest)
        chosen[:] = [
            select.management(),
            *select.object_events(watched),
            select.removals_from(arn),
            *select.sagemaker_events(),
            select.function_calls(),
            *select.refused_at_endpoints(),
        ]

    planned(program)
    fields = [field for one in chosen for field in one.field_selectors]
    assert sum(len(field.equals or field.starts_withs) for field in fields) == MOST_VALUES


def test_calls_of_functions_and_refusals_of_endpoints_are_recorded() -> None:
    graph = captured(lambda: audited(home()))
    (trail,) = graph.of_type(tokens.TRAIL)
    said = [
        {field["field"]: field.get("equals") for field in one["fieldSelectors"]}
        for one in thawed(trail.get("advancedEventSelectors"))
    ]
    assert {"eventCategory": ["Data"], "resources.type": ["AWS::Lambda::Function"]} in said
    refused = [one for one in said if one["eventCategory"] == ["NetworkActivity"]]
    assert {one["eventSource"][0] for one in refused} >= {"kms.amazonaws.com", "s3.amazonaws.com"}
    assert all(one["errorCode"] == ["VpceAccessDenied"] and len(one["eventSource"]) == 1 for one in refused)


def test_unusual_rates_of_calls_and_of_errors_are_noticed() -> None:
    graph = captured(lambda: audited(home()))
    (trail,) = graph.of_type(tokens.TRAIL)
    kinds = [one["insightType"] for one in thawed(trail.get("insightSelectors"))]
    assert kinds == ["ApiCallRateInsight", "ApiErrorRateInsight"]
