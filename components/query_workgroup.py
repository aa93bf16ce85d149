"""Where questions to the lake are asked: how much one may read, and where the answers end up."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket
from components.bucket_policy import within
from components.component import Component
from components.key import Key, titled
from components.place import Place
from components.policy_document import allow
from components.role import Role
from core.errors import BadInput
from core.naming import Name

ENGINE = "Athena engine version 3"
LEAST_BYTES = 10_000_000
"""https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html"""
USUAL_BYTES, MOST_BYTES = 10 * 1000**3, 10 * 1000**4
LONGEST_DAYS = 90
"""How long answers are kept at most: each is a copy of what was asked for, out of reach of the table's own rules."""
ASK = (
    *("athena:BatchGetQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults"),
    *("athena:GetQueryResultsStream", "athena:GetWorkGroup", "athena:ListQueryExecutions"),
    *("athena:StartQueryExecution", "athena:StopQueryExecution"),
)


@dataclass(frozen=True)
class QueryWorkgroupArgs:
    """All a workgroup has to be told.

    `results` is the bucket of the answers, as confidential as what may be asked for. `bytes_limit` is how much one
    question may read before it is stopped. `force_destroy` lets it go with the history of its questions. `network` is
    the id of the only VPC that questions may come from; a workgroup has no policy to say so, hence the grants do.
    """

    place: Place
    results: Bucket
    bytes_limit: int = USUAL_BYTES
    force_destroy: bool = False
    network: pulumi.Input[str] | None = None


class QueryWorkgroup(Component):
    """An Athena workgroup whose settings nobody can set aside: encrypted answers in one place, and a limit.

    Who may ask here sees the answers of all who ask here: make one for each circle of people. The history of questions
    is kept by Athena under its own key, so put no names into questions. Raises BadInput for a results bucket without a
    key of our own, under a lock, or that keeps answers too long, and for a limit that Athena does not take or that
    limits nothing.
    """

    def __init__(self, name: Name, args: QueryWorkgroupArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"query workgroup {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("QueryWorkgroup", name, parent, {"bytesLimit": args.bytes_limit})
        self.args = args
        self.group = aws.athena.Workgroup(
            f"{name}-workgroup",
            description=f"Questions to {args.results.args.data_class} data",
            configuration=self._configuration(),
            force_destroy=args.force_destroy,
            tags=dict(name.tagged(data_class=args.results.args.data_class).tags),
            opts=self.child,
        )
        self.arn = self.group.arn
        self.done(arn=self.arn, name=self.group.name)

    def grant_query(self, role: Role) -> None:
        """Let the role ask questions here and read the answers; which tables it may read, a DataLake says.

        https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html
        """
        sid, results = f"Query{titled(self.name)}", self.args.results
        inside = {"StringEquals": {"aws:SourceVpc": self.args.network}} if self.args.network else None
        objects = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
        look = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        role.may_all(
            sid,
            [
                allow(sid, ASK, [self.arn], given=inside),
                allow(f"{sid}Results", objects, [within(results.arn, self._under)]),
                allow(f"{sid}Find", look, [results.arn]),
                self._key.decrypts(),
                self._key.encrypts(),
            ],
        )

    def _configuration(self) -> Any:
        place, results = self.args.place, self.args.results
        return {
            "enforce_workgroup_configuration": True,
            "publish_cloudwatch_metrics_enabled": True,
            "bytes_scanned_cutoff_per_query": self.args.bytes_limit,
            "requester_pays_enabled": False,
            "engine_version": {"selected_engine_version": ENGINE},
            "result_configuration": {
                "output_location": pulumi.Output.concat("s3://", results.bucket_name, "/", self._under),
                "expected_bucket_owner": place.account,
                "encryption_configuration": {"encryption_option": "SSE_KMS", "kms_key_arn": self._key.arn},
            },
        }

    @property
    def _under(self) -> str:
        return f"{self.name}/"

    @property
    def _key(self) -> Key:
        assert self.args.results.args.key is not None
        return self.args.results.args.key


def _faults(args: QueryWorkgroupArgs) -> list[str]:
    results = args.results.args
    faults = []
    if results.key is None:
        faults.append("its results bucket has no key of our own; give the bucket a `key`")
    if results.lock:
        faults.append("its results bucket is locked: nobody could be erased from an answer; leave the lock out")
    if results.keep_days > LONGEST_DAYS:
        faults.append(f"answers would be kept for {results.keep_days} days; expected {LONGEST_DAYS} or fewer")
    if not LEAST_BYTES <= args.bytes_limit <= MOST_BYTES:
        faults.append(f"bytes_limit is {args.bytes_limit}; expected {LEAST_BYTES} to {MOST_BYTES}")
    return faults
