from __future__ import annotations

import pytest

from components.expiry import SETTLING_DAYS, expiry


@pytest.mark.parametrize(
    ("days", "settles", "moved"), [(SETTLING_DAYS, True, True), (SETTLING_DAYS - 1, True, False), (365, False, False)]
)
def test_only_what_is_kept_long_and_tells_of_nobody_is_moved_by_use(days: int, moved: bool, *, settles: bool) -> None:
    keep, _ = expiry(days, 30, settles=settles)
    assert keep.get("transitions") == ([{"days": 0, "storage_class": "INTELLIGENT_TIERING"}] if moved else None)
    assert keep["expiration"] == {"days": days}
