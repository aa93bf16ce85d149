"""Parameters.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry, Named
from twin.forms import TAGS
from twin.terms import ID, Built, dropped, first, prop, reply
from twin.withheld import WITHHELD

SAID: dict[str, Any] = {
    "Value": prop("value", WITHHELD),
    "Type": prop("type"),
    "KeyId": prop("keyId"),
    "Description": prop("description"),
    "Tier": prop("tier"),
}
TAGGED: dict[str, Any] = {"ResourceType": "Parameter", "ResourceId": ID}

PARAMETER = Entry(
    "aws:ssm/parameter:Parameter",
    create=Call("ssm", "put_parameter", Name=prop("name"), Tags=prop("tags", TAGS), **SAID),
    identity=prop("name"),
    named=Named("name", 1011),
    update=(
        Call("ssm", "put_parameter", Name=ID, Overwrite=True, **SAID),
        Call("ssm", "remove_tags_from_resource", when=dropped("tags"), TagKeys=dropped("tags"), **TAGGED),
        Call("ssm", "add_tags_to_resource", when=prop("tags"), Tags=prop("tags", TAGS), **TAGGED),
    ),
    fixed=("name",),
    delete=(Call("ssm", "delete_parameter", Name=ID),),
    read=(
        Call("ssm", "get_parameter", Name=ID, WithDecryption=True),
        Call("ssm", "describe_parameters", ParameterFilters=[{"Key": "Name", "Values": [ID]}]),
        Call("ssm", "list_tags_for_resource", **TAGGED),
    ),
    gone=("ParameterNotFound", "InvalidResourceId"),
    shows={
        "name": ID,
        "value": reply("Parameter.Value", WITHHELD),
        "type": reply("Parameter.Type"),
        "keyId": first("Parameters", "KeyId", Name=ID),
        "description": first("Parameters", "Description", Name=ID),
        "tier": first("Parameters", "Tier", Name=ID),
        "tags": reply("TagList", TAGS),
    },
    outputs={"arn": Built("arn:{partition}:ssm:{region}:{account}:parameter{id}")},
    computed=("tier",),
)

ENTRIES = (PARAMETER,)
