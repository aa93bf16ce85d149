"""One class of data as tables: a database, the place its files are in, and who may read which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket
from components.bucket_policy import within
from components.component import Component
from components.key import Key, titled
from components.key_policy import for_log_groups
from components.lake_settings import LakeSettings
from components.perimeter import shut_out
from components.place import Place
from components.policy_document import Statement, allow
from components.role import Role, RoleArgs, arn_of
from core.errors import BadInput
from core.naming import Name

LAKE_FORMATION = "lakeformation.amazonaws.com"
JOB_LOGS = "/aws-glue/*"
"""Log groups of Glue's jobs and crawlers: https://docs.aws.amazon.com/glue/latest/dg/encryption-security-configuration.html"""
LOOK = (
    *("glue:GetDatabase", "glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions", "glue:GetTables"),
    *("glue:BatchGetPartition", "glue:GetPartition", "glue:GetPartitions"),
)
CHANGE = (
    *("glue:CreateTable", "glue:UpdateTable", "glue:BatchCreatePartition", "glue:BatchDeletePartition"),
    *("glue:CreatePartition", "glue:DeletePartition", "glue:UpdatePartition"),
)


@dataclass(frozen=True)
class DataLakeArgs:
    """All a lake has to be told.

    `store` holds the files; its class is the lake's. `log_key` seals what Glue's jobs say and admits `job_logs(place)`.
    `catalogue` is the key of the account's CatalogueEncryption and `settings` its LakeSettings, where they are known
    here: the database is made after the settings, and readers are given the key.
    """

    place: Place
    store: Bucket
    log_key: Key
    catalogue: Key | None = None
    settings: LakeSettings | None = None
    boundary: pulumi.Input[str] | None = None


