"""A small platform of a lake, its features and its keys, and what the guards say of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.finding import Finding
from core.graph import STACK, Graph
from core.naming import Name, root_name
from core.resource import Resource
from core.retention import DataClass
from core.verdict import State
from policies.judge import guards, judge
from stacks.capture import Surroundings, capture

with warnings.catch_warnings():
    # The provider's S3 module warns of its own old classes as soon as it is loaded, whoever loads it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from components.bucket import Bucket, BucketArgs
from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.bucket_policy import access_log_writer
from components.catalogue_encryption import CatalogueEncryption, CatalogueEncryptionArgs
from components.data_lake import DataLake, DataLakeArgs, job_logs
from components.environment import Environment
from components.feature_group import FeatureGroup, FeatureGroupArgs, Features, Online
from components.key import Key, KeyArgs
from components.key_alarm import KeyAlarm, KeyAlarmArgs
from components.key_policy import for_alarms, for_feature_store
from components.key_reach import Copies
from components.lake_settings import LakeSettings, LakeSettingsArgs
from components.perimeter import Perimeter
from components.place import Place, place_of
from components.policy_document import allow
from components.query_workgroup import QueryWorkgroup, QueryWorkgroupArgs
from components.replica_key import ReplicaKey, ReplicaKeyArgs
from components.role import Role, RoleArgs, arn_of
from components.tamper_alarm import TamperAlarm, TamperAlarmArgs

ROOT = Path(__file__).resolve().parents[1]
PLACE, ELSEWHERE = Place("123456789012", "eu-central-1"), place_of("123456789012", "eu-west-1")
RESIDENCY = ("eu-central-1", "eu-west-1")
ADMIN = "arn:aws:iam::123456789012:role/lake-admin"
VISITS = Features({"visit": "String", "since": "Fractional", "ward": "Integral"}, "visit", "since")
CONCERNED = ("athena.", "glue.", "iam.", "kms.", "lakeformation.", "sagemaker.")
"""Guards of other services ask for what a whole environment has, and these programs do not: a trail, backups."""


def name() -> Name:
    """What all names begin with."""
    return root_name("strongroom", "staging", "platform", {"cost-centre": "ml"})


def home(residency: tuple[str, ...] = RESIDENCY) -> Environment:
    """The root of an environment that holds real data."""
    return Environment(name(), PLACE, {"tier": "staging", "residency": list(residency)})


def captured(program: Callable[[], Any]) -> Graph:
    """What the program declares before anything exists."""
    around = Surroundings("strongroom", "staging", PLACE.account, PLACE.region, {}, ROOT)
    return capture(program, around)


def findings(graph: Graph) -> list[Finding]:
    """What the guards that are concerned fail, or cannot decide."""
    asked = [guard for guard in guards().values() if guard.id.startswith(CONCERNED)]
    about = [guard for guard in asked if STACK not in guard.on or guard.id.startswith("kms.")]
    return [finding for finding in judge(graph, about) if finding.state in {State.FAIL, State.UNKNOWN}]


def complaints(graph: Graph) -> list[tuple[str, str, str]]:
    """The same, short enough to read in a failed test."""
    return [(found.guard, found.urn.rpartition("::")[2], found.message) for found in findings(graph)]


def statements(graph: Graph, resource: Resource) -> list[Mapping[str, Any]]:
    """What its policy says."""
    document = graph.document(resource)
    assert isinstance(document, Mapping)
    return list(document["Statement"])


def said(graph: Graph, resource: Resource, sid: str) -> Mapping[str, Any]:
    """The statement of that Sid."""
    return next(statement for statement in statements(graph, resource) if statement["Sid"] == sid)


def bucket(word: str, above: Environment, data_class: DataClass = DataClass.HEALTH, **given: Any) -> Bucket:
    """A bucket with a key and the bucket of its access logs, each its own."""
    own = name() / word
    logs = BucketArgs(DataClass.INTERNAL, 365, writers=[access_log_writer(PLACE, str(own))], force_destroy=True)
    spared = [arn_of(PLACE, name() / role) for role in ("lake-vendor", "features-writer")]
    usual: dict[str, Any] = {
        "data_class": data_class,
        "keep_days": 365,
        "key": Key(own / "key", KeyArgs(PLACE, f"Seals {word}"), above),
        "access_logs": Bucket(own / "access", logs, above),
        "force_destroy": True,
        "perimeter": Perimeter(["vpc-0a1b2c3d4e5f60718"], spared) if data_class.identifies_people else None,
    }
    return Bucket(own, BucketArgs(**{**usual, **given}), above)


def reader(above: Environment, word: str = "reader") -> Role:
    """A role that somebody is granted something through."""
    trust = [allow("Run", ["sts:AssumeRole"], [], {"Service": "sagemaker.amazonaws.com"})]
    return Role(name() / word, RoleArgs(trust, "reads"), above)


def log_key(above: Environment) -> Key:
    """The key of what jobs say."""
    sealing = KeyArgs(PLACE, "Seals logs of jobs", through=("logs",), services=job_logs(PLACE))
    return Key(name() / "jobs-key", sealing, above)


def online(above: Environment, days: int | None = 30) -> Online:
    """The store of the latest values, with a key of its own."""
    sealing = KeyArgs(PLACE, "Seals features", through=("sagemaker",), services=for_feature_store(PLACE))
    return Online(Key(name() / "online-key", sealing, above), days)


def lake(above: Environment, **given: Any) -> DataLake:
    """A lake with all that it is told; keywords override what its DataLakeArgs say."""
    catalogue = Key(name() / "catalogue-key", KeyArgs(PLACE, "Seals the catalogue", through=("glue",)), above)
    CatalogueEncryption(name() / "catalogue", CatalogueEncryptionArgs(catalogue), above)
    usual: dict[str, Any] = {
        "store": given.pop("store", None) or bucket("visits", above),
        "log_key": log_key(above),
        "catalogue": catalogue,
        "settings": LakeSettings(name() / "settings", LakeSettingsArgs([ADMIN]), above),
    }
    return DataLake(name() / "lake", DataLakeArgs(PLACE, **{**usual, **given}), above)


def copied_key(above: Environment, **given: Any) -> ReplicaKey:
    """A key and its copy in another Region; keywords override what its ReplicaKeyArgs say."""
    copies = Copies(["eu-west-1"], RESIDENCY)
    primary = Key(name() / "far", KeyArgs(PLACE, "Seals what is restored elsewhere", copies=copies), above)
    usual: dict[str, Any] = {"place": ELSEWHERE, "primary": primary, "purpose": "Opens what is restored here"}
    return ReplicaKey(name() / "far-copy", ReplicaKeyArgs(**{**usual, **given}), above)


def alarms(above: Environment) -> KeyAlarm:
    """Both alarms on keys, on a log group that a trail is delivered to."""
    sealing = KeyArgs(PLACE, "Seals alarms", through=("sns",), services=for_alarms(PLACE))
    topic = AlarmTopic(name() / "alarms", AlarmTopicArgs(PLACE, Key(name() / "alarms-key", sealing, above)), above)
    store = bucket("trail", above, DataClass.INTERNAL)
    TamperAlarm(name() / "tamper", TamperAlarmArgs("/cloudtrail/audit", store.bucket_name, topic), above)
    return KeyAlarm(name() / "key-alarm", KeyAlarmArgs("/cloudtrail/audit", topic), above)


def tables() -> None:
    """A lake with everything granted."""
    above = home()
    made = lake(above)
    made.grant_select(reader(above))
    made.grant_write(reader(above, "writer"))


def questions() -> None:
    """A workgroup that somebody may ask in."""
    above = home()
    answers = bucket("answers", above, keep_days=30, undo_days=7)
    QueryWorkgroup(name() / "questions", QueryWorkgroupArgs(PLACE, answers), above).grant_query(reader(above))


def features() -> None:
    """A group of features with everything granted."""
    above = home()
    group = FeatureGroupArgs(PLACE, VISITS, bucket("history", above), online(above), protected=False)
    made = FeatureGroup(name() / "features", group, above)
    made.grant_get(reader(above))
    made.grant_read_history(reader(above, "learner"))
    made.grant_put(reader(above, "writer"))
    made.grant_erase(reader(above, "eraser"))


def keys() -> None:
    """A key with a copy, and the alarms on keys."""
    above = home()
    copied_key(above)
    alarms(above)
