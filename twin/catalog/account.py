"""What exists once per account, or once per account and Region: nothing is made or removed, only set and unset.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableEbsEncryptionByDefault.html
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry, Gap
from twin.terms import ID, Built, prop, reply

CLOSE = Call(
    "s3control",
    "put_public_access_block",
    AccountId=prop("accountId"),
    PublicAccessBlockConfiguration={
        "BlockPublicAcls": prop("blockPublicAcls"),
        "BlockPublicPolicy": prop("blockPublicPolicy"),
        "IgnorePublicAcls": prop("ignorePublicAcls"),
        "RestrictPublicBuckets": prop("restrictPublicBuckets"),
    },
)
PUBLIC_ACCESS = Entry(
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    create=CLOSE,
    identity=prop("accountId"),
    update=(CLOSE,),
    fixed=("accountId",),
    delete=(Call("s3control", "delete_public_access_block", AccountId=ID),),
    read=(Call("s3control", "get_public_access_block", AccountId=ID),),
    gone=("NoSuchPublicAccessBlockConfiguration",),
    shows={
        "accountId": ID,
        "blockPublicAcls": reply("PublicAccessBlockConfiguration.BlockPublicAcls"),
        "blockPublicPolicy": reply("PublicAccessBlockConfiguration.BlockPublicPolicy"),
        "ignorePublicAcls": reply("PublicAccessBlockConfiguration.IgnorePublicAcls"),
        "restrictPublicBuckets": reply("PublicAccessBlockConfiguration.RestrictPublicBuckets"),
    },
)

PASSWORDS: dict[str, str] = {
    "minimumPasswordLength": "MinimumPasswordLength",
    "passwordReusePrevention": "PasswordReusePrevention",
    "maxPasswordAge": "MaxPasswordAge",
    "requireLowercaseCharacters": "RequireLowercaseCharacters",
    "requireUppercaseCharacters": "RequireUppercaseCharacters",
    "requireNumbers": "RequireNumbers",
    "requireSymbols": "RequireSymbols",
    "allowUsersToChangePassword": "AllowUsersToChangePassword",
    "hardExpiry": "HardExpiry",
}
"""Property -> member."""
WANTED: dict[str, Any] = {member: prop(name) for name, member in PASSWORDS.items()}
SET_PASSWORDS = Call("iam", "update_account_password_policy", **WANTED)
PASSWORD_POLICY = Entry(
    "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
    create=SET_PASSWORDS,
    identity=Built("iam-account-password-policy"),
    update=(SET_PASSWORDS,),
    delete=(Call("iam", "delete_account_password_policy"),),
    read=(Call("iam", "get_account_password_policy"),),
    gone=("NoSuchEntity",),
    shows={name: reply(f"PasswordPolicy.{member}") for name, member in PASSWORDS.items()},
    outputs={"expirePasswords": reply("PasswordPolicy.ExpirePasswords")},
    computed=("minimumPasswordLength",),
)

DISKS = Entry(
    "aws:ebs/encryptionByDefault:EncryptionByDefault",
    create=Call("ec2", "enable_ebs_encryption_by_default", when=prop("enabled", default=True)),
    identity=Built("{region}"),
    update=(
        Call("ec2", "enable_ebs_encryption_by_default", when=prop("enabled", default=True)),
        Call("ec2", "disable_ebs_encryption_by_default", unless=prop("enabled", default=True)),
    ),
    delete=(Call("ec2", "disable_ebs_encryption_by_default"),),
    read=(Call("ec2", "get_ebs_encryption_by_default"),),
    exists=reply("EbsEncryptionByDefault"),
    shows={"enabled": reply("EbsEncryptionByDefault")},
    defaults={"enabled": True},
)

SNAPSHOTS = Entry(
    "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
    create=Call("ec2", "enable_snapshot_block_public_access", State=prop("state")),
    identity=ID,
    update=(Call("ec2", "enable_snapshot_block_public_access", State=prop("state")),),
    delete=(Call("ec2", "disable_snapshot_block_public_access"),),
    absent=Gap("there is no operation for the sharing of snapshots"),
)
IMAGES = Entry(
    "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess",
    create=Call("ec2", "enable_image_block_public_access", ImageBlockPublicAccessState=prop("state")),
    identity=ID,
    update=(Call("ec2", "enable_image_block_public_access", ImageBlockPublicAccessState=prop("state")),),
    delete=(Call("ec2", "disable_image_block_public_access"),),
    absent=Gap("there is no operation for the sharing of images"),
)
SET_METADATA = Call(
    "ec2",
    "modify_instance_metadata_defaults",
    HttpTokens=prop("httpTokens"),
    HttpPutResponseHopLimit=prop("httpPutResponseHopLimit"),
    HttpEndpoint=prop("httpEndpoint"),
    InstanceMetadataTags=prop("instanceMetadataTags"),
)
METADATA = Entry(
    "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    create=SET_METADATA,
    identity=ID,
    update=(SET_METADATA,),
    delete=(
        Call(
            "ec2",
            "modify_instance_metadata_defaults",
            HttpTokens="no-preference",
            HttpPutResponseHopLimit=-1,
            HttpEndpoint="no-preference",
            InstanceMetadataTags="no-preference",
        ),
    ),
    absent=Gap("there is no operation for defaults of machines' metadata"),
)

ENTRIES = (PUBLIC_ACCESS, PASSWORD_POLICY, DISKS, SNAPSHOTS, IMAGES, METADATA)
