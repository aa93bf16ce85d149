"""Tables over files.

https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html
"""

from __future__ import annotations

from twin.entry import Call, Entry, Named
from twin.forms import TEXTS, Member, Shape
from twin.terms import Built, prop, reply

COLUMN = Shape(name="Name", type="Type", comment="Comment")
DESCRIBED = {
    "Name": prop("name"),
    "Description": prop("description"),
    "TableType": prop("tableType"),
    "Parameters": prop("parameters", TEXTS),
    "PartitionKeys": prop("partitionKeys", COLUMN),
    "StorageDescriptor": prop(
        "storageDescriptor",
        SHAPE := Shape(
            location="Location",
            inputFormat="InputFormat",
            outputFormat="OutputFormat",
            columns=Member("Columns", COLUMN),
            serDeInfo=Member(
                "SerdeInfo",
                Shape(
                    name="Name",
                    serializationLibrary="SerializationLibrary",
                    parameters=Member("Parameters", TEXTS),
                ),
            ),
        ),
    ),
}
THIS = {"DatabaseName": prop("databaseName"), "Name": prop("name")}
TABLE = Entry(
    "aws:glue/catalogTable:CatalogTable",
    create=Call("glue", "create_table", DatabaseName=prop("databaseName"), TableInput=DESCRIBED),
    identity=Built("{account}:{databaseName}:{name}"),
    named=Named("name", 255),
    update=(Call("glue", "update_table", DatabaseName=prop("databaseName"), TableInput=DESCRIBED),),
    fixed=("name", "databaseName"),
    delete=(Call("glue", "delete_table", DatabaseName=prop("databaseName"), Name=prop("name")),),
    read=(Call("glue", "get_table", DatabaseName=prop("databaseName"), Name=prop("name")),),
    gone=("EntityNotFoundException",),
    shows={
        "name": reply("Table.Name"),
        "databaseName": reply("Table.DatabaseName"),
        "description": reply("Table.Description"),
        "tableType": reply("Table.TableType"),
        "parameters": reply("Table.Parameters", TEXTS),
        "partitionKeys": reply("Table.PartitionKeys", COLUMN),
        "storageDescriptor": reply("Table.StorageDescriptor", SHAPE),
    },
    outputs={"arn": Built("arn:{partition}:glue:{region}:{account}:table/{databaseName}/{name}")},
)

ENTRIES = (TABLE,)
