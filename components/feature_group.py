"""Features of one kind of thing: the latest values for models that serve, all values for those that learn."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket
from components.bucket_policy import within
from components.component import Component
from components.key import Key, titled
from components.key_policy import for_feature_store
from components.perimeter import shut_out
from components.place import Place
from components.policy_document import Statement, allow
from components.role import Role, RoleArgs, arn_of
from core.errors import BadInput
from core.features import Features
from core.naming import Name
from core.retention import DataClass

SAGEMAKER = "sagemaker.amazonaws.com"
CATALOGUE = "sagemaker_featurestore"
"""The database in which SageMaker describes what is kept; it names the table by group and day of making, so that a
group that is made anew finds none of the same name."""


@dataclass(frozen=True)
class Online:
    """The latest values, for `days` after the time they hold from; None keeps them until they are deleted.

    The key is the store's own: it admits `for_feature_store(place)`, is used through `sagemaker`, and is not the key of
    the bucket. https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html
    """

    key: Key
    days: int | None = None


@dataclass(frozen=True)
class FeatureGroupArgs:
    """All a group has to be told.

    `history` is the bucket of all values, of the group's class; `online`, where models need features at once, the store
    of the latest. `protected` refuses a deployment that would delete or replace the group.
    """

    place: Place
    features: Features
    history: Bucket
    online: Online | None = None
    boundary: pulumi.Input[str] | None = None
    protected: bool = True

    @property
    def data_class(self) -> DataClass:
        """The class of its bucket is its own."""
        return self.history.args.data_class


class FeatureGroup(Component):
    """A SageMaker feature group: history in our bucket, the latest values online, both under keys of our own.

    The history is kept as Iceberg tables, the only form in which a person can be taken out of it again. Neither key,
    nor features, nor form can be changed: that replaces the group, with the latest values lost and the history left
    behind, so it is protected. Raises BadInput for data about people online without an end or for longer than the
    bucket keeps it, one key for both stores, keys that SageMaker or S3 could not use, a locked bucket, and features
    that SageMaker does not take.
    """

    def __init__(self, name: Name, args: FeatureGroupArgs, parent: pulumi.Resource | None = None) -> None:
        writer = arn_of(args.place, writer_of(name))
        if faults := [*_faults(args), *shut_out(args.history.args.perimeter, writer)]:
            msg = f"feature group {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("FeatureGroup", name, parent, _facts(args))
        self.args = args
        self.role = self._role()
        self.group = aws.sagemaker.FeatureGroup(
            f"{name}-features",
            feature_group_name=str(name),
            record_identifier_feature_name=args.features.identifier,
            event_time_feature_name=args.features.event_time,
            feature_definitions=[{"feature_name": f, "feature_type": k} for f, k in args.features.kinds.items()],
            role_arn=self.role.arn,
            offline_store_config=self._history(),
            online_store_config=_latest(args.online) if args.online else None,
            tags=dict(name.tagged(data_class=args.data_class).tags),
            opts=pulumi.ResourceOptions.merge(
                self.after(self.role),
                pulumi.ResourceOptions(protect=args.protected, delete_before_replace=True),
            ),
        )
        self.arn = self.group.arn
        self.done(arn=self.arn)

    def grant_get(self, role: Role) -> None:
        """Let the role fetch latest values, one thing at a time; not the history."""
        self._grant("Get", role, "sagemaker:BatchGetRecord", "sagemaker:GetRecord")

    def grant_put(self, role: Role) -> None:
        """Let the role write values; not read them."""
        self._grant("Put", role, "sagemaker:PutRecord")

    def grant_erase(self, role: Role) -> None:
        """Let the role delete the latest values of a thing, and see that they are gone; the history stays."""
        self._grant("Erase", role, "sagemaker:DeleteRecord", "sagemaker:GetRecord")

    def grant_read_history(self, role: Role) -> None:
        """Let the role read all values there were, for training."""
        self.args.history.grant_list(role, under=self._under)
        self.args.history.grant_read(role, under=self._under)

    def _role(self) -> Role:
        """The role by which SageMaker writes this group's history and keeps its table in step.

        https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSageMakerFeatureStoreAccess.html
        """
        args, place = self.args, self.args.place
        source = {"StringEquals": {"aws:SourceAccount": place.account}}
        trust = [allow("SageMakerKeepsHistory", ["sts:AssumeRole"], [], {"Service": SAGEMAKER}, source)]
        role = Role(writer_of(self.name), RoleArgs(trust, "SageMaker keeps one history", args.boundary), self)
        tables = ["catalog", f"database/{CATALOGUE}", f"table/{CATALOGUE}/{str(self.name).replace('-', '_')}_*"]
        role.may_all(
            "KeepHistory",
            [
                allow("WriteHistory", ["s3:PutObject", "s3:PutObjectAcl"], [within(args.history.arn, self._under)]),
                allow("ReadTableState", ["s3:GetObject"], [within(args.history.arn, self._under)]),
                allow("SeeOwner", ["s3:GetBucketAcl"], [args.history.arn]),
                allow("KeepTable", ["glue:GetTable", "glue:UpdateTable"], [place.arn("glue", t) for t in tables]),
                self._key.encrypts(),
                self._key.decrypts(),
            ],
        )
        return role

    def _history(self) -> Any:
        where = pulumi.Output.concat("s3://", self.args.history.bucket_name, "/", self._under)
        return {
            "s3_storage_config": {"s3_uri": where, "kms_key_id": self._key.arn},
            "table_format": "Iceberg",
            "disable_glue_table_creation": False,
        }

    def _grant(self, verb: str, role: Role, *actions: str) -> None:
        sid = verb + titled(self.name)
        sealed: list[Statement] = [self.args.online.key.decrypts()] if self.args.online else []
        role.may_all(sid, [allow(sid, actions, [self.arn]), *sealed])

    @property
    def _under(self) -> str:
        return f"features/{self.name}/"

    @property
    def _key(self) -> Key:
        assert self.args.history.args.key is not None
        return self.args.history.args.key


def writer_of(name: Name) -> Name:
    """What the role is called by which SageMaker keeps the history; the perimeter of its bucket has to spare it."""
    return name / "writer"


def _latest(online: Online) -> Any:
    """Deleted by SageMaker when its time is up; the history has the bucket's own lifecycle."""
    expiry = {"ttl_duration": {"unit": "Days", "value": online.days}} if online.days else {}
    return {
        "enable_online_store": True,
        "security_config": {"kms_key_id": online.key.arn},
        "storage_type": "Standard",
        **expiry,
    }


