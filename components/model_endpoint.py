"""A model that answers inside the network: isolated, exactly the release that was meant, and private in fact."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket
from components.component import Component
from components.execution_role import ExecutionRole
from components.key import Key, titled
from components.model_release import Capture, Fleet, Release
from components.place import Place
from components.policy_document import allow, deny
from components.private_network import PrivateNetwork
from components.role import Role
from core.errors import BadInput
from core.naming import Name
from core.retention import DataClass, log_group_days

VARIANT = "primary"
"""Old and new configuration must name it alike, or an update cannot shift traffic:
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html"""
ARTEFACT_DIGEST = "STRONGROOM_ARTEFACT_DIGEST"
CAPTURED = "capture"
JSON_TYPES, CSV_TYPES = ["application/json"], ["text/csv"]
FEWEST_SUBNETS = 2
"""In different zones, "even if you have only one hosting instance":
https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html"""
BAKING, ENDING, LONGEST = 300, 120, 3600
"""Seconds that a new fleet is watched, that the old one is kept afterwards, and that an update may take in all:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html"""
ERROR_SHARE = 0.05
"""Of answers, beyond which an update is rolled back."""


@dataclass(frozen=True)
class ModelEndpointArgs:
    """All an endpoint has to be told.

    `models` is the bucket the release's weights are in. `key` seals the machines' disks, where these take one, and the
    log: it is used through `sagemaker` and admits the log group `endpoint_group(name)`. `keep_days` is for the log.
    """

    place: Place
    network: PrivateNetwork
    models: Bucket
    key: Key
    release: Release
    fleet: Fleet
    data_class: DataClass
    keep_days: int
    capture: Capture | None = None
    boundary: pulumi.Input[str] | None = None


class ModelEndpoint(Component):
    """The model, its configuration, its endpoint, the role it is run by and its log.

    The endpoint has a fixed name, so that its log group can be made before it, with key and retention; it is updated
    in place. Model and configuration have none: every change replaces them, and the old ones must stand until the
    endpoint has moved. Raises BadInput for a release without digests or from elsewhere, machines that are not known,
    a network in one zone, capture of personal or health data, and a key that SageMaker or the log could not use.
    """

    def __init__(self, name: Name, args: ModelEndpointArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(name, args):
            msg = f"model endpoint {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("ModelEndpoint", name, parent, _facts(args))
        self.args = args
        self.tags = dict(name.tagged(data_class=args.data_class).tags)
        self.group = self._group()
        self.alarm = self._alarm()
        self.role = self._role()
        self.model = self._model()
        self.config = self._config()
        self.endpoint = aws.sagemaker.Endpoint(
            f"{name}-endpoint",
            name=str(name),
            endpoint_config_name=self.config.name,
            deployment_config=self._roll_out(),
            tags=self.tags,
            # The role goes after the endpoint: SageMaker gives back what it holds of the key some time later.
            opts=self.after(self.group, self.role),
        )
        self.arn = self.endpoint.arn
        self.done(arn=self.arn)

    def grant_invoke(self, role: Role) -> None:
        """Let the role ask this model, through the network's own endpoint and no other way.

        The API's host name can be reached from anywhere, so an Allow bound to the network is not enough: any other
        grant would open it again. A router would send the request to other Regions:
        https://docs.aws.amazon.com/sagemaker/latest/dg/inference-router-security.html
        The Deny covers answers in a stream too; the Allow does not.
        """
        sid, inside = f"Invoke{titled(self.name)}", {"aws:SourceVpce": self.args.network.runtime_endpoint_id}
        routed = {"Null": {"sagemaker:SourceInferenceRouterArn": "false"}}
        everyway = ["sagemaker:InvokeEndpoint*"]
        role.may_all(
            sid,
            [
                allow(sid, ["sagemaker:InvokeEndpoint"], [self.arn], given={"StringEquals": inside}),
                deny(f"{sid}OnlyInside", everyway, [self.arn], given={"StringNotEquals": inside}),
                deny(f"{sid}NotRouted", everyway, [self.arn], given=routed),
            ],
        )

    def _group(self) -> aws.cloudwatch.LogGroup:
        """Made before the endpoint: SageMaker would make one without key and retention."""
        return aws.cloudwatch.LogGroup(
            f"{self.name}-log",
            name=endpoint_group(self.name),
            kms_key_id=self.args.key.arn,
            retention_in_days=log_group_days(self.args.keep_days),
            tags=self.tags,
            opts=self.child,
        )

    def _alarm(self) -> aws.cloudwatch.MetricAlarm:
        """What rolls an update back. No calls, no data, no alarm."""
        return aws.cloudwatch.MetricAlarm(
            f"{self.name}-errors",
            alarm_description="The model fails too often; an update under way is rolled back.",
            namespace="AWS/SageMaker",
            metric_name="Invocation5XXErrors",
            dimensions={"EndpointName": str(self.name), "VariantName": VARIANT},
            statistic="Average",
            comparison_operator="GreaterThanThreshold",
            threshold=ERROR_SHARE,
            period=60,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            tags=self.tags,
            opts=self.child,
        )

    def _role(self) -> ExecutionRole:
        args = self.args
        role = ExecutionRole(self.name / "role", args.place, args.boundary, self)
        role.may_run(args.release.repository(args.place), args.network, self.group.arn, self.alarm.arn)
        role.may_read(pulumi.Output.concat(args.models.arn, "/", args.release.artefact), args.models.args.key)
        if args.fleet.takes_key:
            role.may_pass_on(args.key)
        if args.capture:
            args.capture.bucket.grant_write(role, under=f"{CAPTURED}/{self.name}/")
        return role

    def _model(self) -> aws.sagemaker.Model:
        """SageMaker tries image and weights with the role when the model is made: the grants must stand by then."""
        args, release = self.args, self.args.release
        return aws.sagemaker.Model(
            f"{self.name}-model",
            execution_role_arn=self.role.arn,
            enable_network_isolation=True,
            primary_container={
                "image": f"{release.image}@{release.image_digest}",
                "model_data_url": pulumi.Output.concat("s3://", args.models.bucket_name, "/", release.artefact),
                "environment": {ARTEFACT_DIGEST: release.artefact_digest},
            },
            vpc_config={
                "subnets": args.network.subnet_ids,
                "security_group_ids": [args.network.workload_group_id],
            },
            tags=self.tags,
            opts=self.after(self.role),
        )

    def _config(self) -> aws.sagemaker.EndpointConfiguration:
        """No shell and no memory image: both would be ways to the data past every record."""
        fleet = self.args.fleet
        variant: Any = {
            "variant_name": VARIANT,
            "model_name": self.model.name,
            "instance_type": fleet.instance_type,
            "initial_instance_count": fleet.instances,
            "initial_variant_weight": 1,
            "enable_ssm_access": False,
        }
        return aws.sagemaker.EndpointConfiguration(
            f"{self.name}-config",
            production_variants=[variant],
            kms_key_arn=self.args.key.arn if fleet.takes_key else None,
            data_capture_config=_captured(self.args.capture) if self.args.capture else None,
            tags=self.tags,
            opts=self.child,
        )

    def _roll_out(self) -> Any:
        """A new fleet beside the old one, one machine first where there are two or more, back at the first alarm."""
        canary = self.args.fleet.instances > 1
        first = {"canary_size": {"type": "INSTANCE_COUNT", "value": 1}} if canary else {}
        shift = {"type": "CANARY" if canary else "ALL_AT_ONCE", "wait_interval_in_seconds": BAKING, **first}
        return {
            "blue_green_update_policy": {
                "traffic_routing_configuration": shift,
                "termination_wait_in_seconds": ENDING,
                "maximum_execution_timeout_in_seconds": LONGEST,
            },
            "auto_rollback_configuration": {"alarms": [{"alarm_name": self.alarm.name}]},
        }


def endpoint_group(name: Name | str) -> str:
    """Where SageMaker writes the log of the endpoint of that name; a key for several may admit `endpoint_group("x-*")`.

    https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
    """
    return f"/aws/sagemaker/Endpoints/{name}"


def _captured(capture: Capture) -> Any:
    """The capture's key is a field of its own, apart from the disks'; without content types all would be base64."""
    bucket = capture.bucket
    return {
        "enable_capture": True,
        "initial_sampling_percentage": capture.percent,
        "destination_s3_uri": pulumi.Output.concat("s3://", bucket.bucket_name, "/", CAPTURED),
        "kms_key_id": bucket.args.key.arn if bucket.args.key else None,
        "capture_options": [{"capture_mode": "Input"}, {"capture_mode": "Output"}],
        "capture_content_type_header": {"json_content_types": JSON_TYPES, "csv_content_types": CSV_TYPES},
    }


def _facts(args: ModelEndpointArgs) -> dict[str, Any]:
    """What a reviewer wants to read of the endpoint as a whole."""
    which = {"imageDigest": args.release.image_digest, "artefactDigest": args.release.artefact_digest}
    percent = args.capture.percent if args.capture else 0
    held = {"diskKey": args.fleet.takes_key, "capturePercent": percent}
    return {"dataClass": str(args.data_class), "artefact": args.release.artefact, **which, **held}


def _faults(name: Name, args: ModelEndpointArgs) -> list[str]:
    faults = [*args.release.faults(args.place), *args.fleet.faults()]
    if args.capture:
        faults += args.capture.faults(args.data_class)
    if len(args.network.subnet_ids) < FEWEST_SUBNETS:
        faults.append("the network stands in one zone; SageMaker wants two, even for one machine")
    if args.fleet.takes_key and "sagemaker" not in args.key.args.through:
        faults.append("its key is not used through SageMaker; give the key 'sagemaker' in `through`")
    if not args.key.admits(args.place.endpoint("logs")):
        faults.append(f"its key does not admit the log; give it `for_log_groups(place, {endpoint_group(name)!r})`")
    return faults
