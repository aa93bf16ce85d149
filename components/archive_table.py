"""The archive of a trail as a table, so that who did what is a question and not a search through files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pulumi
import pulumi_aws as aws

from components.audit_trail import AuditTrail
from components.component import Component
from components.data_lake import LOOK, database_name
from components.key import Key, titled
from components.lake_settings import LakeSettings
from components.place import ACCOUNT, Place
from components.policy_document import allow
from components.role import Role
from core.errors import BadInput
from core.naming import Name
from core.regions import REGIONS

TABLE = "events"
WHO = (
    "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,"
    "username:string,onbehalfof:struct<userid:string,identitystorearn:string>,sessioncontext:struct<"
    "attributes:struct<mfaauthenticated:string,creationdate:string>,"
    "sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>,"
    "ec2roledelivery:string,sourceidentity:string,"
    "webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>>"
)
TEXTS = (
    *("eventversion", "eventtime", "eventsource", "eventname", "awsregion", "sourceipaddress", "useragent"),
    *("errorcode", "errormessage", "requestparameters", "responseelements", "additionaleventdata", "requestid"),
    *("eventid", "readonly", "eventtype", "apiversion", "recipientaccountid", "serviceeventdetails"),
    *("sharedeventid", "vpcendpointid", "vpcendpointaccountid", "eventcategory", "sessioncredentialfromconsole"),
)
"""Of these four hold JSON as text: parameters, answers, additional data and service details."""
COLUMNS = {
    "useridentity": WHO,
    "resources": "array<struct<arn:string,accountid:string,type:string>>",
    "tlsdetails": "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>",
    **dict.fromkeys(TEXTS, "string"),
}
"""https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html"""
KEYS = ("account", "region", "day")


@dataclass(frozen=True)
class ArchiveTableArgs:
    """All the table has to be told.

    `place` is where the table is made, beside the files. `trail` is whose files it reads, from the day `since` on, such
    as '2026-01-01'. `accounts` are those of its organisation, where it records one. `catalogue` is the key of the
    account's catalogue and `settings` its LakeSettings, where they are known here.
    """

    place: Place
    trail: AuditTrail
    since: str
    accounts: Sequence[str] = ()
    catalogue: Key | None = None
    settings: LakeSettings | None = None


class ArchiveTable(Component):
    """A Glue table over the trail's files, by account, Region and day, without anything that has to list them.

    A question that names a day and a Region reads that day's files alone. The database's name is fixed, because
    queries say it, and carries the environment. Where to ask, a QueryWorkgroup says. Raises BadInput for a day that is
    none, for accounts without an organisation, none with one, and what is no account number.
    """

    def __init__(self, name: Name, args: ArchiveTableArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"archive table {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        self.database_name = database_name(name)
        super().__init__("ArchiveTable", name, parent, {"database": self.database_name, "since": args.since})
        self.args = args
        needed = [args.settings] if args.settings else []
        self.database = aws.glue.CatalogDatabase(
            f"{name}-database",
            name=self.database_name,
            description="Who did what",
            create_table_default_permissions=[],
            tags=dict(name.tags),
            opts=self.after(*needed),
        )
        self.table = aws.glue.CatalogTable(
            f"{name}-table",
            name=TABLE,
            database_name=self.database.name,
            description="Events that the trail recorded",
            table_type="EXTERNAL_TABLE",
            parameters=self._projection(),
            partition_keys=[{"name": key, "type": "string"} for key in KEYS],
            storage_descriptor=self._files(),
            opts=self.child,
        )
        self.done(database=self.database.name, table=self.table.name)

    def grant_select(self, role: Role) -> None:
        """Let the role ask this table, by way of Lake Formation and Glue; the files, their store grants."""
        self._permission(role, "database", ["DESCRIBE"], database={"name": self.database.name})
        about = {"database_name": self.database.name, "name": self.table.name}
        self._permission(role, "table", ["DESCRIBE", "SELECT"], table=about)
        place, sid = self.args.place, f"Ask{titled(self.name)}"
        described = ["catalog", f"database/{self.database_name}", f"table/{self.database_name}/{TABLE}"]
        opened = [self.args.catalogue.decrypts()] if self.args.catalogue else []
        look = allow(sid, LOOK, [place.arn("glue", what) for what in described])
        role.may_all(sid, [look, allow(f"{sid}Data", ["lakeformation:GetDataAccess"], ["*"]), *opened])

    def _permission(self, role: Role, what: str, permissions: Sequence[str], **on: Any) -> None:
        aws.lakeformation.Permissions(
            f"{self.name}-{what}-{role.name}",
            principal=role.arn,
            permissions=list(permissions),
            opts=self.child,
            **on,
        )

    @property
    def _root(self) -> pulumi.Output[str]:
        """Below which the folders of accounts lie."""
        organisation = self.args.trail.sender.organisation
        folder = f"/AWSLogs/{organisation.id}/" if organisation else "/AWSLogs/"
        return pulumi.Output.concat("s3://", self.args.trail.store.bucket_name, folder)

    def _projection(self) -> dict[str, pulumi.Input[str]]:
        """Athena works out where files lie: https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html."""
        partition = self.args.place.partition
        regions = [code for code, region in REGIONS.items() if region.partition == partition]
        return {
            "EXTERNAL": "TRUE",
            "projection.enabled": "true",
            "projection.account.type": "enum",
            "projection.account.values": ",".join(self.args.accounts or [self.args.trail.args.place.account]),
            "projection.region.type": "enum",
            "projection.region.values": ",".join(sorted(regions)),
            "projection.day.type": "date",
            "projection.day.format": "yyyy/MM/dd",
            "projection.day.range": f"{self.args.since.replace('-', '/')},NOW",
            "projection.day.interval": "1",
            "projection.day.interval.unit": "DAYS",
            "storage.location.template": pulumi.Output.concat(self._root, "${account}/CloudTrail/${region}/${day}"),
        }

    def _files(self) -> Any:
        return {
            "location": self._root,
            "input_format": "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
            "output_format": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "columns": [{"name": column, "type": kind} for column, kind in COLUMNS.items()],
            "ser_de_info": {"serialization_library": "org.apache.hive.hcatalog.data.JsonSerDe"},
        }


def _faults(args: ArchiveTableArgs) -> list[str]:
    """Why this table must not be made, a sentence each."""
    faults = []
    try:
        date.fromisoformat(args.since)
    except ValueError:
        faults.append(f"since is {args.since!r}; expected a day such as '2026-01-01'")
    organised = args.trail.sender.organisation is not None
    if organised and not args.accounts:
        faults.append("its trail records an organisation; name the accounts to look into as `accounts`")
    if args.accounts and not organised:
        faults.append("its trail records this account alone; leave `accounts` out")
    if wrong := [account for account in args.accounts if not ACCOUNT.fullmatch(account)]:
        faults.append(f"accounts are 12 digits each, as text; not so: {', '.join(wrong)}")
    return faults
