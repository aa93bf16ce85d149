"""A door of its own to a bucket, for one network and whoever is let in by it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket
from components.bucket_policy import ANYONE
from components.component import Component
from components.key import titled
from components.place import Place
from components.policy_document import PolicyDocument, Statement, allow, deny
from components.role import Role
from core.errors import BadInput
from core.naming import Name

SHORTEST, LONGEST = 3, 50
"""Characters: https://docs.aws.amazon.com/AmazonS3/latest/userguide/creating-access-points.html"""
RESERVED = ("-s3alias",)


@dataclass(frozen=True)
class AccessPointArgs:
    """All an access point has to be told: whose door it is, and the id of the only network that it is reached from."""

    place: Place
    bucket: Bucket
    network: pulumi.Input[str]


class AccessPoint(Component):
    """An S3 access point that answers one VPC, over TLS, to principals of this account, and is never public.

    Neither its network nor its public access block can be changed later: it is replaced, the old one first, for it has
    a name of its own. Raises BadInput for a name that S3 does not take, and for a network that is no VPC.
    """

    def __init__(self, name: Name, args: AccessPointArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(name, args):
            msg = f"access point {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("AccessPoint", name, parent)
        self.args = args
        self.arn = args.place.arn("s3", f"accesspoint/{name}")
        document = PolicyDocument(f"{name}-door", self._statements(), self)
        self.point = aws.s3.AccessPoint(
            f"{name}-door",
            name=str(name),
            bucket=args.bucket.store.id,
            vpc_configuration={"vpc_id": args.network},
            public_access_block_configuration={
                "block_public_acls": True,
                "block_public_policy": True,
                "ignore_public_acls": True,
                "restrict_public_buckets": True,
            },
            policy=document.json,
            tags=dict(name.tags),
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )
        self.done(arn=self.arn)

    def _statements(self) -> list[Statement]:
        """Both deny: who is let in is said by grants alone."""
        reached = [self.arn, f"{self.arn}/object/*"]
        strangers = {"StringNotEquals": {"aws:PrincipalAccount": self.args.place.account}}
        return [
            deny("OnlyOverTls", ["s3:*"], reached, ANYONE, {"Bool": {"aws:SecureTransport": "false"}}),
            deny("OnlyThisAccount", ["s3:*"], reached, ANYONE, strangers),
        ]

    def grant_read(self, role: Role, under: str = "") -> None:
        """Let the role fetch and open objects whose keys begin with `under`, by this door and by no other.

        A request by a door is asked about twice, for the door and for the bucket behind it:
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
        """
        sid = f"Read{titled(self.name)}" + titled("".join(c if c.isalnum() else "-" for c in under))
        behind = pulumi.Output.concat(self.args.bucket.arn, "/", under, "*")
        by_door = {"StringEquals": {"s3:DataAccessPointArn": self.arn}}
        key = self.args.bucket.args.key
        said = [
            allow(sid, ["s3:GetObject"], [f"{self.arn}/object/{under}*"]),
            allow(f"{sid}Behind", ["s3:GetObject"], [behind], given=by_door),
        ]
        role.may_all(sid, [*said, key.decrypts()] if key else said)


def _faults(name: Name, args: AccessPointArgs) -> list[str]:
    """Why this access point must not be made, a sentence each."""
    network, text = args.network, str(name)
    checks = (
        (
            not SHORTEST <= len(text) <= LONGEST,
            f"its name has {len(text)} characters; S3 takes {SHORTEST} to {LONGEST}",
        ),
        (text.endswith(RESERVED), "its name ends as S3's own aliases do; choose another"),
        (
            isinstance(network, str) and not network.startswith("vpc-"),
            "network is no id of a VPC, such as 'vpc-0a1b2c3d'",
        ),
    )
    return [said for wrong, said in checks if wrong]
