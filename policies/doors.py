"""What guards over the policies of single resources have in common: who is let in, and by which way."""

from __future__ import annotations

from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of
from policies.statement import TRUTH, Statement, allowing_only, every_statement, some_statement

TLS = "aws:SecureTransport"


def admits_named_only(graph: Graph, resource: Resource, attribute: str = "policy") -> Verdict:
    """Every statement that allows names its principals, or demands whose they are."""
    return every_statement(graph, resource, allowing_only(Statement.names_whom_it_allows), attribute)


def refuses_plain_http(graph: Graph, resource: Resource, attribute: str = "policy") -> Verdict:
    """One statement denies everybody what is not under TLS, and tests nothing else."""

    def refuses(statement: Statement) -> Verdict:
        return all_of(
            [
                statement.has_effect("Deny"),
                statement.is_for_everyone(),
                statement.demands(TLS, TRUTH, lambda said: str(said).lower() == "false", "false"),
                statement.tests_only(TLS),
            ]
        )

    return some_statement(graph, resource, refuses, "does not deny everyone access without TLS", attribute)
