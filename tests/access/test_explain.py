from __future__ import annotations

from access.decide import decide
from access.document import Document
from access.explain import as_data, headline, layer_lines, shown, verdict, who
from tests.access.conftest import EVERY_CASE, Case, layers_of, request_of


def test_a_symbol_is_shown_as_what_people_would_write() -> None:
    assert shown("arn:aws:s3:::ward-⟨ward⟩/⟨any⟩") == "arn:aws:s3:::ward-…/*"
    assert shown("arn:aws:kms:r:a:key/⟨ward-key⟩") == "arn:aws:kms:r:a:key/⟨ward-key⟩"


def test_every_layer_of_every_case_is_told_in_words(case: Case) -> None:
    if "fault" in case.told:
        return
    request, layers = request_of(case.told), layers_of(case.told)
    decision = decide(request, layers)
    told = dict(layer_lines(decision))
    assert all(told.values())
    assert decision.outcome.value.upper() in headline(request, decision)
    assert str(decision.layer) in verdict(decision)
    assert who(request)
    data = as_data(request, decision, layers, [])
    assert [entry["layer"] for entry in data["layers"]] == [str(said.layer) for said in decision.said]


def test_the_statement_that_decided_is_quoted_with_what_it_says() -> None:
    case = next(one for one in EVERY_CASE if one.ids == ("S02",))
    decision = decide(request_of(case.told), layers_of(case.told))
    assert (
        dict(layer_lines(decision))["resource policy"]
        == 'denies: "Closed" of policy, denies s3:* on arn:aws:s3:::ward/*'
    )
    assert verdict(decision) == 'resource policy, "Closed" of policy: denied explicitly (S02)'


def test_a_condition_is_told_with_its_key_operator_and_values() -> None:
    case = next(one for one in EVERY_CASE if one.ids == ("S41",))
    (policy,) = layers_of(case.told).identity
    assert isinstance(policy, Document)
    said = dict(layer_lines(decide(request_of(case.told), layers_of(case.told))))["identity policies"]
    assert "when s3:prefix StringEquals b/, a/ and aws:RequestedRegion StringEquals eu-west-1" in said