class DataLake(Component):
    """A Glue database for one class of data, its bucket under Lake Formation, and the security of Glue's jobs.

    The database's name is fixed, because queries say it, and carries the environment. Raises BadInput for a store
    without a key of our own, one that is locked or takes access logs, a log key that does not admit the jobs' logs,
    and a catalogue key that is not used through Glue.
    """

    def __init__(self, name: Name, args: DataLakeArgs, parent: pulumi.Resource | None = None) -> None:
        vendor = arn_of(args.place, vendor_of(name))
        if faults := [*_faults(args), *shut_out(args.store.args.perimeter, vendor)]:
            msg = f"data lake {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        self.database_name = database_name(name)
        facts = {"dataClass": str(args.store.args.data_class), "database": self.database_name}
        super().__init__("DataLake", name, parent, facts)
        self.args = args
        self.tags = dict(name.tagged(data_class=args.store.args.data_class).tags)
        self.database = self._database()
        self.security = self._security()
        self.location = self._location(self._vendor())
        self.done(database=self.database.name, securityConfiguration=self.security.name)

    def grant_select(self, role: Role) -> None:
        """Let the role read every table of this class, by way of Lake Formation; not the files themselves."""
        self._permit(role, ["DESCRIBE"], ["DESCRIBE", "SELECT"])
        self._grant("Select", role, LOOK, [key.decrypts() for key in self._catalogue])

    def grant_write(self, role: Role) -> None:
        """Let the role make tables, and read, write and delete what is in them; not drop a table or the database."""
        self._permit(role, ["CREATE_TABLE", "DESCRIBE"], ["ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT"])
        self._permission(role, "location", ["DATA_LOCATION_ACCESS"], data_location={"arn": self.location.arn})
        sealed = [statement for key in self._catalogue for statement in (key.decrypts(), key.encrypts())]
        self._grant("Write", role, (*LOOK, *CHANGE), sealed)

    def _database(self) -> aws.glue.CatalogDatabase:
        """No table of it is anybody's from the start."""
        needed = [self.args.settings] if self.args.settings else []
        return aws.glue.CatalogDatabase(
            f"{self.name}-database",
            name=self.database_name,
            description=f"Tables of {self.args.store.args.data_class} data",
            create_table_default_permissions=[],
            tags=self.tags,
            opts=self.after(*needed),
        )

    def _security(self) -> aws.glue.SecurityConfiguration:
        """What a job of Glue's writes is sealed: files, logs and bookmarks. It cannot be changed, only replaced."""
        data, logs = self._key.arn, self.args.log_key.arn
        sealed: Any = {
            "s3_encryption": {"s3_encryption_mode": "SSE-KMS", "kms_key_arn": data},
            "cloudwatch_encryption": {"cloudwatch_encryption_mode": "SSE-KMS", "kms_key_arn": logs},
            "job_bookmarks_encryption": {"job_bookmarks_encryption_mode": "CSE-KMS", "kms_key_arn": data},
        }
        return aws.glue.SecurityConfiguration(f"{self.name}-security", encryption_configuration=sealed, opts=self.child)

    def _vendor(self) -> Role:
        """The role with which Lake Formation reaches the files for whom it lets; nobody else can take it.

        https://docs.aws.amazon.com/lake-formation/latest/dg/registration-role.html
        That page's trust has no condition on the source; the role can only be passed within this account.
        """
        trust = [allow("LakeFormationComesIn", ["sts:AssumeRole"], [], {"Service": LAKE_FORMATION})]
        args = RoleArgs(trust, "Lake Formation reaches one class of data", self.args.boundary)
        role, store = Role(vendor_of(self.name), args, self), self.args.store
        files = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        role.may_all(
            "ReachFiles",
            [
                allow("ReachFiles", files, [within(store.arn)]),
                allow("ListFiles", ["s3:ListBucket"], [store.arn]),
                self._key.decrypts(),
                self._key.encrypts(),
            ],
        )
        return role

    def _location(self, vendor: Role) -> aws.lakeformation.Resource:
        """From here on Lake Formation alone decides who reads the tables; not IAM beside it."""
        needed = [vendor, *([self.args.settings] if self.args.settings else [])]
        return aws.lakeformation.Resource(
            f"{self.name}-location",
            arn=self.args.store.arn,
            role_arn=vendor.arn,
            hybrid_access_enabled=False,
            opts=self.after(*needed),
        )

    def _permit(self, role: Role, on_database: Sequence[str], on_tables: Sequence[str]) -> None:
        """What Lake Formation lets the role do with the database and with all its tables, those to come as well."""
        self._permission(role, "database", on_database, database={"name": self.database.name})
        every_table = {"database_name": self.database.name, "wildcard": True}
        self._permission(role, "tables", on_tables, table=every_table)

    def _permission(self, role: Role, what: str, permissions: Sequence[str], **on: Any) -> None:
        """Without the option to pass it on."""
        aws.lakeformation.Permissions(
            f"{self.name}-{what}-{role.name}",
            principal=role.arn,
            permissions=list(permissions),
            opts=self.after(self.location),
            **on,
        )

    def _grant(self, verb: str, role: Role, actions: Sequence[str], sealed: Sequence[Statement]) -> None:
        """What IAM has to let the role do for Lake Formation to be asked at all; that one has no resources."""
        place, sid = self.args.place, verb + titled(self.name)
        described = ["catalog", f"database/{self.database_name}", f"table/{self.database_name}/*"]
        role.may_all(
            sid,
            [
                allow(sid, actions, [place.arn("glue", what) for what in described]),
                allow(f"{sid}Data", ["lakeformation:GetDataAccess"], ["*"]),
                *sealed,
            ],
        )

    @property
    def _catalogue(self) -> list[Key]:
        return [self.args.catalogue] if self.args.catalogue else []

    @property
    def _key(self) -> Key:
        assert self.args.store.args.key is not None
        return self.args.store.args.key


def vendor_of(name: Name) -> Name:
    """What the role is called by which Lake Formation reaches files; their store's perimeter has to spare it."""
    return name / "vendor"


def database_name(name: Name) -> str:
    """What the database of the lake of that name is called: queries take no hyphens unless they are quoted."""
    return str(name).replace("-", "_")


def job_logs(place: Place) -> list[Statement]:
    """What the policy of a key says that seals the logs of Glue's jobs."""
    return for_log_groups(place, JOB_LOGS)


def _faults(args: DataLakeArgs) -> list[str]:
    store = args.store.args
    faults = []
    if store.key is None:
        faults.append("its store has no key of our own; give the bucket a `key`")
    if store.lock:
        faults.append(
            "its store is locked: tables could not be rewritten, and nobody in them erased; leave the lock out"
        )
    if not args.log_key.admits(args.place.endpoint("logs")):
        faults.append("its log key does not admit the logs of jobs; give it `job_logs(place)` among its services")
    if args.catalogue and "glue" not in args.catalogue.args.through:
        faults.append("the catalogue's key is not used through Glue; give that key 'glue' in `through`")
    return faults
