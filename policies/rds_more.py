"""Guards over how databases are watched, kept current, and signed in to."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.value import at
from core.verdict import State, Verdict, all_of, any_of, at_least, failed, holds, is_true, undecided
from policies import tokens
from policies.guard import guard
from policies.links import dark, is_dark, is_not_off, listed, uses_own_key
from policies.rds import DATABASES, MEMBER

GROUPS = {
    tokens.DB_INSTANCE: ("parameterGroupName", "aws:rds/parameterGroup:ParameterGroup"),
    tokens.DB_CLUSTER: ("dbClusterParameterGroupName", "aws:rds/clusterParameterGroup:ClusterParameterGroup"),
}
FORCES_TLS = ("rds.force_ssl", "require_secure_transport")
"""PostgreSQL and SQL Server have the first, MySQL and MariaDB the second:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html"""
LOGS_QUERIES = ("log_statement", "general_log", "server_audit_logging")
QUERY_LOGS = ("postgresql", "general", "audit", "agent")
"""The logs of each engine in which sessions and queries stand (SQL Server exports none nearer than its agent's):
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.html"""
YES = ("1", "on", "ON", "true", "all", "ddl", "mod")
CURRENT_CA = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")
DEFAULT_NAMES = ("admin", "postgres", "root", "awsuser", "rdsadmin")


def has_parameter(database: Resource, graph: Graph, names: tuple[str, ...]) -> Verdict:
    """The database's parameter group switches one of these parameters on."""
    refers, token = GROUPS[database.type]
    group = graph.linked(database, refers)
    what = f"{refers} of {database.name}"
    if group is None:
        return failed(f"{what} is not set, so AWS's defaults hold")
    if not isinstance(group, Resource) or group.type != token:
        return undecided(f"{what} is a group that cannot be seen here")
    held = group.get("parameters")
    if is_dark(held):
        return dark(f"parameters of {group.name}", held)
    found = [_switches(one, names, group) for one in listed(held)]
    best = any_of(found)
    wanted = failed(f"parameters of {group.name} must switch on one of {', '.join(names)}")
    return best if best.state in {State.PASS, State.UNKNOWN} else wanted


def _switches(parameter: object, names: tuple[str, ...], group: Resource) -> Verdict:
    what = f"a parameter of {group.name}"
    return all_of(
        [
            holds(at(parameter, "name"), lambda said: said in names, what, "one that is needed"),
            holds(at(parameter, "value"), lambda said: str(said) in YES, what, "on"),
        ]
    )


@guard(
    "rds.database_demands_tls",
    on=(*DATABASES, MEMBER),
    severity=Severity.HIGH,
    fix=f"Set {' or '.join(FORCES_TLS)} in a parameter group of this program; caCertIdentifier to {CURRENT_CA[0]}.",
)
def database_demands_tls(database: Resource, graph: Graph) -> Verdict:
    """A database takes connections in the clear unless its parameter group forbids it."""
    name = "caCertificateIdentifier" if database.type == tokens.DB_CLUSTER else "caCertIdentifier"
    said = database.get(name)
    current = holds(said, lambda ca: ca is None or ca in CURRENT_CA, f"{name} of {database.name}", "current")
    return current if database.type == MEMBER else all_of([has_parameter(database, graph, FORCES_TLS), current])


@guard(
    "rds.database_logs_are_exported",
    on=DATABASES,
    severity=Severity.MEDIUM,
    fix="Name the engine's logs in enabledCloudwatchLogsExports, and switch query logging on in the parameter group.",
)
def database_logs_are_exported(database: Resource, graph: Graph) -> Verdict:
    """Who asked the database for what stands in its own log, which is gone with it unless it is exported."""
    return all_of([_exports_queries(database), has_parameter(database, graph, LOGS_QUERIES)])


def _exports_queries(database: Resource) -> Verdict:
    """Of a database's logs the one that names who asked is exported; `error` or `upgrade` alone say nothing of it."""
    exported, what = database.get("enabledCloudwatchLogsExports"), f"enabledCloudwatchLogsExports of {database.name}"
    if is_dark(exported):
        return dark(what, exported)
    wanted = f"with one of {', '.join(QUERY_LOGS)}"
    found = [holds(log, lambda said: said in QUERY_LOGS, what, wanted) for log in listed(exported)]
    return any_of(found) if found else failed(f"{what} is not set")


@guard(
    "rds.database_is_watched_and_kept_current",
    on=(*DATABASES, MEMBER),
    severity=Severity.LOW,
    fix="Set monitoringInterval, performanceInsightsKmsKeyId where insights are on, and leave minor upgrades on.",
)
def database_is_watched_and_kept_current(database: Resource, graph: Graph) -> Verdict:
    """Insights show the text of queries, values in them included; they need our key as the data does."""
    insights = database.get("performanceInsightsEnabled")
    sealed = [] if insights in {None, False} else [uses_own_key(graph, database, "performanceInsightsKmsKeyId")]
    if is_dark(insights):
        sealed = [any_of([dark(f"performanceInsightsEnabled of {database.name}", insights), *sealed])]
    return all_of(
        [at_least(database, 1, "monitoringInterval"), is_not_off(database, "autoMinorVersionUpgrade"), *sealed]
    )


@guard(
    "rds.database_knows_its_users",
    on=DATABASES,
    severity=Severity.MEDIUM,
    fix="Set iamDatabaseAuthenticationEnabled, a name of your own for the administrator, and manageMasterUserPassword.",
)
def database_knows_its_users(database: Resource) -> Verdict:
    """One shared password says nothing about who asked; the usual name of an administrator is the first one tried."""
    name = "username" if database.type == tokens.DB_INSTANCE else "masterUsername"
    own = holds(
        database.get(name), lambda said: said not in DEFAULT_NAMES, f"{name} of {database.name}", "a name of our own"
    )
    return all_of([is_true(database, "iamDatabaseAuthenticationEnabled"), own])
