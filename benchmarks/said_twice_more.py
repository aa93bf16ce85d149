"""How stages of an API and what a backup plan takes in are said twice; neither is one resource with its properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.said_twice import Both, made, resource
from core.resource import Resource
from core.value import Unknown

STAGE, SETTINGS, API = (
    "aws:apigateway/stage:Stage",
    "aws:apigateway/methodSettings:MethodSettings",
    "aws:apigateway/restApi:RestApi",
)
SELECTION, PLAN = "aws:backup/selection:Selection", "aws:backup/plan:Plan"
ROLE = "arn:aws:iam::111122223333:role/backup"
TAG, CLASS = "strongroom:backup", "strongroom:data-class"
LOGS = {"destinationArn": "arn:aws:logs:eu-central-1:111122223333:log-group:calls", "format": "$context.requestId"}


def stage(judged: str) -> Any:
    """A stage with the settings of its methods; which of the two is judged differs by guard, in CloudFormation not."""

    def said(chosen: Mapping[str, Any]) -> Both:
        api = resource(API, "api", {})
        ours, theirs = dict(chosen.get("stage") or {}), {}
        if "xrayTracingEnabled" in ours:
            theirs["TracingEnabled"] = ours["xrayTracingEnabled"]
        if "clientCertificateId" in ours:
            theirs["ClientCertificateId"] = ours["clientCertificateId"]
        front = resource(STAGE, "judged", {"stageName": "a", "accessLogSettings": LOGS, **ours}, restApi=api)
        found = [front, api]
        if settings := chosen.get("settings"):
            held = {"stageName": "a", "methodPath": chosen["path"], "settings": settings}
            found.append(resource(SETTINGS, "settings", held, restApi=api))
            theirs["MethodSettings"] = [_setting(chosen["path"], settings)]
        if judged == SETTINGS:
            found.sort(key=lambda one: one.type != SETTINGS)
        properties = {"RestApiId": {"Ref": "Api"}, "StageName": "a", **theirs}
        return found, {
            "Judged": made("AWS::ApiGateway::Stage", properties),
            "Api": made("AWS::ApiGateway::RestApi", {"Name": "a"}),
        }

    return said


def _setting(path: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    resource_path, _, method = path.rpartition("/")
    own = {name[0].upper() + name[1:]: value for name, value in settings.items()}
    return {"ResourcePath": "/*" if resource_path == "*" else f"/{resource_path}", "HttpMethod": method, **own}


def backed_up(token: str, kind: str, properties: Mapping[str, Any]) -> Any:
    """A store that a backup plan takes in by its tag, by its name, or not at all."""

    def said(chosen: Mapping[str, Any]) -> Both:
        way, about = chosen["way"], chosen["class"]
        held = {CLASS: about, TAG: "daily" if way in {"tag", "other tag"} else None}
        ours = resource(token, "judged", {"tags": {name: value for name, value in held.items() if value}})
        bears = [{"Key": name, "Value": value} for name, value in held.items() if value]
        template = {"Judged": made(kind, {**properties, "Tags": bears or None})}
        found = [ours]
        if way != "none":
            selection, template["Selection"] = _selection(way, ours)
            template["Plan"] = made(
                "AWS::Backup::BackupPlan", {"BackupPlan": {"BackupPlanName": "a", "BackupPlanRule": []}}
            )
            found.append(selection)
        return found, template

    return said


def _selection(way: str, store: Resource) -> tuple[Resource, dict[str, Any]]:
    value = "weekly" if way == "other tag" else "daily"
    ours: dict[str, Any] = {"name": "a", "planId": "p", "iamRoleArn": ROLE}
    theirs: dict[str, Any] = {"SelectionName": "a", "IamRoleArn": ROLE}
    links = {}
    if way == "name":
        ours["resources"] = [Unknown(f"{store.urn}.arn")]
        theirs["Resources"] = [{"Fn::Join": ["", ["arn:aws:any:eu-central-1:111122223333:thing/", {"Ref": "Judged"}]]}]
        links = {"resources": store}
    else:
        ours["selectionTags"] = [{"type": "STRINGEQUALS", "key": TAG, "value": value}]
        theirs["ListOfTags"] = [{"ConditionType": "STRINGEQUALS", "ConditionKey": TAG, "ConditionValue": value}]
    selection = {"BackupPlanId": {"Ref": "Plan"}, "BackupSelection": theirs}
    return resource(SELECTION, "selection", ours, **links), made("AWS::Backup::BackupSelection", selection)
