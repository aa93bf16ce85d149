"""Random requests with the policies they meet: dense enough that every layer decides some of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from access.caller import Caller, Who

HOME, AWAY = "111122223333", "444455556666"
REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{HOME}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
QUEUE, TOPIC = f"arn:aws:sqs:{REGION}:{HOME}:calls", f"arn:aws:sns:{REGION}:{HOME}:alarms"
SECRET = f"arn:aws:secretsmanager:{REGION}:{HOME}:secret:token-a1b2c3"
ROLE = f"arn:aws:iam::{HOME}:role/nurse"
CALLS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "s3": (
        ("GetObject", "PutObject", "DeleteObject", "GetObjectVersion"),
        ("arn:aws:s3:::ward/a", "arn:aws:s3:::ward/team/b"),
    ),
    "s3 bucket": (("ListBucket", "GetBucketPolicy", "PutBucketPolicy"), ("arn:aws:s3:::ward",)),
    "kms": (("Decrypt", "Encrypt", "DescribeKey", "ScheduleKeyDeletion", "CreateGrant"), (KEY,)),
    "sqs": (("SendMessage", "ReceiveMessage", "DeleteQueue"), (QUEUE,)),
    "sns": (("Publish", "Subscribe"), (TOPIC,)),
    "secretsmanager": (("GetSecretValue", "PutSecretValue", "DescribeSecret"), (SECRET,)),
    "sts": (("AssumeRole",), (ROLE,)),
    "ec2": (("StopInstances", "TerminateInstances"), (f"arn:aws:ec2:{REGION}:{HOME}:instance/i-0a1b2c3d4e5f60718",)),
    "iam": (("PassRole", "GetRole", "DeleteRole"), (ROLE,)),
    "dynamodb": (("GetItem", "PutItem"), (f"arn:aws:dynamodb:{REGION}:{HOME}:table/wards",)),
}
"""A service, `bucket` telling its other kind of resource apart -> actions and resources."""
RESOURCE_POLICY = frozenset({"s3", "kms", "sqs", "sns", "secretsmanager", "sts", "dynamodb"})
MANDATORY = frozenset({"kms", "sts"})
"""Services without whose policy nothing can be told (S05)."""
CALLERS: tuple[Caller, ...] = (
    Caller(Who.USER, f"arn:aws:iam::{HOME}:user/alice"),
    Caller(Who.USER, f"arn:aws:iam::{AWAY}:user/bob"),
    Caller(Who.SESSION, f"arn:aws:iam::{HOME}:role/analyst", session="ann", tags={"team": "ward"}),
    Caller(Who.SESSION, f"arn:aws:iam::{AWAY}:role/guest", session="gus", tags={"team": "lab"}),
    Caller(Who.ROOT, f"arn:aws:iam::{HOME}:root"),
    Caller(Who.FEDERATED_USER, f"arn:aws:sts::{HOME}:federated-user/fay", parent=f"arn:aws:iam::{HOME}:user/alice"),
    Caller(Who.SERVICE, "logging.s3.amazonaws.com"),
)
VALUES: Mapping[str, tuple[str, ...]] = {
    "aws:SecureTransport": ("true", "false"),
    "aws:RequestedRegion": (REGION, "us-east-1"),
    "aws:SourceIp": ("10.1.2.3", "203.0.113.9", "2001:db8::1"),
    "aws:MultiFactorAuthPresent": ("true", "false"),
    "aws:MultiFactorAuthAge": ("30", "9000"),
    "aws:CurrentTime": ("2026-11-24T12:00:00Z", "2024-01-01T00:00:00Z"),
    "aws:PrincipalTag/team": ("ward", "lab"),
    "aws:PrincipalAccount": (HOME, AWAY),
    "aws:SourceArn": ("arn:aws:s3:::ward", f"arn:aws:cloudtrail:{REGION}:{HOME}:trail/t"),
    "aws:ViaAWSService": ("true", "false"),
}
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "aws:SecureTransport": ("Bool", "StringEquals"),
    "aws:RequestedRegion": ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"),
    "aws:SourceIp": ("IpAddress", "NotIpAddress"),
    "aws:MultiFactorAuthPresent": ("Bool", "BoolIfExists"),
    "aws:MultiFactorAuthAge": ("NumericLessThan", "NumericGreaterThanEquals", "NumericNotEquals"),
    "aws:CurrentTime": ("DateGreaterThan", "DateLessThanEquals"),
    "aws:PrincipalTag/team": ("StringEquals", "StringNotEquals", "StringLike", "StringNotEqualsIgnoreCase"),
    "aws:PrincipalAccount": ("StringEquals", "StringNotEquals"),
    "aws:SourceArn": ("ArnLike", "ArnNotLike", "ArnEquals", "StringLike"),
    "aws:ViaAWSService": ("Bool",),
}
PATTERNS: Mapping[str, tuple[str, ...]] = {
    "aws:RequestedRegion": (REGION, "EU-central-1", "eu-*", "us-east-?"),
    "aws:SourceIp": ("10.0.0.0/8", "203.0.113.9", "2001:db8::/32", "0.0.0.0/0"),
    "aws:MultiFactorAuthAge": ("3600", "30"),
    "aws:CurrentTime": ("2025-06-01T00:00:00Z", "2026-11-24T12:00:00Z"),
    "aws:PrincipalTag/team": ("ward", "WARD", "w*"),
    "aws:SourceArn": ("arn:aws:s3:::*", f"arn:aws:cloudtrail:*:{HOME}:trail/*", "arn:aws:s3:::ward"),
}
SET_KEY = "aws:TagKeys"


@dataclass(frozen=True)
class Case:
    """One request with everything it meets, as the documents stand; None for a layer that is not there."""

    caller: Caller
    action: str
    resource: str
    context: Mapping[str, str | tuple[str, ...]]
    identity: tuple[Mapping[str, Any], ...]
    policy: Mapping[str, Any] | None = None
    boundary: Mapping[str, Any] | None = None
    session: Mapping[str, Any] | None = None
    scps: tuple[Mapping[str, Any], ...] = ()
    rcps: tuple[Mapping[str, Any], ...] = ()
    endpoint: Mapping[str, Any] | None = None


def chance(random: Random, percent: int) -> bool:
    """Whether it happens this time."""
    return random.randrange(100) < percent


def case(random: Random) -> Case:
    """The next case that the generator gives."""
    kind = random.choice(sorted(CALLS))
    verbs, resources = CALLS[kind]
    service = kind.partition(" ")[0]
    verb, resource, caller = random.choice(verbs), random.choice(resources), random.choice(CALLERS)
    write = _Writer(random, service, verbs, resource, caller)
    session = caller.who in {Who.SESSION, Who.FEDERATED_USER} and chance(random, 30)
    human = caller.who in {Who.USER, Who.SESSION, Who.FEDERATED_USER}
    carried = write.context()
    return Case(
        caller,
        f"{service}:{verb}",
        resource,
        carried,
        tuple(write.document() for _ in range(random.choice((0, 1, 1, 2)))) if human else (),
        write.document(principals=True)
        if service in RESOURCE_POLICY and (service in MANDATORY or chance(random, 70))
        else None,
        write.document() if human and chance(random, 30) and caller.who is not Who.FEDERATED_USER else None,
        write.document() if session else None,
        tuple(write.level() for _ in range(random.choice((0, 0, 1, 2)))) if caller.has_identity else (),
        tuple(write.level(denies=True) for _ in range(random.choice((0, 0, 0, 1)))),
        write.document(anyone=True) if chance(random, 10) else None,
    )


@dataclass(frozen=True)
class _Writer:
    """Writes policies about one call: near misses as often as hits."""

    random: Random
    service: str
    verbs: Sequence[str]
    resource: str
    caller: Caller

    def context(self) -> Mapping[str, str | tuple[str, ...]]:
        """Keys of the request that do not follow from the caller."""
        own = self.caller.keys()
        free = [key for key in sorted(VALUES) if key.lower() not in own and not key.startswith("aws:PrincipalTag")]
        chosen = self.random.sample(free, self.random.randint(0, 5))
        found: dict[str, str | tuple[str, ...]] = {key: self.random.choice(VALUES[key]) for key in chosen}
        if chance(self.random, 10):
            found[SET_KEY] = tuple(self.random.sample(("team", "owner", "cost"), self.random.randint(1, 2)))
        return found

    def document(self, *, principals: bool = False, anyone: bool = False) -> Mapping[str, Any]:
        """A document with one to three statements."""
        version = "2008-10-17" if chance(self.random, 6) else "2012-10-17"
        many = self.random.choice((1, 1, 2, 3))
        statements = [self.statement(principals=principals, anyone=anyone) for _ in range(many)]
        return {"Version": version, "Statement": statements}

    def level(self, *, denies: bool = False) -> Mapping[str, Any]:
        """One level of an organisation's policies: everything allowed, then something denied or a narrower list."""
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        if denies:
            one = self.statement(anyone=True, effect="Deny")
            one["Action"] = self.random.choice((f"{self.service}:*", f"{self.service}:{self.verbs[0][:3]}*"))
            one.pop("NotAction", None)
            return {"Version": "2012-10-17", "Statement": [{**everything, "Principal": "*"}, one]}
        more = [self.statement()] if chance(self.random, 60) else []
        held = [everything, *more] if chance(self.random, 85) or not more else more
        return {"Version": "2012-10-17", "Statement": held}

    def statement(self, *, principals: bool = False, anyone: bool = False, effect: str = "") -> dict[str, Any]:
        """One statement."""
        found: dict[str, Any] = {"Effect": effect or ("Deny" if chance(self.random, 20) else "Allow")}
        found |= self._actions()
        if self.service != "sts" or not principals:
            found |= self._resources()
        if principals:
            found |= self._principals(str(found["Effect"]))
        elif anyone:
            found["Principal"] = "*"
        if chance(self.random, 45):
            found["Condition"] = self._condition()
        return found

    def _actions(self) -> dict[str, Any]:
        verb = self.random.choice(self.verbs)
        texts = [f"{self.service}:{verb}", f"{self.service}:{verb[:3]}*", f"{self.service}:*", "*"]
        texts += [f"{self.service.upper()}:{verb.upper()}", f"{self.service}:?{verb[1:]}"]
        if self.service == "sts":
            texts = [f"sts:{verb}", "sts:Assume*", "sts:*"]
        chosen: Any = self.random.choice(texts)
        if chance(self.random, 20):
            chosen = [chosen, self.random.choice(texts)]
        return {"NotAction" if chance(self.random, 8) else "Action": chosen}

    def _resources(self) -> dict[str, Any]:
        head, _, last = self.resource.rpartition(":")
        texts = [self.resource, f"{head}:{last[: len(last) // 2]}*", "*", f"{head}:*", f"{head}:other"]
        texts += [f"{head}:{last[:-1]}?", self.resource.replace(HOME, "*"), f"{head}:{last.upper()}"]
        if self.service == "s3":
            texts += ["arn:aws:s3:::ward/${aws:PrincipalTag/team}/*", "arn:aws:s3:::ward/${aws:username, 'team'}/*"]
        chosen: Any = self.random.choice(texts)
        if chance(self.random, 20):
            chosen = [chosen, self.random.choice(texts)]
        return {"NotResource" if chance(self.random, 8) else "Resource": chosen}

    def _principals(self, effect: str) -> dict[str, Any]:
        account, arn = self.caller.account or HOME, self.caller.arn
        texts: list[Any] = ["*", {"AWS": "*"}, {"AWS": account}, {"AWS": f"arn:aws:iam::{account}:root"}]
        texts += [{"AWS": f"arn:aws:iam::{AWAY}:root"}, {"AWS": f"arn:aws:iam::{HOME}:role/other"}]
        texts += [{"Service": "logging.s3.amazonaws.com"}, {"Service": ["sns.amazonaws.com"]}]
        if self.caller.who is not Who.SERVICE:
            texts += [{"AWS": arn}, {"AWS": [f"arn:aws:iam::{HOME}:role/other", arn]}]
        if self.caller.who is Who.SESSION:
            texts.append({"AWS": self.caller.session_arn})
        chosen = self.random.choice(texts)
        negated = effect == "Deny" and chance(self.random, 15) and chosen not in ("*", {"AWS": "*"})
        return {"NotPrincipal" if negated else "Principal": chosen}

    def _condition(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(self.random.choice((1, 1, 2))):
            operator, key, values = self._test()
            found.setdefault(operator, {})[key] = values
        return found

    def _test(self) -> tuple[str, str, Any]:
        if chance(self.random, 10):
            return "ArnLike", "aws:PrincipalArn", self.random.choice([self.caller.arn or "arn:aws:iam::*:role/x", "*"])
        if chance(self.random, 11):
            return "Null", self.random.choice(sorted(VALUES)), self.random.choice(("true", "false"))
        if chance(self.random, 12):
            quantifier = self.random.choice(("ForAllValues", "ForAnyValue"))
            operator = self.random.choice(("StringEquals", "StringLike", "StringNotEquals"))
            return f"{quantifier}:{operator}", SET_KEY, self.random.choice((["team"], ["team", "owner"], ["c*"]))
        key = self.random.choice(sorted(OPERATORS))
        operator = self.random.choice(OPERATORS[key])
        if not operator.endswith("IfExists") and chance(self.random, 15):
            operator += "IfExists"
        values = PATTERNS.get(key, VALUES[key])
        chosen = self.random.choice(values)
        return operator, key, [chosen, self.random.choice(values)] if chance(self.random, 30) else chosen
