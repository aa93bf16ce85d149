"""The default network ACL of a network and its entries.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
"""

from __future__ import annotations

from typing import Any

from core.value import Path
from twin.catalog.vpc import RETAG
from twin.entry import Call, Entry
from twin.forms import TAGS, Form, Shape
from twin.terms import ID, Built, dropped, every, item, prop, reply

OPEN, LAST = 100, 32767
"""The entry that lets everything through, and the one that refuses the rest and cannot be changed."""


ENTRY = Shape(
    ruleNo="RuleNumber",
    protocol="Protocol",
    action="RuleAction",
    cidrBlock="CidrBlock",
    ipv6CidrBlock="Ipv6CidrBlock",
    fromPort="From",
    toPort="To",
)


class Entries(Form):
    """The entries of one direction; AWS says ports in a structure of their own, and none where all are meant."""

    def __init__(self, *, egress: bool) -> None:
        self.egress = egress

    def encode(self, value: Any) -> Any:
        """As the calls for one entry take it; raises BadInput for a member that is not known."""
        return ENTRY.encode(value)

    def decode(self, value: Any) -> Any:
        """In the order of their numbers; protocols by number or name are the same to AWS."""
        found = [entry for entry in value or () if entry.get("Egress", self.egress) is self.egress]
        ours = sorted((e for e in found if e["RuleNumber"] < LAST), key=lambda e: e["RuleNumber"])
        flat = [{"From": 0, "To": 0, **entry, **entry.get("PortRange", {})} for entry in ours]
        return ENTRY.decode([{**e, "Protocol": NAMES.get(e["Protocol"], e["Protocol"])} for e in flat])

    def covers(self, path: Path) -> bool:
        """As one entry."""
        return ENTRY.covers(path)


NAMES = {"6": "tcp", "17": "udp", "1": "icmp"}
SIDES = {"ingress": Entries(egress=False), "egress": Entries(egress=True)}


def dropped_entries(side: str, *, egress: bool) -> Call:
    """What an update takes out goes first: a number can be had once."""
    return Call(
        "ec2",
        "delete_network_acl_entry",
        each=dropped(side),
        NetworkAclId=ID,
        RuleNumber=item("ruleNo"),
        Egress=egress,
    )


def added_entries(side: str, *, egress: bool) -> Call:
    """Those that stand already are tolerated."""
    return Call(
        "ec2",
        "create_network_acl_entry",
        each=prop(side, SIDES[side]),
        tolerates=("NetworkAclEntryAlreadyExists",),
        NetworkAclId=ID,
        Egress=egress,
        RuleNumber=item("RuleNumber"),
        Protocol=item("Protocol"),
        RuleAction=item("RuleAction"),
        CidrBlock=item("CidrBlock"),
        Ipv6CidrBlock=item("Ipv6CidrBlock"),
        PortRange={"From": item("From"), "To": item("To")},
    )


DEFAULT_ACL = Entry(
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
    # It comes with its network: to make it is to find it and to take its open entries away.
    create=Call("ec2", "describe_network_acls", NetworkAclIds=[prop("defaultNetworkAclId")]),
    identity=prop("defaultNetworkAclId"),
    then=(
        Call(
            "ec2",
            "delete_network_acl_entry",
            each=every("NetworkAcls[0].Entries", RuleNumber=OPEN),
            NetworkAclId=ID,
            RuleNumber=OPEN,
            Egress=item("Egress"),
        ),
        dropped_entries("ingress", egress=False),
        dropped_entries("egress", egress=True),
        added_entries("ingress", egress=False),
        added_entries("egress", egress=True),
        Call("ec2", "create_tags", when=prop("tags"), Resources=[ID], Tags=prop("tags", TAGS)),
    ),
    update=RETAG[:1],
    fixed=("defaultNetworkAclId",),
    lasting="the default ACL of a network goes with the network",
    read=(Call("ec2", "describe_network_acls", NetworkAclIds=[ID]),),
    gone=("InvalidNetworkAclID.NotFound",),
    shows={
        "defaultNetworkAclId": ID,
        **{side: reply("NetworkAcls[0].Entries", form) for side, form in SIDES.items()},
        "tags": reply("NetworkAcls[0].Tags", TAGS),
    },
    outputs={
        "arn": Built("arn:{partition}:ec2:{region}:{account}:network-acl/{id}"),
        "ownerId": reply("NetworkAcls[0].OwnerId"),
        "vpcId": reply("NetworkAcls[0].VpcId"),
    },
)

ENTRIES = (DEFAULT_ACL,)
