"""A network that was there before, by its ids: models run in it, and what cannot be seen of it is not claimed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.component import Component
from core.errors import BadInput
from core.naming import Name

FORMS = {"vpc": "vpc_id", "subnet": "subnet_ids", "sg": "workload_group_id", "vpce": "runtime_endpoint_id"}
"""How ids begin, and the argument that takes such a one."""


@dataclass(frozen=True)
class AdoptedNetworkArgs:
    """The ids: the VPC, a subnet for workloads in each zone, their security group, the SageMaker runtime endpoint."""

    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    workload_group_id: pulumi.Input[str]
    runtime_endpoint_id: pulumi.Input[str]


class AdoptedNetwork(Component):
    """Somebody else's network under the attributes of Network, for ModelEndpoint and whatever else runs in one.

    Nothing is made. Guards that ask about a network answer `unknown` for it, as ids show neither routes nor rules nor
    logs; a FlowLog or a DnsFirewall declared for its `vpc_id` is seen and counts. Raises BadInput for an id of another
    kind, a subnet named twice, and none at all.
    """

    def __init__(self, name: Name, args: AdoptedNetworkArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"adopted network {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        facts = {
            "vpcId": args.vpc_id,
            "subnetIds": list(args.subnet_ids),
            "workloadGroupId": args.workload_group_id,
            "runtimeEndpointId": args.runtime_endpoint_id,
        }
        super().__init__("AdoptedNetwork", name, parent, facts)
        self.args = args
        self.vpc_id = args.vpc_id
        self.subnet_ids = list(args.subnet_ids)
        self.workload_group_id = args.workload_group_id
        self.runtime_endpoint_id = args.runtime_endpoint_id
        self.done()


def _faults(args: AdoptedNetworkArgs) -> list[str]:
    given = {"vpc": [args.vpc_id], "subnet": args.subnet_ids}
    given |= {"sg": [args.workload_group_id], "vpce": [args.runtime_endpoint_id]}
    faults = [
        f"{FORMS[form]} {text!r}; expected an id such as '{form}-0a1b2c3d'"
        for form, ids in given.items()
        for text in ids
        if isinstance(text, str) and not re.fullmatch(form + r"-[0-9a-f]{8,17}", text)
    ]
    known = [text for text in args.subnet_ids if isinstance(text, str)]
    if not args.subnet_ids:
        faults.append("no subnet is named; models need two, in different zones")
    if len(set(known)) < len(known):
        faults.append("a subnet is named twice; name one in each zone")
    return faults
