"""News of what happens to a bucket's objects, for rules of EventBridge to act on."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket
from components.component import Component
from core.errors import BadInput
from core.naming import Name


@dataclass(frozen=True)
class BucketEventsArgs:
    """Of which bucket there is news."""

    bucket: Bucket


class BucketEvents(Component):
    """S3 tells EventBridge of every object that comes, goes or expires; who hears it is for rules to say.

    A bucket has one such configuration, and whoever sets another replaces it; so it names no topic, queue or function.
    Raises BadInput for a bucket that takes access logs: each of its log files would be news.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
    """

    def __init__(self, name: Name, args: BucketEventsArgs, parent: pulumi.Resource | None = None) -> None:
        if args.bucket.args.takes_access_logs:
            msg = f"bucket events {name}: the bucket takes access logs, which are no news; name another bucket"
            raise BadInput(msg)
        super().__init__("BucketEvents", name, parent)
        aws.s3.BucketNotification(
            f"{name}-news", bucket=args.bucket.store.id, eventbridge=True, opts=self.after(args.bucket.policy)
        )
        self.done()
