"""A bucket that another stack of this environment made: granted like one's own, and not made again."""

from dataclasses import dataclass

import pulumi

from components.bucket import Bucket, BucketArgs
from components.component import Component
from components.key import Key
from components.place import Place
from core.naming import Name
from core.retention import DataClass


@dataclass(frozen=True)
class KnownBucketArgs:
    """Where it is, what it is called, which class of data it holds for how long, and the key that seals it."""

    place: Place
    bucket: pulumi.Input[str]
    data_class: DataClass
    keep_days: int
    key: Key


class KnownBucket(Bucket):
    """A bucket by its name, for components of a layer above the one it is made in.

    Nothing is made. Guards that ask about the bucket answer `unknown` here: they answered where it is made.
    Refuses nothing: what it stands for was checked where it is made.
    """

    def __init__(self, name: Name, args: KnownBucketArgs, parent: pulumi.Resource | None = None) -> None:
        Component.__init__(
            self, "KnownBucket", name, parent, {"bucket": args.bucket, "dataClass": str(args.data_class)}
        )
        self.args = BucketArgs(args.data_class, args.keep_days, key=args.key)
        self.bucket_name = pulumi.Output.from_input(args.bucket)
        self.arn = pulumi.Output.concat(f"arn:{args.place.partition}:s3:::", self.bucket_name)
        self.done(arn=self.arn, bucket=self.bucket_name)
