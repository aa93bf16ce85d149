"""Where questions to the lake are asked.

https://docs.aws.amazon.com/athena/latest/APIReference/
"""

from __future__ import annotations

from twin.entry import Call, Entry, Named
from twin.forms import TAGS, Member, Shape, Usual
from twin.terms import ID, Built, dropped, prop, reply

WORKGROUP_ARN = Built("arn:{partition}:athena:{region}:{account}:workgroup/{id}")
CONFIGURATION = Shape(
    bytesScannedCutoffPerQuery="BytesScannedCutoffPerQuery",
    enableMinimumEncryptionConfiguration="EnableMinimumEncryptionConfiguration",
    enforceWorkgroupConfiguration=Member("EnforceWorkGroupConfiguration", Usual(usual=True)),
    engineVersion=Member("EngineVersion", Shape(selectedEngineVersion=Member("SelectedEngineVersion", Usual("AUTO")))),
    executionRole="ExecutionRole",
    publishCloudwatchMetricsEnabled="PublishCloudWatchMetricsEnabled",
    requesterPaysEnabled="RequesterPaysEnabled",
    resultConfiguration=Member(
        "ResultConfiguration",
        Shape(
            aclConfiguration=Member("AclConfiguration", Shape(s3AclOption="S3AclOption")),
            encryptionConfiguration=Member(
                "EncryptionConfiguration", Shape(encryptionOption="EncryptionOption", kmsKeyArn="KmsKey")
            ),
            expectedBucketOwner="ExpectedBucketOwner",
            outputLocation="OutputLocation",
        ),
    ),
)
WORKGROUP = Entry(
    "aws:athena/workgroup:Workgroup",
    create=Call(
        "athena",
        "create_work_group",
        Name=prop("name"),
        Description=prop("description"),
        Configuration=prop("configuration", CONFIGURATION),
        Tags=prop("tags", TAGS),
    ),
    identity=prop("name"),
    named=Named("name", 128),
    # The double has no update_work_group: one that gets other settings is made anew, which AWS would not need.
    update=(
        Call("athena", "untag_resource", when=dropped("tags"), ResourceARN=WORKGROUP_ARN, TagKeys=dropped("tags")),
        Call("athena", "tag_resource", when=prop("tags"), ResourceARN=WORKGROUP_ARN, Tags=prop("tags", TAGS)),
    ),
    delete=(Call("athena", "delete_work_group", WorkGroup=ID, RecursiveDeleteOption=prop("forceDestroy")),),
    read=(
        Call("athena", "get_work_group", WorkGroup=ID),
        # The double refuses to list the tags of one that has none.
        Call(
            "athena",
            "list_tags_for_resource",
            when=reply("WorkGroup.Name"),
            tolerates=("InvalidRequestException",),
            ResourceARN=WORKGROUP_ARN,
        ),
    ),
    exists=reply("WorkGroup.Name"),
    shows={
        "name": reply("WorkGroup.Name"),
        "description": reply("WorkGroup.Description"),
        "configuration": reply("WorkGroup.Configuration", CONFIGURATION),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": WORKGROUP_ARN},
    computed=("configuration",),
    client=("forceDestroy",),
)

ENTRIES = (WORKGROUP,)
