from __future__ import annotations

import pulumi_aws as aws

from components.outpost import Outpost, OutpostArgs
from components.place import place_of
from core.graph import PROVIDER_PREFIX
from tests.storage_ground import Ground, planned

OTHER = place_of("444455556666", "eu-central-1")


def test_what_hangs_below_it_is_made_in_the_other_account_and_nothing_else_is() -> None:
    def program(ground: Ground) -> None:
        there = aws.Provider("there", region=OTHER.region, allowed_account_ids=[OTHER.account])
        above = Outpost(ground.name / "far", OutpostArgs(OTHER, there), ground.home)
        aws.sns.Topic("abroad", opts=above.child)
        aws.sns.Topic("at-home", opts=ground.home.child)

    graph = planned(program)
    made = {topic.name: graph.by_urn[topic.provider] for topic in graph.of_type("aws:sns/topic:Topic")}
    assert all(provider.type.startswith(PROVIDER_PREFIX) for provider in made.values())
    assert made["abroad"].name == "there"
    assert made["at-home"].name == "strongroom-prod-home"
    (outpost,) = graph.of_type("strongroom:index:Outpost")
    assert (outpost.get("account"), outpost.get("region")) == (OTHER.account, OTHER.region)
