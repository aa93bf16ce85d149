"""Guards over where a bucket's objects, their list and news of them go, and over the doors to a bucket."""

from __future__ import annotations

from collections.abc import Callable

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of, equals, failed, holds, is_linked, not_applicable, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.links import (
    companions,
    dark,
    each_companion,
    is_dark,
    is_not_off,
    linked_to,
    listed,
    strays,
    uses_own_key,
)
from policies.s3 import LOCK, PUBLIC_FLAGS
from policies.whereabouts import is_at_home, region_of, residency_of

TARGET = ("destination", "bucket")
OWN_NETWORK = "vpc-"
DIRECT = ("lambdaFunctions", "queues", "topics")
"""Ways for news of objects to leave a bucket that no rule of EventBridge is asked about."""


def each_rule(config: Resource, rule: Callable[[tuple[str | int, ...]], Verdict]) -> Verdict:
    """What is said of every rule of a replication, each by its path; one that is off counts, for it can be put on."""
    rules, what = config.get("rules"), f"rules of {config.name}"
    if is_dark(rules):
        return dark(what, rules)
    return all_of([rule(("rules", number)) for number, _ in enumerate(listed(rules))] or [failed(f"{what} is not set")])


def of_target(
    graph: Graph, config: Resource, path: tuple[str | int, ...], rule: Callable[[Resource], Verdict]
) -> Verdict:
    """What is said of the bucket that a rule copies to, as far as that bucket can be seen."""
    target, what = (
        linked_to(graph, tokens.BUCKET, config, *path, *TARGET),
        f"destination of rules[{path[-1]}] of {config.name}",
    )
    if not isinstance(target, Resource):
        return is_linked(target, what)
    return rule(target) if target.type in tokens.BUCKET else failed(f"{what} is {target.name}, which is no bucket")


def is_copy(graph: Graph, bucket: Resource) -> bool | None:
    """Whether a replication fills this bucket from another; None where that is not known yet."""
    said: set[bool | None] = {False}
    for config in graph.of_type(*tokens.REPLICATION):
        if is_dark(rules := config.get("rules")):
            said.add(None)
        for number, _ in enumerate(() if is_dark(rules) else listed(rules)):
            path = ("rules", number, *TARGET)
            target = linked_to(graph, tokens.BUCKET, config, *path)
            said.add(
                target.urn == bucket.urn
                if isinstance(target, Resource)
                else None
                if is_dark(config.get(*path))
                else False
            )
    return True if True in said else None if None in said else False


@guard(
    "s3.copy_stays_in_residency",
    on=tokens.REPLICATION,
    severity=Severity.CRITICAL,
    fix="Copy to a bucket in a Region of the residency set; the Replica component makes no other.",
)
def copy_stays_in_residency(config: Resource, graph: Graph) -> Verdict:
    """A copy is a transfer of all the data there is, and the ARN of a bucket does not tell where it goes."""
    homes = residency_of(graph, config)
    if isinstance(homes, Verdict):
        return homes

    def at_home(bucket: Resource) -> Verdict:
        region, what = region_of(graph, bucket), f"the Region of {bucket.name}"
        if region is None:
            return undecided(f"{what} is its provider's, which cannot be seen here")
        return is_at_home(region, homes, what)

    return each_rule(config, lambda path: of_target(graph, config, path, at_home))


@guard(
    "s3.copy_is_encrypted_with_own_key",
    on=tokens.REPLICATION,
    severity=Severity.HIGH,
    fix="Opt in to objects under KMS, and name a key of ours in the copy's Region; the Replica component does both.",
)
def copy_is_encrypted_with_own_key(config: Resource, graph: Graph) -> Verdict:
    """Objects under KMS are skipped unless asked for, and a key that cannot be used there is accepted in silence."""

    def sealed(path: tuple[str | int, ...]) -> Verdict:
        opted = equals(config, "Enabled", *path, "sourceSelectionCriteria", "sseKmsEncryptedObjects", "status")
        named = (*path, "destination", "encryptionConfiguration", "replicaKmsKeyId")
        key = linked_to(graph, tokens.OWN_KEYS, config, *named)
        beside = (
            [of_target(graph, config, path, lambda bucket: _same_region(graph, key, bucket))]
            if isinstance(key, Resource)
            else []
        )
        return all_of([opted, uses_own_key(graph, config, *named), *beside])

    return each_rule(config, sealed)


