"""Which model exactly, on how many machines, and what is kept of its answers; and what SageMaker would refuse of it."""

import re
from dataclasses import dataclass

from components.bucket import Bucket
from components.place import DNS_SUFFIXES, Place
from core.instance_types import endpoint_type_fault, has_local_disk
from core.retention import DataClass

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
IMAGE = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)/([a-z0-9]+(?:[._/-][a-z0-9]+)*)")
"""https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Repository.html"""
ARTEFACT = re.compile(r"[\w!.()/-]+\.tar\.gz", re.ASCII)
"""Characters that mean themselves in an ARN and in a link:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"""
MOST_INSTANCES = 100


@dataclass(frozen=True)
class Release:
    """A model to serve: repository and digest of its image, key and digest of its weights in the models bucket.

    SageMaker compares the image's digest itself. It does not compare that of the weights: the container is told what it
    must be, and checks.
    """

    image: str
    image_digest: str
    artefact: str
    artefact_digest: str

    def faults(self, place: Place) -> list[str]:
        """What would let another model be served than the one that was meant, a sentence each."""
        faults = [
            f"{field} {value!r}; expected 'sha256:' and 64 digits of 0-9a-f"
            for field, value in (("image_digest", self.image_digest), ("artefact_digest", self.artefact_digest))
            if not DIGEST.fullmatch(value)
        ]
        if not ARTEFACT.fullmatch(self.artefact) or self.artefact.startswith("/"):
            faults.append(f"artefact {self.artefact!r}; expected the key of a '.tar.gz' archive in the models bucket")
        found = IMAGE.fullmatch(self.image)
        if found is None:
            faults.append(
                f"image {self.image!r}; expected a repository in ECR without tag, the digest says which image"
            )
        elif (found[2], found[3]) != (place.region, DNS_SUFFIXES[place.partition]):
            faults.append(
                f"image {self.image!r}; expected a repository in {place.region}: endpoints pull from no other"
            )
        return faults

    def repository(self, place: Place) -> str:
        """The ARN of the repository; it may be another account's."""
        account, _, rest = self.image.partition(".")
        return f"arn:{place.partition}:ecr:{place.region}:{account}:repository/{rest.partition('/')[2]}"


@dataclass(frozen=True)
class Fleet:
    """The machines: of which type, and how many."""

    instance_type: str
    instances: int = 1

    @property
    def takes_key(self) -> bool:
        """Whether the machines' disks can be sealed with a key of ours.

        A disk that comes with the machine is sealed by its hardware; a key on the endpoint does not reach it, and would
        read as if it did: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
        """
        return has_local_disk(self.instance_type) is False

    def faults(self) -> list[str]:
        """What SageMaker would refuse, a sentence each."""
        faults = []
        if fault := endpoint_type_fault(self.instance_type):
            faults.append(f"instance_type {self.instance_type!r}; expected {fault}")
        elif has_local_disk(self.instance_type) is None:
            faults.append(f"instance_type {self.instance_type!r}; whether its disks take a key is not known")
        if not 1 <= self.instances <= MOST_INSTANCES:
            faults.append(f"instances is {self.instances}; expected 1 to {MOST_INSTANCES}")
        return faults


@dataclass(frozen=True)
class Capture:
    """SageMaker writes this share of requests and answers, as they are, into the bucket."""

    bucket: Bucket
    percent: int

    def faults(self, data_class: DataClass) -> list[str]:
        """Why this must not be captured, a sentence each."""
        faults = []
        if not 1 <= self.percent <= 100:  # noqa: PLR2004 - a share
            faults.append(f"capture of {self.percent} percent; expected 1 to 100, or no capture")
        if data_class.identifies_people:
            faults.append(f"capture of {data_class} data; SageMaker keeps requests as they are: leave `capture` out")
        if not self.bucket.args.key:
            faults.append("capture into a bucket without a key of our own; give that bucket a key")
        return faults
