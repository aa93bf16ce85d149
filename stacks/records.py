"""Single records: tables by class of data, and the secrets and parameters by which others are reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.key import Key, KeyArgs
from components.known_key import KnownKey, KnownKeyArgs
from components.known_table import KnownTable, KnownTableArgs
from components.parameter import Parameter, ParameterArgs
from components.secret import Rotation, Secret, SecretArgs
from components.table import Table, TableArgs, for_tables
from core.errors import BadInput
from core.retention import DataClass
from core.settings import Settings, Tier
from stacks import layer_outputs as told
from stacks.building_site import Site
from stacks.recovery import backed_up
from stacks.stores import data_key

DYNAMODB = ("dynamodb",)
VALUES = "parameters"
"""The namespace of the stack's configuration that parameters come from: `parameters:<name>`."""
LATER = "not given yet"
"""What stands for a parameter's value where nobody is asked for it: in a plan, and in the cloud on this machine."""


@dataclass(frozen=True)
class Access:
    """By what others are reached: secrets and parameters, by name."""

    secrets: Mapping[str, Secret]
    parameters: Mapping[str, Parameter]


def data_tables(site: Site) -> Mapping[str, Table]:
    """The tables of the settings, and one key for those of a class."""
    settings = site.settings
    keys = {data_class: _table_key(site, data_class) for data_class in _classes(settings)}

    def table(word: str) -> Table:
        said, name = settings.tables[word], site.name / "table" / word
        kept = TableArgs(
            said.data_class,
            keep_days(settings, word),
            keys[said.data_class],
            said.partition_key,
            said.sort_key or "",
            said.undo_days,
            settings.force_destroy,
        )
        return Table(backed_up(site, name, said.data_class), kept, site.home)

    return {word: table(word) for word in settings.tables}


def known_tables(site: Site, read: Mapping[str, told.TableOutputs]) -> Mapping[str, Table]:
    """The tables that the stack below this one made."""

    def known(word: str) -> Table:
        name, data_class = site.name / "table" / word, site.settings.tables[word].data_class
        key = KnownKey(name / "key", KnownKeyArgs(site.place, read[word].key, DYNAMODB), site.home)
        told_all = KnownTableArgs(site.place, read[word].table, data_class, keep_days(site.settings, word), key)
        return KnownTable(name, told_all, site.home)

    return {word: known(word) for word in site.settings.tables}


def keep_days(settings: Settings, word: str) -> int:
    """How long an item of that table is kept: as long as its class, where nothing shorter is said."""
    table = settings.tables[word]
    return table.keep_days or settings.data[table.data_class].keep_days


def access(site: Site) -> Access:
    """The secrets and parameters of the settings, and one key for both."""
    settings = site.settings
    if not (settings.secrets or settings.parameters):
        return Access({}, {})
    name = site.name / "access"
    sealing = KeyArgs(site.place, "Seals secrets and parameters", through=("secretsmanager", "ssm"))
    key = Key(name / "key", sealing, site.home)
    secrets = {
        word: Secret(
            site.name / "secret" / word,
            SecretArgs(site.place, key, said.purpose, Rotation(said.rotation_function, said.every_days)),
            site.home,
        )
        for word, said in settings.secrets.items()
    }
    parameters = {
        word: Parameter(
            site.name / "parameter" / word,
            ParameterArgs(site.place, key, said.purpose, value(settings, word)),
            site.home,
        )
        for word, said in settings.parameters.items()
    }
    return Access(secrets, parameters)


def value(settings: Settings, word: str) -> pulumi.Output[str]:
    """What the stack's configuration says of the parameter, as a secret. Raises BadInput for none in a deployment."""
    found = pulumi.Config(VALUES).get_secret(word)
    if found is not None:
        return found
    if pulumi.runtime.is_dry_run() or settings.tier is Tier.LOCAL:
        return pulumi.Output.secret(LATER)
    msg = (
        f"parameter {word!r}: it has no value in stack {settings.stack}; "
        f"say it with: pulumi config set --secret {VALUES}:{word} --stack {settings.stack}"
    )
    raise BadInput(msg)


def stand_ins(settings: Settings) -> dict[str, str]:
    """A stack's configuration for where nobody has the values of parameters: on this machine."""
    return {f"{VALUES}:{word}": LATER for word in settings.parameters}


def _classes(settings: Settings) -> list[DataClass]:
    held = {table.data_class for table in settings.tables.values()}
    return [data_class for data_class in DataClass if data_class in held]


def _table_key(site: Site, data_class: DataClass) -> Key:
    name = site.name / "tables" / data_class
    return data_key(site, name, data_class, f"Seals tables of {data_class} data", DYNAMODB, for_tables(site.place))
