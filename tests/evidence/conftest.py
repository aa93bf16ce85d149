"""Bundles that most tests of this room need."""

from __future__ import annotations

import pytest

from core.outcome import Change, Outcome, Status
from core.verdict import State
from evidence.bundle import Bundle, Kind
from tests.evidence.bundles import URN, all_states, bundle, finding


@pytest.fixture
def five() -> Bundle:
    return bundle(all_states())


@pytest.fixture
def applied() -> Bundle:
    outcomes = (
        Outcome(URN + "ward-prod-raw", "aws:s3/bucket:Bucket", Change.CREATED, Status.VERIFIED),
        Outcome(
            URN + "ward-prod-lake", "aws:s3/bucket:Bucket", Change.CREATED, Status.UNVERIFIED, ("policy is a gap",)
        ),
        Outcome(URN + "ward-prod-old", "aws:s3/bucket:Bucket", Change.CREATED, Status.FAILED, ("tags differ",)),
    )
    return bundle(all_states(), kind=Kind.LOCAL_APPLY, observed=(finding(State.PASS),), outcomes=outcomes)
