"""Serving: the models that answer, and who may ask them."""

from __future__ import annotations

from collections.abc import Mapping

from components.key import Key, KeyArgs
from components.key_policy import for_log_groups
from components.model_endpoint import ModelEndpoint, ModelEndpointArgs, endpoint_group
from components.model_release import Capture, Fleet, Release
from core.errors import BadInput
from core.settings import Layer, Where
from stacks import layer_outputs as told
from stacks.building_site import Site
from stacks.foundation_layer import Foundation
from stacks.platform_layer import Personas

CLIENT = "inference-client"


def serving_layer(site: Site, foundation: Foundation, personas: Personas) -> Mapping[str, ModelEndpoint]:
    """The models of the settings, each behind a private endpoint that its clients may ask."""
    endpoints = model_endpoints(site, foundation)
    if client := personas.get(CLIENT):
        for endpoint in endpoints.values():
            endpoint.grant_invoke(client)
    if site.settings.layer is Layer.SERVING:
        told.export(told.ServingOutputs({word: endpoint.arn for word, endpoint in endpoints.items()}))
    return endpoints


def model_endpoints(site: Site, foundation: Foundation) -> Mapping[str, ModelEndpoint]:
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
    return {word: model_endpoint(site, foundation, word, key) for word in models}


def model_endpoint(site: Site, foundation: Foundation, word: str, key: Key) -> ModelEndpoint:
    """One model, exactly the release that the settings name."""
    model, captured = site.settings.models[word], foundation.stores.captured
    serving = ModelEndpointArgs(
        site.place,
        foundation.network,
        foundation.stores.models,
        key,
        Release(model.image, model.image_digest, model.artefact, model.artefact_digest),
        Fleet(model.instance_type, model.instances),
        model.data_class,
        keep_days=site.settings.audit.keep_days,
        capture=Capture(captured, model.capture_percent) if model.capture_percent else None,
        boundary=foundation.boundary,
    )
    return ModelEndpoint(site.name / word, serving, site.home)
