"""The condition operators: one table of comparisons, and the modifiers that go with any of them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import ipaddress
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any


class Family(StrEnum):
    """What is compared, and how its values are written."""

    STRING = "string"
    ANY_CASE = "string, case ignored"
    LIKE = "string with wildcards"
    ARN = "ARN with wildcards"
    NUMBER = "number"
    DATE = "date"
    TRUTH = "true or false"
    BINARY = "base64"
    ADDRESS = "IP address or range"
    PRESENCE = "presence"


class Quantifier(StrEnum):
    """How the values of a request's key are to agree."""

    ONE = ""
    EVERY = "ForAllValues"
    SOME = "ForAnyValue"


Compare = Callable[[Any, Any], bool]
EQUAL: Compare = operator.eq


@dataclass(frozen=True, slots=True)
class Operator:
    """A comparison with its modifiers."""

    text: str
    family: Family
    compare: Compare = EQUAL
    negated: bool = False
    if_exists: bool = False
    quantifier: Quantifier = Quantifier.ONE

    @property
    def demands_presence(self) -> bool:
        """Whether a request without the key can never satisfy it."""
        relaxed = self.negated or self.if_exists or self.quantifier is Quantifier.EVERY
        return not relaxed and self.family is not Family.PRESENCE


def _ordered(word: str, family: Family) -> dict[str, Operator]:
    """The six comparisons of an ordered family."""
    found = {f"{word}NotEquals": Operator(f"{word}NotEquals", family, EQUAL, negated=True)}
    for ending, compare in (
        ("Equals", operator.eq),
        ("LessThan", operator.lt),
        ("LessThanEquals", operator.le),
        ("GreaterThan", operator.gt),
        ("GreaterThanEquals", operator.ge),
    ):
        found[word + ending] = Operator(word + ending, family, compare)
    return found


def _both(positive: str, negative: str, family: Family) -> dict[str, Operator]:
    return {positive: Operator(positive, family), negative: Operator(negative, family, negated=True)}


OPERATORS = MappingProxyType(
    {
        name.lower(): found
        for name, found in {
            **_both("StringEquals", "StringNotEquals", Family.STRING),
            **_both("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", Family.ANY_CASE),
            **_both("StringLike", "StringNotLike", Family.LIKE),
            **_both("ArnEquals", "ArnNotEquals", Family.ARN),
            **_both("ArnLike", "ArnNotLike", Family.ARN),
            **_both("IpAddress", "NotIpAddress", Family.ADDRESS),
            **_ordered("Numeric", Family.NUMBER),
            **_ordered("Date", Family.DATE),
            "Bool": Operator("Bool", Family.TRUTH),
            "BinaryEquals": Operator("BinaryEquals", Family.BINARY),
            "Null": Operator("Null", Family.PRESENCE),
        }.items()
    }
)
WITH_VARIABLES = frozenset({Family.STRING, Family.ANY_CASE, Family.LIKE, Family.ARN})
"""Where policy variables stand for values (S51)."""
WITH_WILDCARDS = frozenset({Family.LIKE, Family.ARN})
MODIFIED = re.compile(r"(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?", re.IGNORECASE)


def operator_of(text: str) -> Operator | None:
    """The operator that the text names, with its modifiers; None where AWS knows none of this name."""
    found = MODIFIED.fullmatch(text)
    plain = OPERATORS.get(found[2].lower()) if found else None
    if found is None or plain is None or (plain.family is Family.PRESENCE and (found[1] or found[3])):
        return None
    word = (found[1] or "").lower()
    quantifier = next(one for one in Quantifier if one.value.lower() == word)
    return Operator(text, plain.family, plain.compare, plain.negated, bool(found[3]), quantifier)


EXPECTED = MappingProxyType(
    {
        Family.NUMBER: "a number",
        Family.DATE: "a date such as 2026-01-31T00:00:00Z, or seconds since 1970",
        Family.TRUTH: "true or false",
        Family.PRESENCE: "true or false",
        Family.BINARY: "base64",
        Family.ADDRESS: "an IP address or range such as 10.0.0.0/8",
    }
)


@lru_cache(maxsize=8192)
def read_value(family: Family, text: str) -> object:
    """The value that a text stands for in this family. Raises ValueError with what is expected where it is none."""
    try:
        return READERS.get(family, str)(text)
    except (ValueError, ArithmeticError, OSError) as error:
        msg = EXPECTED.get(family, "a text")
        raise ValueError(msg) from error


def _number(text: str) -> Decimal:
    found = Decimal(text.strip())
    if not found.is_finite():
        raise ValueError
    return found


DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?", re.ASCII)
EPOCH = re.compile(r"[0-9]{5,}(\.[0-9]+)?")


def _date(text: str) -> datetime:
    """https://www.w3.org/TR/NOTE-datetime, or seconds since 1970."""
    if EPOCH.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC)
    found = DATE.fullmatch(text)
    if found is None:
        raise ValueError
    year, month, day, minute, second, zone = found.groups()
    moment = f"{year}-{month or '01'}-{day or '01'}T{minute or '00:00'}{_seconds(second)}"
    return datetime.fromisoformat(moment + (zone or "Z"))


def _seconds(text: str | None) -> str:
    """Microseconds at most: more digits than Python reads say nothing more here."""
    whole, _, rest = (text or ":00").partition(".")
    return f"{whole}.{rest[:6]:0<6}" if rest else whole


def _truth(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError
    return text.lower() == "true"


def _binary(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _address(text: str) -> Network:
    """An address without prefix is one host (S50)."""
    return ipaddress.ip_network(text, strict=False)


def within(theirs: object, ours: object) -> bool:
    """Whether an address lies in a range; those of the two protocols never do (S50)."""
    if isinstance(theirs, ipaddress.IPv4Network) and isinstance(ours, ipaddress.IPv4Network):
        return theirs.subnet_of(ours)
    if isinstance(theirs, ipaddress.IPv6Network) and isinstance(ours, ipaddress.IPv6Network):
        return theirs.subnet_of(ours)
    return False


READERS: MappingProxyType[Family, Callable[[str], object]] = MappingProxyType(
    {
        Family.ANY_CASE: str.casefold,
        Family.NUMBER: _number,
        Family.DATE: _date,
        Family.TRUTH: _truth,
        Family.PRESENCE: _truth,
        Family.BINARY: _binary,
        Family.ADDRESS: _address,
    }
)
