from __future__ import annotations

from typing import Any

import pytest

from policies.address import is_everywhere


@pytest.mark.parametrize(
    "text", ["0.0.0.0/0", "::/0", "128.0.0.0/1", "0.0.0.0/1", "8.0.0.0/8", "2000::/3", "10.0.0.0/7"]
)
def test_a_range_that_names_nobody_is_everywhere(text: str) -> None:
    assert is_everywhere(text)


@pytest.mark.parametrize(
    "text", ["10.0.0.0/8", "10.1.2.3", "192.168.0.0/16", "100.64.0.0/10", "fd00::/8", "198.51.100.0/24"]
)
def test_a_range_of_our_own_is_not(text: str) -> None:
    assert not is_everywhere(text)


@pytest.mark.parametrize("text", ["", "anywhere", "10.0.0.0/99", 0, None])
def test_what_is_no_range_is_refused(text: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        is_everywhere(text)
