"""Where an environment lives: account, Region and partition, in the words that ARNs and service names are made of."""

import re
from dataclasses import dataclass

from core.errors import BadInput
from core.regions import partition_of, region_fault

ACCOUNT = re.compile(r"\d{12}")
DNS_SUFFIXES = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}


@dataclass(frozen=True)
class Place:
    """One account in one Region. Raises BadInput for what is no account number, no Region, or the wrong partition."""

    account: str
    region: str
    partition: str = "aws"

    def __post_init__(self) -> None:
        """Refuse what would make an ARN that names nothing."""
        if not ACCOUNT.fullmatch(self.account):
            msg = f"place: account {self.account!r}; expected 12 digits, as text"
            raise BadInput(msg)
        if fault := region_fault(self.region):
            msg = f"place: Region {self.region!r}; expected {fault}"
            raise BadInput(msg)
        if self.partition != (right := partition_of(self.region)):
            msg = f"place: Region {self.region} is in partition {right!r}, not {self.partition!r}; use place_of"
            raise BadInput(msg)

    def arn(self, service: str, resource: str, region: str | None = None) -> str:
        """The ARN of something in this account; pass `region=""` for services that have none, such as IAM."""
        where = self.region if region is None else region
        return f"arn:{self.partition}:{service}:{where}:{self.account}:{resource}"

    def endpoint(self, service: str) -> str:
        """The Regional name of a service, as `kms:ViaService` and some service principals spell it."""
        return f"{service}.{self.region}.{DNS_SUFFIXES[self.partition]}"

    @property
    def root(self) -> str:
        """The ARN that stands for the account as a whole in a Principal."""
        return self.arn("iam", "root", region="")


def place_of(account: str, region: str) -> Place:
    """The place with the partition that goes with its Region."""
    return Place(account, region, partition_of(region))
