"""What others need to know of a network, whether this program made it or found it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi


class PrivateNetwork(Protocol):
    """A network that models run in: `Network`, which is made, and `AdoptedNetwork`, which was there before."""

    @property
    def vpc_id(self) -> pulumi.Input[str]:
        """The VPC."""
        ...

    @property
    def subnet_ids(self) -> Sequence[pulumi.Input[str]]:
        """Where workloads stand, one subnet in each zone."""
        ...

    @property
    def workload_group_id(self) -> pulumi.Input[str]:
        """The security group that every workload is in."""
        ...

    @property
    def runtime_endpoint_id(self) -> pulumi.Input[str]:
        """The endpoint through which models are invoked: the value of `aws:SourceVpce` of such a call."""
        ...


@dataclass(frozen=True)
class Segment:
    """What one zone holds of a tier: its range, its subnet, and the table that says where traffic from there goes."""

    zone: str
    cidr: str
    subnet_id: pulumi.Output[str]
    route_table_id: pulumi.Output[str]
