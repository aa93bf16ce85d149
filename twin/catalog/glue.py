"""The catalogue of tables, how it is sealed, and what Glue's jobs seal.

https://docs.aws.amazon.com/glue/latest/webapi/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.value import Path, frozen
from twin.entry import Call, Entry, Named
from twin.forms import TEXTS, Form, Member, Shape
from twin.terms import ID, Built, dropped, prop, reply


class Said(Shape):
    """A list of structures that says something when it is empty, too: nobody."""

    def decode(self, value: Any) -> Any:
        """An empty list stays one."""
        return frozen([]) if value is not None and not value else super().decode(value)


@dataclass(frozen=True)
class Lone(Form):
    """One structure in the provider's words of which the API makes a list."""

    form: Form

    def encode(self, value: Any) -> Any:
        """A list of it."""
        return [self.form.encode(value)]

    def decode(self, value: Any) -> Any:
        """The first of them."""
        return self.form.decode(value if isinstance(value, Mapping) else value[0]) if value else None

    def covers(self, path: Path) -> bool:
        """As the form of the one."""
        return self.form.covers(path)


GRANTED = Said(
    permissions="Permissions",
    principal=Member("Principal", Shape(dataLakePrincipalIdentifier="DataLakePrincipalIdentifier")),
)
DESCRIBED = {
    "Name": prop("name"),
    "Description": prop("description"),
    "LocationUri": prop("locationUri"),
    "Parameters": prop("parameters", TEXTS),
    "CreateTableDefaultPermissions": prop("createTableDefaultPermissions", GRANTED),
}
DATABASE_ARN = Built("arn:{partition}:glue:{region}:{account}:database/{name}")
DATABASE = Entry(
    "aws:glue/catalogDatabase:CatalogDatabase",
    create=Call("glue", "create_database", DatabaseInput=DESCRIBED, Tags=prop("tags", TEXTS)),
    identity=Built("{account}:{name}"),
    named=Named("name", 255),
    update=(
        Call("glue", "update_database", Name=prop("name"), DatabaseInput=DESCRIBED),
        Call("glue", "untag_resource", when=dropped("tags"), ResourceArn=DATABASE_ARN, TagsToRemove=dropped("tags")),
        Call("glue", "tag_resource", when=prop("tags"), ResourceArn=DATABASE_ARN, TagsToAdd=prop("tags", TEXTS)),
    ),
    fixed=("name",),
    delete=(Call("glue", "delete_database", Name=prop("name")),),
    read=(Call("glue", "get_database", Name=prop("name")), Call("glue", "get_tags", ResourceArn=DATABASE_ARN)),
    gone=("EntityNotFoundException",),
    shows={
        "name": reply("Database.Name"),
        "description": reply("Database.Description"),
        "locationUri": reply("Database.LocationUri"),
        "parameters": reply("Database.Parameters", TEXTS),
        "createTableDefaultPermissions": reply("Database.CreateTableDefaultPermissions", GRANTED),
        "tags": reply("Tags", TEXTS),
    },
    outputs={"arn": DATABASE_ARN, "catalogId": reply("Database.CatalogId")},
    computed=("createTableDefaultPermissions",),
)

SEALED = Shape(
    encryptionAtRest=Member(
        "EncryptionAtRest",
        Shape(
            catalogEncryptionMode="CatalogEncryptionMode",
            catalogEncryptionServiceRole="CatalogEncryptionServiceRole",
            sseAwsKmsKeyId="SseAwsKmsKeyId",
        ),
    ),
    connectionPasswordEncryption=Member(
        "ConnectionPasswordEncryption",
        Shape(returnConnectionPasswordEncrypted="ReturnConnectionPasswordEncrypted", awsKmsKeyId="AwsKmsKeyId"),
    ),
)
SEAL = Call(
    "glue",
    "put_data_catalog_encryption_settings",
    DataCatalogEncryptionSettings=prop("dataCatalogEncryptionSettings", SEALED),
)
CATALOGUE = Entry(
    "aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings",
    create=SEAL,
    identity=Built("{account}"),
    update=(SEAL,),
    delete=(
        Call(
            "glue",
            "put_data_catalog_encryption_settings",
            DataCatalogEncryptionSettings={
                "EncryptionAtRest": {"CatalogEncryptionMode": "DISABLED"},
                "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": False},
            },
        ),
    ),
    lasting="an account always has these settings; what is left encrypts nothing new",
    read=(Call("glue", "get_data_catalog_encryption_settings"),),
    shows={"dataCatalogEncryptionSettings": reply("DataCatalogEncryptionSettings", SEALED)},
)

JOBS = Shape(
    cloudwatchEncryption=Member(
        "CloudWatchEncryption", Shape(cloudwatchEncryptionMode="CloudWatchEncryptionMode", kmsKeyArn="KmsKeyArn")
    ),
    jobBookmarksEncryption=Member(
        "JobBookmarksEncryption", Shape(jobBookmarksEncryptionMode="JobBookmarksEncryptionMode", kmsKeyArn="KmsKeyArn")
    ),
    s3Encryption=Member("S3Encryption", Lone(Shape(s3EncryptionMode="S3EncryptionMode", kmsKeyArn="KmsKeyArn"))),
)
SECURITY = Entry(
    "aws:glue/securityConfiguration:SecurityConfiguration",
    create=Call(
        "glue",
        "create_security_configuration",
        Name=prop("name"),
        EncryptionConfiguration=prop("encryptionConfiguration", JOBS),
    ),
    identity=prop("name"),
    named=Named("name", 255),
    delete=(Call("glue", "delete_security_configuration", Name=ID),),
    read=(Call("glue", "get_security_configuration", Name=ID),),
    gone=("EntityNotFoundException",),
    shows={
        "name": reply("SecurityConfiguration.Name"),
        "encryptionConfiguration": reply("SecurityConfiguration.EncryptionConfiguration", JOBS),
    },
)

ENTRIES = (DATABASE, CATALOGUE, SECURITY)
