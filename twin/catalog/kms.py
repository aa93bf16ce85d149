"""Keys and their aliases.

https://docs.aws.amazon.com/kms/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry, Gap, Named
from twin.forms import LastPart, Pairs
from twin.policy_form import POLICY
from twin.terms import ID, Built, arn_id, arn_region, dropped, first, first_of, given, prop, reply, unlike

TAGS = Pairs("TagKey", "TagValue")

PUT_POLICY: dict[str, Any] = {
    "when": prop("policy"),
    "KeyId": ID,
    "PolicyName": "default",
    "Policy": prop("policy", POLICY),
    "BypassPolicyLockoutSafetyCheck": prop("bypassPolicyLockoutSafetyCheck"),
}

KEY = Entry(
    "aws:kms/key:Key",
    create=Call(
        "kms",
        "create_key",
        Description=prop("description"),
        Policy=prop("policy", POLICY),
        KeyUsage=prop("keyUsage"),
        KeySpec=prop("customerMasterKeySpec"),
        MultiRegion=prop("multiRegion"),
        Origin=first_of(given("xksKeyId", "EXTERNAL_KEY_STORE"), given("customKeyStoreId", "AWS_CLOUDHSM")),
        CustomKeyStoreId=prop("customKeyStoreId"),
        XksKeyId=prop("xksKeyId"),
        BypassPolicyLockoutSafetyCheck=prop("bypassPolicyLockoutSafetyCheck"),
        Tags=prop("tags", TAGS),
    ),
    identity=reply("KeyMetadata.KeyId"),
    then=(
        Call(
            "kms",
            "enable_key_rotation",
            when=prop("enableKeyRotation"),
            KeyId=ID,
            RotationPeriodInDays=prop("rotationPeriodInDays"),
        ),
        Call("kms", "disable_key", unless=prop("isEnabled", default=True), KeyId=ID),
    ),
    update=(
        Call("kms", "disable_key_rotation", unless=prop("enableKeyRotation"), KeyId=ID),
        Call("kms", "enable_key", when=prop("isEnabled", default=True), KeyId=ID),
        Call("kms", "update_key_description", KeyId=ID, Description=prop("description", default="")),
        Call("kms", "put_key_policy", **PUT_POLICY),
        Call("kms", "untag_resource", when=dropped("tags"), KeyId=ID, TagKeys=dropped("tags")),
        Call("kms", "tag_resource", when=prop("tags"), KeyId=ID, Tags=prop("tags", TAGS)),
    ),
    delete=(
        Call(
            "kms",
            "schedule_key_deletion",
            KeyId=ID,
            PendingWindowInDays=prop("deletionWindowInDays"),
            tolerates=("KMSInvalidStateException",),
        ),
    ),
    read=(
        Call("kms", "describe_key", KeyId=ID),
        Call("kms", "get_key_rotation_status", KeyId=ID, tolerates=("KMSInvalidStateException",)),
        Call("kms", "get_key_policy", KeyId=ID, PolicyName="default"),
        Call("kms", "list_resource_tags", KeyId=ID),
    ),
    gone=("NotFoundException",),
    exists=unlike("KeyMetadata.KeyState", "PendingDeletion", "PendingReplicaDeletion"),
    find=(Call("kms", "list_keys", Limit=1000), reply("Keys[].KeyId")),
    shows={
        "description": reply("KeyMetadata.Description"),
        "policy": reply("Policy", POLICY),
        "keyUsage": reply("KeyMetadata.KeyUsage"),
        "customerMasterKeySpec": reply("KeyMetadata.KeySpec"),
        "multiRegion": reply("KeyMetadata.MultiRegion"),
        "customKeyStoreId": reply("KeyMetadata.CustomKeyStoreId"),
        "xksKeyId": reply("KeyMetadata.XksKeyConfiguration.Id"),
        "isEnabled": reply("KeyMetadata.Enabled"),
        "enableKeyRotation": reply("KeyRotationEnabled"),
        "rotationPeriodInDays": reply("RotationPeriodInDays"),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": reply("KeyMetadata.Arn"), "keyId": ID},
    defaults={"customerMasterKeySpec": "SYMMETRIC_DEFAULT", "isEnabled": True},
    computed=("policy", "rotationPeriodInDays", "keyUsage"),
    client=("deletionWindowInDays", "bypassPolicyLockoutSafetyCheck"),
    gaps={
        "rotationPeriodInDays": Gap("the answer about rotation has no period"),
        "customKeyStoreId": Gap("the answer leaves it out"),
        "xksKeyId": Gap("the answer leaves it out"),
    },
)

ALIAS = Entry(
    "aws:kms/alias:Alias",
    create=Call("kms", "create_alias", AliasName=prop("name"), TargetKeyId=prop("targetKeyId")),
    identity=prop("name"),
    named=Named("name", 256, "alias/{}"),
    update=(Call("kms", "update_alias", AliasName=ID, TargetKeyId=prop("targetKeyId")),),
    delete=(Call("kms", "delete_alias", AliasName=ID),),
    read=(Call("kms", "list_aliases", Limit=100),),
    gone=("NotFoundException",),
    exists=first("Aliases", "AliasName", AliasName=ID),
    shows={
        "name": first("Aliases", "AliasName", AliasName=ID),
        "targetKeyId": first("Aliases", "TargetKeyId", LastPart(), AliasName=ID),
    },
    outputs={
        "arn": first("Aliases", "AliasArn", AliasName=ID),
    },
)

COPY = Entry(
    "aws:kms/replicaKey:ReplicaKey",
    create=Call(
        "kms",
        "replicate_key",
        region=arn_region("primaryKeyArn"),
        KeyId=arn_id("primaryKeyArn"),
        ReplicaRegion=Built("{region}"),
        Description=prop("description"),
        Policy=prop("policy", POLICY),
        BypassPolicyLockoutSafetyCheck=prop("bypassPolicyLockoutSafetyCheck"),
        Tags=prop("tags", TAGS),
    ),
    identity=arn_id("primaryKeyArn"),
    # The double's copy begins with what its primary has: what is its own is said once more.
    then=(
        Call("kms", "update_key_description", KeyId=ID, Description=prop("description", default="")),
        Call("kms", "put_key_policy", **PUT_POLICY),
        Call("kms", "tag_resource", when=prop("tags"), KeyId=ID, Tags=prop("tags", TAGS)),
        Call("kms", "disable_key", unless=prop("enabled", default=True), KeyId=ID),
    ),
    update=(
        Call("kms", "enable_key", when=prop("enabled", default=True), KeyId=ID),
        Call("kms", "untag_resource", when=dropped("tags"), KeyId=ID, TagKeys=dropped("tags")),
    ),
    fixed=("primaryKeyArn",),
    delete=KEY.delete,
    read=(
        Call("kms", "describe_key", KeyId=ID),
        Call("kms", "get_key_policy", KeyId=ID, PolicyName="default"),
        Call("kms", "list_resource_tags", KeyId=ID),
    ),
    gone=KEY.gone,
    exists=KEY.exists,
    shows={
        "description": reply("KeyMetadata.Description"),
        "policy": reply("Policy", POLICY),
        "primaryKeyArn": reply("KeyMetadata.MultiRegionConfiguration.PrimaryKey.Arn"),
        "enabled": reply("KeyMetadata.Enabled"),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": reply("KeyMetadata.Arn"), "keyId": ID},
    defaults={"enabled": True},
    computed=("policy",),
    client=("deletionWindowInDays", "bypassPolicyLockoutSafetyCheck"),
    alone=("primaryKeyArn",),
)
"""It is made by a call in the Region of its primary, and lives in its own from then on.

https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html
"""

ENTRIES = (KEY, ALIAS, COPY)