def _same_region(graph: Graph, key: Resource, bucket: Resource) -> Verdict:
    """S3 encrypts with a key of the Region that it writes in."""
    one, other = region_of(graph, key), region_of(graph, bucket)
    what = f"the Region of {key.name}"
    if one is None or other is None:
        return undecided(f"{what} is its provider's, which cannot be seen here")
    if is_dark(other):
        return dark(f"the Region of {bucket.name}", other)
    return holds(one, lambda said: said == other, what, f"that of {bucket.name}")


@guard(
    "s3.copy_of_what_is_locked_is_locked",
    on=tokens.REPLICATION,
    severity=Severity.HIGH,
    fix="Give the bucket that is copied to an object lock; the Replica component does where its source has one.",
)
def copy_of_what_is_locked_is_locked(config: Resource, graph: Graph) -> Verdict:
    """S3 copies nothing from a locked bucket into one without a lock, and says so only object by object."""
    source, what = graph.linked(config, "bucket"), f"bucket of {config.name}"
    if not isinstance(source, Resource):
        return is_linked(source, what)
    if not companions(graph, source, LOCK.tokens, LOCK.refers):
        if strays(graph, LOCK.tokens, LOCK.refers) or LOCK.inline in source.inputs:
            return undecided(f"whether {source.name} is locked is not known yet")
        return not_applicable("what it copies is not locked")

    def locked(bucket: Resource) -> Verdict:
        return each_companion(graph, bucket, LOCK, lambda lock: passed(f"{bucket.name} has {lock.name}"))

    return each_rule(config, lambda path: of_target(graph, config, path, locked))


@guard(
    "s3.inventory_is_encrypted_with_own_key",
    on=tokens.INVENTORY,
    severity=Severity.MEDIUM,
    fix="Set sseKms with a key of ours in the destination's encryption; the BucketInventory component does.",
)
def inventory_is_encrypted_with_own_key(inventory: Resource, graph: Graph) -> Verdict:
    """The list of all objects is a map to the data, and their names may tell of people."""
    return uses_own_key(graph, inventory, *TARGET, "encryption", "sseKms", "keyId")


@guard(
    "s3.inventory_goes_to_own_bucket",
    on=tokens.INVENTORY,
    severity=Severity.HIGH,
    fix="Send it to a Bucket of this program, other than the one it lists.",
)
def inventory_goes_to_own_bucket(inventory: Resource, graph: Graph) -> Verdict:
    """Whoever owns the destination learns the name and size of everything there is."""
    target, what = linked_to(graph, tokens.BUCKET, inventory, *TARGET, "bucketArn"), f"destination of {inventory.name}"
    if not isinstance(target, Resource):
        return is_linked(target, what)
    if target.type not in tokens.BUCKET or target == graph.linked(inventory, "bucket"):
        return failed(f"{what} is {target.name}; it must be another bucket")
    return passed(f"{what} is {target.name}")


@guard(
    "s3.news_goes_through_eventbridge",
    on=tokens.NOTIFICATION,
    severity=Severity.MEDIUM,
    fix="Set eventbridge and nothing else; the BucketEvents component does.",
)
def news_goes_through_eventbridge(notification: Resource) -> Verdict:
    """News of objects bears their names: within EventBridge a rule says who hears it, and no other account does."""
    direct = [
        holds(notification.get(way), lambda said: not said, f"{way} of {notification.name}", "left out")
        for way in DIRECT
    ]
    return all_of([equals(notification, True, "eventbridge"), *direct])  # noqa: FBT003 - the value looked for


@guard(
    "s3.access_point_is_for_a_network",
    on=tokens.ACCESS_POINT,
    severity=Severity.HIGH,
    fix="Set vpcConfiguration; the AccessPoint component admits one network only.",
)
def access_point_is_for_a_network(point: Resource, graph: Graph) -> Verdict:
    """A door without a network is open to the internet for whoever gets hold of the right credentials."""
    path = ("vpcConfiguration", "vpcId")
    network, what = graph.linked(point, *path), f"vpcId of {point.name}"
    if isinstance(network, Resource):
        is_network = network.type == tokens.VPC
        return passed(f"{what} is {network.name}") if is_network else failed(f"{what} is {network.name}, no network")
    return holds(point.get(*path), lambda said: said.startswith(OWN_NETWORK) if said else False, what, "a network")


@guard(
    "s3.access_point_blocks_public_access",
    on=tokens.ACCESS_POINT,
    severity=Severity.CRITICAL,
    fix="Leave all four flags of publicAccessBlockConfiguration true; they cannot be changed later.",
)
def access_point_blocks_public_access(point: Resource) -> Verdict:
    """The bucket's own block does not make up for what is left open at a door of its own."""
    return all_of(is_not_off(point, "publicAccessBlockConfiguration", flag) for flag in PUBLIC_FLAGS)
