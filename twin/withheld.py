"""Values that must be sent and must not be seen: compared by their digest, which is all that a reading holds."""

from __future__ import annotations

import hashlib

from twin.forms import Form


class Withheld(Form):
    """A secret text: sent as it is, shown as its digest."""

    def decode(self, value: str | None) -> str | None:
        """What tells two values apart without telling either."""
        return None if value is None else f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"


WITHHELD = Withheld()
