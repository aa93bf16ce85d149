"""Where `strongroom access` finds its policies: an environment of this program, or a file of any program."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from cli.program import declared, settings_of
from cli.surroundings import PROJECT
from core.errors import BadInput
from core.graph import Graph

if TYPE_CHECKING:
    from access.graph_organisation import Organisation
    from access.reference import Reference
    from core.iam_metadata import IamMetadata
    from core.settings import Settings

METADATA = PROJECT / "policies" / "data" / "iam.json"
ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class AccessSource:
    """A Graph with a name for everything, the account and the Region that it is for, and what it is called.

    `environment` is empty for a file. `reference` is what is known of AWS's services beside the policies.
    """

    name: str
    graph: Graph
    account: str
    region: str
    reference: Reference
    environment: str = ""

    @property
    def organisation(self) -> Organisation:
        """What the organisation says of the account, as far as the Graph tells."""
        from access.graph_organisation import organisation_of

        return organisation_of(self.graph, self.account)


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--env or --file, and the account and the Region of a file that does not say them."""
    chain: tuple[Decorator, ...] = (
        click.option("--env", "environment", metavar="NAME", help="The environment: stacks/config/Pulumi.NAME.yaml."),
        click.option(
            "--file",
            "file",
            metavar="FILE",
            help="In its place: a graph.json of ours, a `pulumi stack export`, a `pulumi preview --json`, or a "
            "Terraform plan (`terraform show -json`); - for standard input.",
        ),
        click.option("--account", metavar="NUMBER", help="The account of a FILE whose ARNs do not tell it."),
        click.option("--region", metavar="NAME", help="The Region of a FILE whose ARNs do not tell it."),
    )
    for one in reversed(chain):
        command = one(command)
    return command


def access_source(
    environment: str | None, file: str | None, account: str | None = None, region: str | None = None
) -> AccessSource:
    """What --env or --file names. Raises BadInput unless exactly one is given, and for what cannot be read."""
    if (environment is None) == (file is None):
        msg = "name one source: --env NAME for an environment of this program, or --file FILE for any other"
        raise BadInput(msg)
    if file is not None:
        return from_file(file, account, region)
    if account or region:
        msg = "--account and --region are for a --file; the settings of an environment say both"
        raise BadInput(msg)
    settings = settings_of(str(environment))
    return AccessSource(
        str(environment), program_graph(settings), settings.account, settings.region, reference(), str(environment)
    )


def program_graph(settings: Settings) -> Graph:
    """What the program declares, with a symbol wherever AWS or Pulumi will make up a part of a name."""
    from access.symbols import Symbols

    return declared(settings, Symbols(settings.account, settings.region))


def from_file(file: str, account: str | None = None, region: str | None = None) -> AccessSource:
    """The Graph of a file, named throughout. Raises BadInput for a file of another kind, and without an account."""
    from access.named import place_in, with_names
    from cli.check import read
    from core.graph_source import any_graph_from_text

    graph = any_graph_from_text(read(file), file)
    told_account, told_region = place_in(graph)
    account, region = account or told_account, region or told_region
    if not ACCOUNT.fullmatch(account):
        msg = f"{file}: no ARN in it tells the account; name it with --account, twelve digits"
        raise BadInput(msg)
    if not region:
        msg = f"{file}: no ARN in it tells the Region; name it with --region, such as eu-central-1"
        raise BadInput(msg)
    return AccessSource(file, with_names(graph, account, region), account, region, reference())


@cache
def metadata() -> IamMetadata:
    """What AWS's own lists say of actions and condition keys: the dated snapshot of the project."""
    from cli.judgement import text_of
    from core.iam_metadata import iam_metadata

    return iam_metadata(text_of(METADATA))


def reference() -> Reference:
    """What has to be known of AWS's services beside the policies."""
    from access.reference import reference_from

    return reference_from(metadata())