def _facts(args: FeatureGroupArgs) -> dict[str, Any]:
    """What a reviewer wants to read of the group as a whole."""
    days = args.online.days if args.online else None
    return {"dataClass": str(args.data_class), "featureCount": len(args.features.kinds), "onlineDays": days}


def _faults(args: FeatureGroupArgs) -> list[str]:
    history, faults = args.history.args, args.features.faults()
    if history.key is None:
        faults.append("its history has no key of our own; give the bucket a `key`")
    if history.lock:
        faults.append("its history is locked: nobody could be erased from it; leave the bucket's lock out")
    return faults + (_online_faults(args, args.online) if args.online else [])


def _online_faults(args: FeatureGroupArgs, online: Online) -> list[str]:
    """What is wrong with the store of the latest values, a sentence each."""
    history, key = args.history.args, online.key.args
    faults: list[str] = []
    if online.days is None and args.data_class.identifies_people:
        faults.append(f"{args.data_class} data online without an end; give `Online` a number of days")
    if online.days is not None and not 1 <= online.days <= history.keep_days:
        faults.append(f"online for {online.days} days; expected 1 to the {history.keep_days} that the class is kept")
    if online.key is history.key:
        faults.append("one key for both stores, which CreateFeatureGroup refuses; make one for the online store")
    if "sagemaker" not in key.through:
        faults.append("its online key is not used through SageMaker; give the key 'sagemaker' in `through`")
    if any(statement not in key.services for statement in for_feature_store(args.place)):
        faults.append("its online key does not admit the store; give the key `for_feature_store(place)`")
    return faults
