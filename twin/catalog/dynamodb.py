"""Tables.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from core.value import Path
from twin.entry import Call, Entry, Named
from twin.forms import TAGS, Bag, Flag, Member, Shape
from twin.terms import ID, Built, dropped, first, given, prop, reply

TABLE_ARN = Built("arn:{partition}:dynamodb:{region}:{account}:table/{id}")
SEALED = {
    "Enabled": prop("serverSideEncryption.enabled"),
    "SSEType": given("serverSideEncryption.kmsKeyArn", "KMS"),
    "KMSMasterKeyId": prop("serverSideEncryption.kmsKeyArn"),
}


class Columns(Bag):
    """The attributes that keys are made of, in any order."""

    shape = Shape(name="AttributeName", type="AttributeType")

    def encode(self, value: Any) -> Any:
        """As the API calls them."""
        return self.shape.encode(value)

    def decode(self, value: Any) -> Any:
        """Sorted, as the provider calls them."""
        return super().decode(self.shape.decode(value))

    def covers(self, path: Path) -> bool:
        """As the shape of one."""
        return self.shape.covers(path)


class Lapse(Shape):
    """By which attribute items lapse; switched off is the same as never set, whatever attribute is remembered."""

    def decode(self, value: Any) -> Any:
        """Nothing, when it is off."""
        found = super().decode(value)
        return found if found and found.get("enabled") else None


LAPSE = Lapse(enabled=Member("TimeToLiveStatus", Flag("ENABLED", "DISABLED")), attributeName="AttributeName")

TABLE = Entry(
    "aws:dynamodb/table:Table",
    create=Call(
        "dynamodb",
        "create_table",
        TableName=prop("name"),
        AttributeDefinitions=prop("attributes", Columns()),
        KeySchema=[
            {"AttributeName": prop("hashKey"), "KeyType": "HASH"},
            given("rangeKey", {"AttributeName": prop("rangeKey"), "KeyType": "RANGE"}),
        ],
        BillingMode=prop("billingMode"),
        SSESpecification=given("serverSideEncryption", SEALED),
        DeletionProtectionEnabled=prop("deletionProtectionEnabled"),
        Tags=prop("tags", TAGS),
    ),
    identity=prop("name"),
    named=Named("name", 255),
    then=(
        Call(
            "dynamodb",
            "update_continuous_backups",
            when=prop("pointInTimeRecovery.enabled"),
            on=("pointInTimeRecovery",),
            TableName=ID,
            PointInTimeRecoverySpecification={
                "PointInTimeRecoveryEnabled": prop("pointInTimeRecovery.enabled"),
                "RecoveryPeriodInDays": prop("pointInTimeRecovery.recoveryPeriodInDays"),
            },
        ),
        Call(
            "dynamodb",
            "update_time_to_live",
            when=prop("ttl.enabled"),
            on=("ttl",),
            TableName=ID,
            TimeToLiveSpecification={"Enabled": prop("ttl.enabled"), "AttributeName": prop("ttl.attributeName")},
        ),
    ),
    update=(
        Call(
            "dynamodb",
            "update_time_to_live",
            unless=prop("ttl.enabled"),
            TableName=ID,
            TimeToLiveSpecification={"Enabled": False, "AttributeName": reply("TimeToLiveDescription.AttributeName")},
        ),
        Call(
            "dynamodb",
            "update_continuous_backups",
            unless=prop("pointInTimeRecovery.enabled"),
            TableName=ID,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
        ),
        Call(
            "dynamodb",
            "update_table",
            TableName=ID,
            SSESpecification=given("serverSideEncryption", SEALED),
            DeletionProtectionEnabled=prop("deletionProtectionEnabled", default=False),
        ),
        Call("dynamodb", "untag_resource", when=dropped("tags"), ResourceArn=TABLE_ARN, TagKeys=dropped("tags")),
        Call("dynamodb", "tag_resource", when=prop("tags"), ResourceArn=TABLE_ARN, Tags=prop("tags", TAGS)),
    ),
    fixed=("name", "attributes", "hashKey", "rangeKey", "billingMode"),
    delete=(Call("dynamodb", "delete_table", TableName=ID),),
    release={"deletionProtectionEnabled": False},
    read=(
        Call("dynamodb", "describe_table", TableName=ID),
        Call("dynamodb", "describe_continuous_backups", TableName=ID),
        Call("dynamodb", "describe_time_to_live", TableName=ID),
        Call("dynamodb", "list_tags_of_resource", ResourceArn=TABLE_ARN),
    ),
    gone=("ResourceNotFoundException", "TableNotFoundException"),
    shows={
        "name": ID,
        "attributes": reply("Table.AttributeDefinitions", Columns()),
        "hashKey": first("Table.KeySchema", "AttributeName", KeyType="HASH"),
        "rangeKey": first("Table.KeySchema", "AttributeName", KeyType="RANGE"),
        "billingMode": reply("Table.BillingModeSummary.BillingMode"),
        "serverSideEncryption": reply(
            "Table.SSEDescription",
            Shape(enabled=Member("Status", Flag("ENABLED", "DISABLED")), kmsKeyArn="KMSMasterKeyArn"),
        ),
        "deletionProtectionEnabled": reply("Table.DeletionProtectionEnabled"),
        "pointInTimeRecovery": reply(
            "ContinuousBackupsDescription.PointInTimeRecoveryDescription",
            Shape(
                enabled=Member("PointInTimeRecoveryStatus", Flag("ENABLED", "DISABLED")),
                recoveryPeriodInDays="RecoveryPeriodInDays",
            ),
        ),
        "ttl": reply("TimeToLiveDescription", LAPSE),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": reply("Table.TableArn")},
)

ENTRIES = (TABLE,)
