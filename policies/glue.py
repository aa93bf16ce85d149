"""Guards over the catalogue of tables and over what Glue's jobs write."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of, holds, is_one_of, is_true
from policies import tokens
from policies.guard import guard
from policies.lakeformation import lets_nobody_in
from policies.links import uses_own_key

SETTINGS, JOBS = "dataCatalogEncryptionSettings", "encryptionConfiguration"
ENCRYPTED = ("SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE")
WRITTEN = (
    ("s3Encryption", "s3EncryptionMode", "SSE-KMS"),
    ("cloudwatchEncryption", "cloudwatchEncryptionMode", "SSE-KMS"),
    ("jobBookmarksEncryption", "jobBookmarksEncryptionMode", "CSE-KMS"),
)
"""What a job writes, the property that says how it is sealed, and the one right answer:
https://docs.aws.amazon.com/glue/latest/dg/encryption-security-configuration.html"""


@guard(
    "glue.catalogue_is_encrypted_with_own_key",
    on=tokens.CATALOGUE,
    severity=Severity.MEDIUM,
    fix="Set encryptionAtRest to SSE-KMS with a Key component's ARN; CatalogueEncryption does.",
)
def catalogue_is_encrypted_with_own_key(catalogue: Resource, graph: Graph) -> Verdict:
    """Names of tables, columns and partitions say whom data is about before anybody has opened a file."""
    at_rest = (SETTINGS, "encryptionAtRest")
    return all_of(
        [
            is_one_of(catalogue, ENCRYPTED, *at_rest, "catalogEncryptionMode"),
            uses_own_key(graph, catalogue, *at_rest, "sseAwsKmsKeyId"),
        ]
    )


@guard(
    "glue.connection_passwords_are_encrypted_with_own_key",
    on=tokens.CATALOGUE,
    severity=Severity.HIGH,
    fix="Set returnConnectionPasswordEncrypted, with a Key component's ARN; CatalogueEncryption does.",
)
def connection_passwords_are_encrypted_with_own_key(catalogue: Resource, graph: Graph) -> Verdict:
    """Whoever may look at a connection would read the password of the database behind it."""
    password = (SETTINGS, "connectionPasswordEncryption")
    return all_of(
        [
            is_true(catalogue, *password, "returnConnectionPasswordEncrypted"),
            uses_own_key(graph, catalogue, *password, "awsKmsKeyId"),
        ]
    )


@guard(
    "glue.security_configuration_is_complete",
    on=tokens.GLUE_SECURITY,
    severity=Severity.HIGH,
    fix="Seal files (SSE-KMS), logs (SSE-KMS) and bookmarks (CSE-KMS), each with a Key component's ARN; DataLake does.",
)
def security_configuration_is_complete(security: Resource, graph: Graph) -> Verdict:
    """A job copies what it reads into files, logs and bookmarks; one of them left open is a copy in the open."""
    return all_of(
        verdict
        for what, mode, right in WRITTEN
        for verdict in (
            holds(
                security.get(JOBS, what, mode),
                lambda said, right=right: said == right,
                f"{what}.{mode} of {security.name}",
                right,
            ),
            uses_own_key(graph, security, JOBS, what, "kmsKeyArn"),
        )
    )


@guard(
    "glue.database_leaves_access_to_lake_formation",
    on=tokens.GLUE_DATABASE,
    severity=Severity.HIGH,
    fix="Set createTableDefaultPermissions to an empty list, and declare LakeSettings before the database.",
)
def database_leaves_access_to_lake_formation(database: Resource) -> Verdict:
    """A table that everybody owns from the start, as far as IAM lets them, is outside of what was granted for it."""
    return lets_nobody_in(database, "createTableDefaultPermissions", "principal", "dataLakePrincipalIdentifier")
