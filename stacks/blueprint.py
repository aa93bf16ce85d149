"""The platform, from the ground up: a table of contents. What differs between environments is a setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.alarm_topic import AlarmTopic, AlarmTopicArgs
from components.audit_trail import AuditTrail, AuditTrailArgs
from components.bucket import Bucket, BucketArgs
from components.bucket_policy import access_log_writer
from components.environment import Environment
from components.key import Key, KeyArgs
from components.key_policy import for_alarms, for_log_groups
from components.model_endpoint import ModelEndpoint, ModelEndpointArgs, endpoint_group
from components.model_release import Capture, Fleet, Release
from components.network import Network, NetworkArgs, flow_group
from components.object_lock import lock_for
from components.permission_boundary import PermissionBoundary, PermissionBoundaryArgs
from components.persona_role import PersonaRole, PersonaRoleArgs
from components.place import Place, place_of
from core.errors import BadInput
from core.naming import Name, root_name
from core.principals import PrincipalKind, principal_of
from core.retention import DataClass
from core.settings import Settings, Where

ZONES = "abcd"
"""The letters zones are named by. Where an account lacks one, AWS refuses the subnet and names the zones it has."""


@dataclass(frozen=True)
class Site:
    """What every part needs to know: the settings, where it is, what names begin with, and what it hangs below."""

    settings: Settings
    place: Place
    name: Name
    home: Environment


@dataclass(frozen=True)
class Stores:
    """The buckets: one for each class of data, one for models, one for what endpoints capture."""

    data: Mapping[DataClass, Bucket]
    models: Bucket
    captured: Bucket


def blueprint(settings: Settings) -> None:
    """Declare one environment. Raises BadInput for settings that no component can be made of."""
    site = site_of(settings)
    boundary = outer_limit(site)
    alarms = alarm_topic(site)
    stores = data_stores(site)
    trail = audit_trail(site, boundary, stores, alarms)
    network = private_network(site, boundary)
    personas = persona_roles(site, boundary)
    endpoints = model_endpoints(site, boundary, stores, network)
    grant(personas, stores, trail, endpoints)


def site_of(settings: Settings) -> Site:
    """The root of the environment, in the account and Region of the settings and in no other."""
    name = root_name(settings.project, settings.environment, settings.owner, settings.tags)
    place = place_of(settings.account, settings.region)
    facts = {"tier": str(settings.tier), "residency": list(settings.residency)}
    return Site(settings, place, name, Environment(name, place, facts))


def outer_limit(site: Site) -> PermissionBoundary:
    """What nobody here may do, whatever is granted later."""
    limits = PermissionBoundaryArgs(site.place, str(site.name), site.settings.residency, audit=str(site.name / "audit"))
    return PermissionBoundary(site.name / "boundary", limits, site.home)


def alarm_topic(site: Site) -> AlarmTopic:
    """Where alarms go, and from there to people."""
    name = site.name / "alarms"
    sealing = KeyArgs(site.place, "Seals alarms on their way", through=("sns",), services=for_alarms(site.place))
    key = Key(name / "key", sealing, site.home)
    return AlarmTopic(name, AlarmTopicArgs(site.place, key, site.settings.alarms.recipients), site.home)


def data_stores(site: Site) -> Stores:
    """A bucket and a key for each class of data, and for models and captured requests."""
    keep = {data_class: retention.keep_days for data_class, retention in site.settings.data.items()}
    access = access_logs(site)

    def store(word: str, data_class: DataClass, through: tuple[str, ...] = ("s3",)) -> Bucket:
        name = site.name / word
        key = Key(name / "key", KeyArgs(site.place, f"Seals {word}", through=through), site.home)
        kept = BucketArgs(
            data_class,
            keep[data_class],
            key=key,
            access_logs=access,
            force_destroy=site.settings.force_destroy,
        )
        return Bucket(name, kept, site.home)

    return Stores(
        data={data_class: store(f"data-{data_class}", data_class) for data_class in DataClass},
        models=store("models", DataClass.INTERNAL, ("s3", "sagemaker")),
        captured=store("captured", DataClass.INTERNAL, ("s3", "sagemaker")),
    )


def access_logs(site: Site) -> Bucket:
    """Who read what from the buckets, as S3 itself records it."""
    plain = BucketArgs(
        DataClass.INTERNAL,
        site.settings.audit.keep_days,
        writers=[access_log_writer(site.place, str(site.name))],
        force_destroy=site.settings.force_destroy,
    )
    return Bucket(site.name / "access-logs", plain, site.home)


def audit_trail(site: Site, boundary: PermissionBoundary, stores: Stores, alarms: AlarmTopic) -> AuditTrail:
    """Who did what, locked away, with an alarm on whoever reaches for it."""
    settings = site.settings
    kept = AuditTrailArgs(
        site.place,
        lock_for(settings.tier, settings.audit.keep_days),
        watched=[*stores.data.values(), stores.models, stores.captured],
        alarms=alarms,
        keepers=[arn for arn in settings.break_glass if principal_of(arn).kind is PrincipalKind.ROLE],
        boundary=boundary.arn,
        force_destroy=settings.force_destroy,
    )
    return AuditTrail(site.name / "audit", kept, site.home)


def private_network(site: Site, boundary: PermissionBoundary) -> Network:
    """Subnets without a way out, and the endpoints of the AWS services in use."""
    settings, name = site.settings, site.name / "network"
    services = for_log_groups(site.place, flow_group(name))
    key = Key(name / "key", KeyArgs(site.place, "Seals flow logs", through=("logs",), services=services), site.home)
    zones = [f"{settings.region}{letter}" for letter in ZONES[: settings.network.zones]]
    private = NetworkArgs(
        site.place,
        str(site.name),
        settings.network.range,
        zones,
        key,
        keep_days=settings.audit.keep_days,
        boundary=boundary.arn,
    )
    return Network(name, private, site.home)


def persona_roles(site: Site, boundary: PermissionBoundary) -> Mapping[str, PersonaRole]:
    """One role for each persona, taken by whom the settings name."""
    return {
        word: PersonaRole(
            site.name / word,
            PersonaRoleArgs(
                site.place,
                persona.principals,
                persona.purpose,
                boundary.arn,
                session_hours=persona.session_hours,
                require_mfa=persona.require_mfa,
                taken_by=persona.taken_by,
            ),
            site.home,
        )
        for word, persona in site.settings.personas.items()
    }


def model_endpoints(
    site: Site, boundary: PermissionBoundary, stores: Stores, network: Network
) -> Mapping[str, ModelEndpoint]:
    """A private endpoint for each model of the settings, and one key for their disks and logs."""
    models = site.settings.models
    if elsewhere := [word for word, model in models.items() if model.where is not Where.ENDPOINT]:
        msg = f"models {', '.join(elsewhere)}: nothing here runs models on Kubernetes yet; expected `where: endpoint`"
        raise BadInput(msg)
    if not models:
        none: dict[str, ModelEndpoint] = {}
        return none
    name = site.name / "serving"
    groups = for_log_groups(site.place, endpoint_group(f"{site.name}-*"))
    sealing = KeyArgs(site.place, "Seals disks and logs of models", through=("sagemaker", "logs"), services=groups)
    key = Key(name / "key", sealing, site.home)
    return {word: model_endpoint(site, word, key, boundary, stores, network) for word in models}


def model_endpoint(
    site: Site, word: str, key: Key, boundary: PermissionBoundary, stores: Stores, network: Network
) -> ModelEndpoint:
    """One model, exactly the release that the settings name."""
    model = site.settings.models[word]
    serving = ModelEndpointArgs(
        site.place,
        network,
        stores.models,
        key,
        Release(model.image, model.image_digest, model.artefact, model.artefact_digest),
        Fleet(model.instance_type, model.instances),
        model.data_class,
        keep_days=site.settings.audit.keep_days,
        capture=Capture(stores.captured, model.capture_percent) if model.capture_percent else None,
        boundary=boundary.arn,
    )
    return ModelEndpoint(site.name / word, serving, site.home)


def grant(
    personas: Mapping[str, PersonaRole], stores: Stores, trail: AuditTrail, endpoints: Mapping[str, ModelEndpoint]
) -> None:
    """What each persona may do; a persona that nothing is granted to is a mistake in the settings."""
    grants = {
        "data-scientist": lambda role: look_into(role, stores.data[DataClass.INTERNAL]),
        "ml-engineer": lambda role: (look_into(role, stores.models), stores.models.grant_write(role)),
        "model-approver": lambda role: look_into(role, stores.models),
        "security-auditor": lambda role: look_into(role, trail.store),
        "inference-client": lambda role: [endpoint.grant_invoke(role) for endpoint in endpoints.values()],
    }
    for word, role in personas.items():
        if word not in grants:
            msg = f"persona {word!r}: nothing is granted to it; expected one of {', '.join(grants)}"
            raise BadInput(msg)
        grants[word](role)


def look_into(role: PersonaRole, bucket: Bucket) -> None:
    """Let the role find what is in the bucket and open it."""
    bucket.grant_list(role)
    bucket.grant_read(role)
