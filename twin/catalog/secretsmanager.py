"""Secrets: what holds them, who may read them, their rotation and their values.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/
"""

from __future__ import annotations

from twin.entry import Call, Entry, Named
from twin.forms import TAGS, Shape
from twin.policy_form import POLICY
from twin.terms import ID, dropped, first, prop, reply
from twin.withheld import WITHHELD

NO_SECRET = ("ResourceNotFoundException",)
THE_SECRET = prop("secretId")

SECRET = Entry(
    "aws:secretsmanager/secret:Secret",
    create=Call(
        "secretsmanager",
        "create_secret",
        Name=prop("name"),
        Description=prop("description"),
        KmsKeyId=prop("kmsKeyId"),
        Tags=prop("tags", TAGS),
    ),
    identity=reply("ARN"),
    named=Named("name", 512),
    update=(
        Call(
            "secretsmanager",
            "update_secret",
            SecretId=ID,
            Description=prop("description", default=""),
            KmsKeyId=prop("kmsKeyId"),
        ),
        Call("secretsmanager", "untag_resource", when=dropped("tags"), SecretId=ID, TagKeys=dropped("tags")),
        Call("secretsmanager", "tag_resource", when=prop("tags"), SecretId=ID, Tags=prop("tags", TAGS)),
    ),
    fixed=("name",),
    # At once, whatever the window: until it ends the name is taken, and names made up here are the same every time.
    delete=(Call("secretsmanager", "delete_secret", SecretId=ID, ForceDeleteWithoutRecovery=True),),
    read=(
        Call("secretsmanager", "describe_secret", SecretId=ID),
        # The list leaves out what is to be deleted, which for a while can still be described.
        Call("secretsmanager", "list_secrets", Filters=[{"Key": "name", "Values": [prop("name")]}]),
    ),
    gone=NO_SECRET,
    exists=first("SecretList", "ARN", ARN=ID),
    find=(Call("secretsmanager", "list_secrets", MaxResults=100), reply("SecretList[].ARN")),
    shows={
        "name": reply("Name"),
        "description": reply("Description"),
        "kmsKeyId": reply("KmsKeyId"),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": ID},
    client=("recoveryWindowInDays",),
)

ADMIT = Call(
    "secretsmanager",
    "put_resource_policy",
    SecretId=prop("secretArn"),
    ResourcePolicy=prop("policy", POLICY),
    BlockPublicPolicy=prop("blockPublicPolicy"),
)
SECRET_POLICY = Entry(
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    create=ADMIT,
    identity=prop("secretArn"),
    update=(ADMIT,),
    fixed=("secretArn",),
    delete=(Call("secretsmanager", "delete_resource_policy", SecretId=ID),),
    read=(Call("secretsmanager", "get_resource_policy", SecretId=ID),),
    gone=NO_SECRET,
    exists=reply("ResourcePolicy"),
    shows={"secretArn": ID, "policy": reply("ResourcePolicy", POLICY)},
    client=("blockPublicPolicy",),
)

ROTATE = Call(
    "secretsmanager",
    "rotate_secret",
    # moto takes the schedule and then looks for the function, which a program may only name; a secret that is not
    # there is noticed when the rotation is read.
    tolerates=NO_SECRET,
    SecretId=THE_SECRET,
    RotationLambdaARN=prop("rotationLambdaArn"),
    RotationRules={"AutomaticallyAfterDays": prop("rotationRules.automaticallyAfterDays")},
    RotateImmediately=False,
)
ROTATION = Entry(
    "aws:secretsmanager/secretRotation:SecretRotation",
    create=ROTATE,
    identity=THE_SECRET,
    update=(ROTATE,),
    fixed=("secretId",),
    delete=(Call("secretsmanager", "cancel_rotate_secret", SecretId=ID),),
    read=(Call("secretsmanager", "describe_secret", SecretId=ID),),
    gone=NO_SECRET,
    exists=reply("RotationEnabled"),
    shows={
        "secretId": ID,
        "rotationLambdaArn": reply("RotationLambdaARN"),
        "rotationRules": reply("RotationRules", Shape(automaticallyAfterDays="AutomaticallyAfterDays")),
    },
    client=("rotateImmediately",),
)

VERSION = Entry(
    "aws:secretsmanager/secretVersion:SecretVersion",
    create=Call(
        "secretsmanager",
        "put_secret_value",
        SecretId=THE_SECRET,
        SecretString=prop("secretString", WITHHELD),
    ),
    identity=reply("VersionId"),
    lasting="a version is there for as long as its secret",
    read=(Call("secretsmanager", "get_secret_value", SecretId=THE_SECRET, VersionId=ID),),
    gone=(*NO_SECRET, "InvalidRequestException"),
    shows={"secretId": THE_SECRET, "secretString": reply("SecretString", WITHHELD)},
)

ENTRIES = (SECRET, SECRET_POLICY, ROTATION, VERSION)
