"""Guards over access lists of buckets, for programs that still have them."""

from __future__ import annotations

from core.finding import Severity
from core.resource import Resource
from core.value import Path
from core.verdict import Verdict, all_of, holds, passed
from policies import tokens
from policies.guard import guard
from policies.parts import each_part

PUBLIC = ("public-read", "public-read-write", "authenticated-read")
EVERYBODY = ("/global/AllUsers", "/global/AuthenticatedUsers")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups"""


@guard(
    "s3.acl_admits_no_public_group",
    on=(*tokens.BUCKET_ACL, *tokens.BUCKET),
    severity=Severity.CRITICAL,
    fix="Remove the ACL: with object ownership BucketOwnerEnforced there is none, and every Bucket component is so.",
)
def acl_admits_no_public_group(held: Resource) -> Verdict:
    """Everybody with an AWS account counts as authenticated: that is the public by another name."""
    canned = holds(held.get("acl"), lambda said: said not in PUBLIC, f"acl of {held.name}", "for nobody at large")
    inline = held.type in tokens.BUCKET

    def named(place: Path) -> Verdict:
        uri = held.get(*place, "uri") if inline else held.get(*place, "grantee", "uri")
        return holds(uri, lambda said: not (said or "").endswith(EVERYBODY), f"grantee of {held.name}", "named")

    path = ("grants",) if inline else ("accessControlPolicy", "grants")
    return all_of([canned, each_part(held, named, *path, none=passed(f"{held.name} grants nothing by name"))])
