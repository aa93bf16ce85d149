"""Who may read which tables, and where their files are.

https://docs.aws.amazon.com/lake-formation/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.value import Path
from twin.catalog.glue import Said
from twin.entry import Call, Entry, Gap
from twin.forms import BAG, Bag, Form, Member, Shape
from twin.terms import Built, dropped, first_of, given, prop, reply

PRINCIPAL = "DataLakePrincipalIdentifier"


class Principals(Bag):
    """Names of principals, in any order, that the API puts into structures."""

    def encode(self, value: Any) -> Any:
        """Each in its own."""
        return [{PRINCIPAL: item} for item in value]

    def decode(self, value: Any) -> Any:
        """Taken out of them."""
        return super().decode([item[PRINCIPAL] for item in value or ()])


class Principal(Form):
    """The name of one."""

    def encode(self, value: Any) -> Any:
        """In its structure."""
        return {PRINCIPAL: value}

    def decode(self, value: Any) -> Any:
        """Taken out of it."""
        return (value or {}).get(PRINCIPAL)


class Every(Form):
    """Yes, which the API says by an empty structure."""

    def encode(self, value: Any) -> Any:
        """The structure, or nothing."""
        return {} if value else None

    def decode(self, value: Any) -> Any:
        """True where there is one."""
        return True if isinstance(value, Mapping) or value is True else None

    def covers(self, path: Path) -> bool:
        """A single value."""
        return not path


ADMINISTRATORS = Principals()
DEFAULTS = Said(permissions="Permissions", principal=Member("Principal", Principal()))
OF_THE_LAKE: Mapping[str, tuple[str, Form]] = {
    "admins": ("DataLakeAdmins", ADMINISTRATORS),
    "readOnlyAdmins": ("ReadOnlyAdmins", ADMINISTRATORS),
    "createDatabaseDefaultPermissions": ("CreateDatabaseDefaultPermissions", DEFAULTS),
    "createTableDefaultPermissions": ("CreateTableDefaultPermissions", DEFAULTS),
    "allowExternalDataFiltering": ("AllowExternalDataFiltering", Form()),
    "allowFullTableExternalDataAccess": ("AllowFullTableExternalDataAccess", Form()),
}
"""Property -> member of the settings, which are always put as a whole."""
PUT = Call(
    "lakeformation",
    "put_data_lake_settings",
    DataLakeSettings={api: prop(name, form) for name, (api, form) in OF_THE_LAKE.items()},
)
SETTINGS = Entry(
    "aws:lakeformation/dataLakeSettings:DataLakeSettings",
    create=PUT,
    identity=Built("{account}"),
    update=(PUT,),
    delete=(Call("lakeformation", "put_data_lake_settings", DataLakeSettings={}),),
    lasting="an account always has these settings; what is left names no administrator and lets nobody in",
    read=(Call("lakeformation", "get_data_lake_settings"),),
    shows={name: reply(f"DataLakeSettings.{api}", form) for name, (api, form) in OF_THE_LAKE.items()},
    computed=("createDatabaseDefaultPermissions", "createTableDefaultPermissions"),
)

LOCATION = Entry(
    "aws:lakeformation/resource:Resource",
    create=Call(
        "lakeformation",
        "register_resource",
        ResourceArn=prop("arn"),
        RoleArn=prop("roleArn"),
        HybridAccessEnabled=prop("hybridAccessEnabled"),
        WithFederation=prop("withFederation"),
    ),
    identity=prop("arn"),
    # The double has no update_resource: one that gets another role is registered anew, which AWS would not need.
    alone=("arn",),
    delete=(Call("lakeformation", "deregister_resource", ResourceArn=prop("arn")),),
    read=(Call("lakeformation", "describe_resource", ResourceArn=prop("arn")),),
    gone=("EntityNotFoundException",),
    shows={
        "arn": reply("ResourceInfo.ResourceArn"),
        "roleArn": reply("ResourceInfo.RoleArn"),
        "hybridAccessEnabled": reply("ResourceInfo.HybridAccessEnabled"),
        "withFederation": reply("ResourceInfo.WithFederation"),
    },
    gaps={
        "hybridAccessEnabled": Gap("the answer leaves it out"),
        "withFederation": Gap("the answer leaves it out"),
    },
)

ON = {
    "Database": given("database", {"Name": prop("database.name")}),
    "Table": given(
        "table",
        {
            "DatabaseName": prop("table.databaseName"),
            "Name": prop("table.name"),
            "TableWildcard": prop("table.wildcard", Every()),
        },
    ),
    "DataLocation": given("dataLocation", {"ResourceArn": prop("dataLocation.arn")}),
}
WHOM, WHAT = prop("principal", Principal()), "PrincipalResourcePermissions[0]"
GRANT = Call(
    "lakeformation",
    "grant_permissions",
    Principal=WHOM,
    Resource=ON,
    Permissions=prop("permissions", BAG),
    PermissionsWithGrantOption=prop("permissionsWithGrantOptions", BAG),
)


def revoked(permissions: Any, options: Any, **conditions: Any) -> Call:
    """The call that takes these away from the same principal on the same thing."""
    return Call(
        "lakeformation",
        "revoke_permissions",
        Principal=WHOM,
        Resource=ON,
        Permissions=permissions,
        PermissionsWithGrantOption=options,
        **conditions,
    )


PERMISSIONS = Entry(
    "aws:lakeformation/permissions:Permissions",
    create=GRANT,
    identity=first_of(
        given("database", Built("{principal}|database|{database[name]}")),
        given("table.name", Built("{principal}|table|{table[databaseName]}|{table[name]}")),
        given("table", Built("{principal}|tables|{table[databaseName]}")),
        given("dataLocation", Built("{principal}|location|{dataLocation[arn]}")),
    ),
    update=(
        revoked(dropped("permissions"), None, when=dropped("permissions")),
        revoked(
            dropped("permissionsWithGrantOptions"),
            dropped("permissionsWithGrantOptions"),
            when=dropped("permissionsWithGrantOptions"),
        ),
        GRANT,
    ),
    fixed=("principal", "database", "table", "dataLocation"),
    delete=(revoked(prop("permissions", BAG), prop("permissionsWithGrantOptions", BAG)),),
    read=(Call("lakeformation", "list_permissions", Principal=WHOM, Resource=ON),),
    exists=reply(f"{WHAT}.Permissions"),
    shows={
        "principal": reply(f"{WHAT}.Principal", Principal()),
        "permissions": reply(f"{WHAT}.Permissions", BAG),
        "permissionsWithGrantOptions": reply(f"{WHAT}.PermissionsWithGrantOption", BAG),
        "database": reply(f"{WHAT}.Resource.Database", Shape(name="Name")),
        "table": reply(
            f"{WHAT}.Resource.Table",
            Shape(databaseName="DatabaseName", name="Name", wildcard=Member("TableWildcard", Every())),
        ),
        "dataLocation": reply(f"{WHAT}.Resource.DataLocation", Shape(arn="ResourceArn")),
    },
)

ENTRIES = (SETTINGS, LOCATION, PERMISSIONS)
