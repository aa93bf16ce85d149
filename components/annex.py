"""A further Region of an environment, for copies: its provider, and where access to what lies there is logged."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket, BucketArgs
from components.bucket_policy import access_log_writer
from components.component import Component
from components.place import Place
from core.errors import BadInput
from core.naming import Name
from core.retention import DataClass


@dataclass(frozen=True)
class AnnexArgs:
    """All an annex has to be told.

    `home` is where the environment stands and `place` the further Region. `sources` is what the names of the
    environment's buckets begin with, `keep_days` how long the access logs are kept. `provider` is that Region's
    provider, where there is one already.
    """

    home: Place
    place: Place
    residency: Sequence[str]
    sources: str
    keep_days: int
    force_destroy: bool = False
    provider: pulumi.ProviderResource | None = None


class Annex(Component):
    """A provider for one more Region, which refuses every other account, and a bucket there for access logs.

    S3 delivers access logs within one Region only, so each Region needs such a bucket. Raises BadInput for a Region
    outside the residency set, the environment's own Region, and another account or partition.
    """

    def __init__(self, name: Name, args: AnnexArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"annex {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        place = args.place
        self.provider = args.provider or _provider(name, place, parent)
        super().__init__("Annex", name, parent, {"region": place.region}, [self.provider])
        logs = BucketArgs(
            DataClass.INTERNAL,
            args.keep_days,
            writers=[access_log_writer(place, args.sources)],
            force_destroy=args.force_destroy,
        )
        self.access_logs = Bucket(name / "access-logs", logs, self)
        self.done()


def _provider(name: Name, place: Place, parent: pulumi.Resource | None) -> aws.Provider:
    inside = pulumi.ResourceOptions(parent=parent)
    return aws.Provider(f"{name}-provider", region=place.region, allowed_account_ids=[place.account], opts=inside)


def _faults(args: AnnexArgs) -> list[str]:
    """Why there must be no annex there, a sentence each."""
    home, place = args.home, args.place
    checks = (
        (
            place.region not in args.residency,
            f"{place.region} is outside the residency set ({', '.join(args.residency)}); data must not be there",
        ),
        (place.region == home.region, f"{place.region} is the environment's own Region; name another"),
        ((home.account, home.partition) != (place.account, place.partition), "it is in another account or partition"),
    )
    return [said for wrong, said in checks if wrong]
