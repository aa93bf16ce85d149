"""Guards over groups of features: who can read them, and until when they are kept."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import Unknown
from core.verdict import State, Verdict, all_of, at_least, equals, failed, is_set, not_applicable, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.links import dark, is_dark, uses_own_key

LATEST, HISTORY = "onlineStoreConfig", "offlineStoreConfig"
ERASABLE = "Iceberg"


def _online(group: Resource) -> Verdict:
    """PASS when the group keeps latest values, FAIL when it does not; AWS's default is not to."""
    block, enabled = group.get(LATEST), group.get(LATEST, "enableOnlineStore")
    what = f"enableOnlineStore of {group.name}"
    if is_dark(enabled):
        return dark(what, enabled)
    # The provider turns it on where the block is there and does not say so.
    if block is None or enabled is False:
        return failed(f"{group.name} keeps nothing online")
    return passed(f"{group.name} keeps latest values online")


def _where_online(group: Resource, verdict: Verdict) -> Verdict:
    """The verdict for a group with an online store; one that passes anyway need not be known to have it."""
    online = _online(group)
    if online.state is State.FAIL:
        return not_applicable(online.reason)
    return verdict if online.state is State.PASS or verdict.state is State.PASS else online


@guard(
    "sagemaker.online_features_are_encrypted_with_own_key",
    on=tokens.FEATURE_GROUP,
    severity=Severity.HIGH,
    fix="Set onlineStoreConfig.securityConfig.kmsKeyId to a Key component's ARN; FeatureGroup does.",
)
def online_features_are_encrypted_with_own_key(group: Resource, graph: Graph) -> Verdict:
    """What is known of a person right now, under a key of AWS's, opens for whoever may call the store."""
    online = _online(group)
    if online.state is State.FAIL:
        return not_applicable(online.reason)
    return _where_online(group, uses_own_key(graph, group, LATEST, "securityConfig", "kmsKeyId"))


@guard(
    "sagemaker.online_features_about_people_expire",
    on=tokens.FEATURE_GROUP,
    severity=Severity.HIGH,
    fix="Set onlineStoreConfig.ttlDuration where the data class is personal or health; `Online(days=...)` does.",
)
def online_features_about_people_expire(group: Resource) -> Verdict:
    """Without an end the last value of everybody who ever came by is kept for ever."""
    held = group.get("tags", tokens.DATA_CLASS)
    duration = [at_least(group, 1, LATEST, "ttlDuration", "value"), is_set(group, LATEST, "ttlDuration", "unit")]
    ends = _where_online(group, all_of(duration))
    if ends.state in {State.PASS, State.NOT_APPLICABLE}:
        return not_applicable(ends.reason) if ends.state is State.NOT_APPLICABLE else ends
    if is_dark(held) or held is None:
        return undecided(
            f"the data class of {group.name} is not known, and what it keeps online has, or may have, no end"
        )
    return ends if held in tokens.ABOUT_PEOPLE else not_applicable("it is tagged as holding no data about people")


@guard(
    "sagemaker.feature_history_is_encrypted_with_own_key",
    on=tokens.FEATURE_GROUP,
    severity=Severity.HIGH,
    fix="Set offlineStoreConfig.s3StorageConfig.kmsKeyId to a Key component's ARN; FeatureGroup does.",
)
def feature_history_is_encrypted_with_own_key(group: Resource, graph: Graph) -> Verdict:
    """All values there ever were are the whole data set once more, in another form."""
    if group.get(HISTORY) is None:
        return not_applicable(f"{group.name} keeps no history")
    return uses_own_key(graph, group, HISTORY, "s3StorageConfig", "kmsKeyId")


@guard(
    "sagemaker.feature_history_can_be_erased",
    on=tokens.FEATURE_GROUP,
    severity=Severity.MEDIUM,
    fix="Set offlineStoreConfig.tableFormat to Iceberg; FeatureGroup does. It cannot be changed later.",
)
def feature_history_can_be_erased(group: Resource) -> Verdict:
    """Deleting a record adds a marker to the history; only in Iceberg tables can a person be taken out of it again."""
    history, held = group.get(HISTORY), group.get("tags", tokens.DATA_CLASS)
    if history is None:
        return not_applicable(f"{group.name} keeps no history")
    form = equals(group, ERASABLE, HISTORY, "tableFormat")
    if form.state is State.PASS:
        return form
    if is_dark(held) or held is None:
        return undecided(f"the data class of {group.name} is not known, and its history is kept in another form")
    return form if held in tokens.ABOUT_PEOPLE else not_applicable("it is tagged as holding no data about people")


@guard(
    "sagemaker.feature_stores_have_keys_of_their_own",
    on=tokens.FEATURE_GROUP,
    severity=Severity.MEDIUM,
    fix="Give the online store another key than the bucket of the history.",
)
def feature_stores_have_keys_of_their_own(group: Resource, graph: Graph) -> Verdict:
    """A key bound to SageMaker cannot seal the history, and one that is not bound is too wide for the online store."""
    keys = [
        graph.linked(group, LATEST, "securityConfig", "kmsKeyId"),
        graph.linked(group, HISTORY, "s3StorageConfig", "kmsKeyId"),
    ]
    if None in keys:
        return not_applicable("it does not name a key for each of two stores")
    if any(isinstance(key, Unknown) for key in keys):
        return undecided(f"which keys {group.name} uses cannot be seen here")
    return (
        failed(f"{group.name} uses one key for both stores") if keys[0] == keys[1] else passed("each has its own key")
    )
