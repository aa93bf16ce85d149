"""The one catalogue that an account has in a Region, under a key of our own."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.key import Key, titled
from components.role import Role
from core.errors import BadInput
from core.naming import Name


@dataclass(frozen=True)
class CatalogueEncryptionArgs:
    """The key that seals descriptions of tables and passwords of connections; roles use it through `glue`."""

    key: Key


class CatalogueEncryption(Component):
    """Encrypts Glue's data catalogue and the passwords in it.

    There is one catalogue in an account and Region: this belongs to the account's own layer, once, and two environments
    of one account share it. Only what is made afterwards is encrypted. Whoever reads or writes descriptions needs the
    key: give it to each DataLake as `catalogue`. Raises BadInput for a key that is not used through Glue.
    """

    def __init__(self, name: Name, args: CatalogueEncryptionArgs, parent: pulumi.Resource | None = None) -> None:
        if "glue" not in args.key.args.through:
            msg = f"catalogue encryption {name}: its key is not used through Glue; give the key 'glue' in `through`"
            raise BadInput(msg)
        super().__init__("CatalogueEncryption", name, parent)
        self.key = args.key
        # SSE-KMS on the caller's behalf: a role of Glue's own could read everything for whoever may call Glue.
        # https://docs.aws.amazon.com/glue/latest/dg/encrypt-glue-data-catalog.html
        self.settings = aws.glue.DataCatalogEncryptionSettings(
            f"{name}-sealed",
            data_catalog_encryption_settings={
                "encryption_at_rest": {"catalog_encryption_mode": "SSE-KMS", "sse_aws_kms_key_id": args.key.arn},
                "connection_password_encryption": {
                    "return_connection_password_encrypted": True,
                    "aws_kms_key_id": args.key.arn,
                },
            },
            opts=self.child,
        )
        self.done()

    def grant_read(self, role: Role) -> None:
        """Let the role open descriptions, by way of Glue only; which of them, its other grants say."""
        role.may_all(f"Read{titled(self.name)}", [self.key.decrypts()])
