"""Values of a condition key that stand for all its values: one for each way in which the tests of it can come out."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from access.classes import classes
from access.condition import KeyHolds
from access.document import Test
from access.glyphs import Glyph, Wild, glyphs
from access.language import COLON, Language
from access.operators import Family, read_value
from access.request import SEGMENTS
from access.wildcard import Part, Pattern, TextFits, Variable
from core.value import Unknown

TEXTS = frozenset({Family.STRING, Family.ANY_CASE, Family.LIKE, Family.ARN})
ADDRESSES = ("203.0.113.7", "2001:db8::7")
"""https://www.rfc-editor.org/rfc/rfc5737 and https://www.rfc-editor.org/rfc/rfc3849: nobody's addresses."""
TRUTHS = ("true", "false")


class Mixed(Exception):  # noqa: N818 - no fault: a limit that is reported as such
    """Tests of one key that read it in ways whose values cannot be sampled together."""


def samples(probes: Sequence[KeyHolds | TextFits], region: Language | None = None) -> tuple[str, ...]:
    """Texts, such that the probes come out on any text as they do on one of these. Raises TooManyClasses or Mixed."""
    tests = [probe.test for probe in probes if isinstance(probe, KeyHolds)]
    families = {test.operator.family for test in tests} - {Family.PRESENCE}
    languages = [language for probe in probes for language in _languages(probe)]
    typed = sorted(families - TEXTS)
    if len(typed) > 1 or (typed and not all(one.is_literal() for one in languages)):
        raise Mixed
    found: list[str] = []
    for family in typed:
        found += SAMPLERS[family]([text for test in tests if test.operator.family is family for text in _texts(test)])
    if not typed or languages or region:
        found += classes(languages, region)
    if not typed and region is None and any(test.operator.family is Family.PRESENCE for test in tests):
        found.append("")
    return tuple(dict.fromkeys(found))


def _texts(test: Test) -> Iterator[str]:
    for value in () if isinstance(test.values, Unknown) else test.values:
        if isinstance(value, Pattern):
            yield value.text


def _languages(probe: KeyHolds | TextFits) -> Iterator[Language]:
    if isinstance(probe, TextFits):
        yield Language(spread(probe.parts))
        return
    family = probe.test.operator.family
    if family not in TEXTS or isinstance(probe.test.values, Unknown):
        return
    for value in probe.test.values:
        if isinstance(value, Pattern):
            yield _language(value, family, probe.before)


def _language(value: Pattern, family: Family, before: str) -> Language:
    if family is not Family.ARN:
        return Language(spread(value.parts), folded=family is Family.ANY_CASE, before=before)
    shape = spread(value.parts)
    short = SEGMENTS - 1 - sum(glyph == COLON for glyph in shape)
    rest: tuple[Glyph, ...] = (COLON, Wild.ANY) * max(short, 0)
    return Language(shape if value.text == "*" else (*shape, *rest), bounded=value.text != "*", before=before)


def spread(parts: Sequence[Part]) -> tuple[Glyph, ...]:
    """The glyphs of a pattern, each character on its own."""
    found: list[Glyph] = []
    for part in parts:
        if isinstance(part, Variable):
            continue
        found += glyphs(part) if isinstance(part, str) else (part,)
    return tuple(found)


def _ordered(points: Sequence[Any], before: Any, after: Any, between: Any) -> Iterator[Any]:
    """Each point, and something on either side of it."""
    yield before(points[0])
    for point, following in zip(points, [*points[1:], None], strict=True):
        yield point
        yield after(point) if following is None else between(point, following)


def _numbers(texts: Sequence[str]) -> list[str]:
    points = sorted({Decimal(text.strip()) for text in texts})
    if not points:
        return ["1"]
    one = Decimal(1)
    return [_shown(item) for item in _ordered(points, lambda low: low - one, lambda top: top + one, _between)]


def _between(low: Decimal, high: Decimal) -> Decimal:
    """A whole number where there is one."""
    whole = (low + 1).to_integral_value(rounding="ROUND_FLOOR")
    if low < whole < high:
        return whole
    half = (Fraction(low) + Fraction(high)) / 2
    return Decimal(half.numerator) / Decimal(half.denominator)


def _shown(number: Decimal) -> str:
    return format(number, "f")


def _dates(texts: Sequence[str]) -> list[str]:
    points = sorted({_date(text) for text in texts})
    if not points:
        return ["2026-01-01T00:00:00Z"]
    day = timedelta(days=1)
    found = _ordered(points, lambda low: low - day, lambda top: top + day, lambda low, high: low + (high - low) / 2)
    return [moment.astimezone(UTC).isoformat().replace("+00:00", "Z") for moment in found]


def _date(text: str) -> datetime:
    found = read_value(Family.DATE, text)
    if not isinstance(found, datetime):
        raise TypeError(text)
    return found


def _addresses(texts: Sequence[str]) -> list[str]:
    """One address on either side of every border of a range."""
    found = list(ADDRESSES)
    for text in texts:
        network = ipaddress.ip_network(text, strict=False)
        first, last = int(network.network_address), int(network.broadcast_address)
        kind = type(network.network_address)
        found += [str(kind(at)) for at in (first, last + 1, first - 1) if 0 <= at < 2**network.max_prefixlen]
    return found


def _truths(_texts: Sequence[str]) -> list[str]:
    return list(TRUTHS)


def _binaries(texts: Sequence[str]) -> list[str]:
    return [*texts, "c29tZXRoaW5nIGVsc2U="]


SAMPLERS = {
    Family.NUMBER: _numbers,
    Family.DATE: _dates,
    Family.ADDRESS: _addresses,
    Family.TRUTH: _truths,
    Family.BINARY: _binaries,
}
