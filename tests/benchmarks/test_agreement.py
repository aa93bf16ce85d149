"""The variants that our guards and cdk-nag are compared over, without cdk-nag."""

from __future__ import annotations

import tomllib
from collections import Counter

from benchmarks.agreement import ARGUED, compared, ours
from benchmarks.variants import MORE, SUBJECTS, variants
from policies.judge import guards

EVERY = list(variants())
ALL = (*SUBJECTS, *MORE)


def test_there_are_enough_variants_good_and_bad_for_every_rule() -> None:
    assert len(EVERY) >= 500
    said: dict[str, Counter[str]] = {}
    for variant in EVERY:
        for rule, names in variant.subject.rules.items():
            said.setdefault(rule, Counter())[ours(variant, names)] += 1
    one_sided = {rule: dict(counted) for rule, counted in said.items() if not {"pass", "fail"} <= set(counted)}
    assert one_sided == {}


def test_each_variant_is_said_in_both_languages() -> None:
    for variant in EVERY:
        assert variant.urn in variant.graph.by_urn
        assert "Judged" in variant.template


def test_an_answer_of_cdk_nag_is_told_apart_from_one_it_could_not_give() -> None:
    rule = next(iter(EVERY[0].subject.rules))
    found = compared(EVERY[:2], {"0": [rule], "1": [f"{rule}?"]})
    assert {case[1] for case in found if case[0] == rule} == {"fail", "unknown"}


def test_every_argument_is_about_a_rule_that_is_compared_and_says_why() -> None:
    compared_rules = {rule for subject in ALL for rule in subject.rules}
    argued = tomllib.loads(ARGUED.read_text(encoding="utf-8"))["argued"]
    assert {entry["rule"] for entry in argued} <= compared_rules
    assert all(entry["why"] for entry in argued)
    assert {name for subject in ALL for names in subject.rules.values() for name in names} <= set(guards())
