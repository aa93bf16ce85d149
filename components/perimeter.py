"""From where a store may be reached: our networks, and the few callers that come out of none of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.policy_document import Statement, deny
from core.naming import OWN_TAGS
from core.settings_values import TakenBy

ANYONE = {"AWS": "*"}
ATHENA = "athena.amazonaws.com"
EVERYTHING = ("s3:*",)
BUT_ERASING = (
    *("s3:AbortMultipartUpload", "s3:BypassGovernanceRetention", "s3:DeleteObject*Annotation"),
    *("s3:DeleteObject*Tagging", "s3:Get*", "s3:InitiateReplication", "s3:ListMultipartUploadParts"),
    *("s3:ListObject*", "s3:ObjectOwnerOverrideToBucketOwner", "s3:Put*", "s3:Replicate*", "s3:RestoreObject"),
    "s3:UpdateObject*",
)
"""All that is done to objects but to delete them; a test compares it with AWS's list of actions."""
NAMES = ("s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions")
PEOPLE = {f"aws:PrincipalTag/{OWN_TAGS}taken-by": str(TakenBy.PEOPLE)}


@dataclass(frozen=True)
class Perimeter:
    """Where calls for objects must come from.

    `networks` are the ids of VPCs; a VPC endpoint of theirs has to carry the call. `spared` are the ARNs, up to their
    random endings (`components.role.arn_of`), of roles that services take: they stand in no network. `asked_by_athena`
    lets Athena in, with the rights of whoever asks. `erased_from_anywhere` is for copies in a Region that no endpoint
    of ours leads to: nothing is opened or written there from outside, but erased it must be.
    """

    networks: Sequence[pulumi.Input[str]]
    spared: Sequence[str] = ()
    asked_by_athena: bool = False
    erased_from_anywhere: bool = False

    def statements(self, arn: pulumi.Output[str]) -> list[Statement]:
        """What the policy of the bucket says.

        On objects it is for everybody. What is done to a bucket as a whole stays possible from elsewhere, or a policy
        that names a wrong network could be repaired by nobody but root; so does listing for programs, as a deployment
        asks by it (HeadBucket) whether a bucket is there:
        https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
        """
        objects = [pulumi.Output.concat(arn, "/*")]
        if self.erased_from_anywhere:
            return [deny("OnlyFromInside", BUT_ERASING, objects, ANYONE, self._outside())]
        people = {"StringNotEquals": self._elsewhere(), "StringEquals": PEOPLE}
        return [
            deny("OnlyFromInside", EVERYTHING, objects, ANYONE, self._outside()),
            deny("NamesOnlyFromInside", NAMES, [arn], ANYONE, people),
        ]

    def _outside(self) -> dict[str, Any]:
        """Of a call that no endpoint of these networks carries, nor one of those that are spared makes.

        `aws:SourceVpc` is absent where no endpoint carries the call, and a negated operator is true of what is absent:
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
        Services with a name of their own are let in by other statements or not at all; those that act with a role of
        ours, or with the rights of their caller, come from no network either:
        https://github.com/aws-samples/data-perimeter-policy-examples/tree/main/resource_based_policies
        Of the latter only Athena is let in, not whatever passes on a caller's rights (`aws:ViaAWSService`):
        https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena-calledvia.html
        https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html (it comes from no VPC of its caller's)
        """
        no_service = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
        others = {"ArnNotLike": {"aws:PrincipalArn": list(self.spared)}} if self.spared else {}
        return {"StringNotEquals": self._elsewhere(), **no_service, **others}

    def _elsewhere(self) -> dict[str, Any]:
        athena = {"aws:CalledViaFirst": ATHENA} if self.asked_by_athena else {}
        return {"aws:SourceVpc": list(self.networks), **athena}


def shut_out(perimeter: Perimeter | None, arn: str) -> list[str]:
    """Why a role of a service could not do its work in a store with this perimeter; empty when all is well."""
    if perimeter is None or arn in perimeter.spared:
        return []
    return [f"its store is reached from inside only, and {arn} stands in no network; spare it in the perimeter"]
