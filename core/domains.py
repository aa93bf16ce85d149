"""Names of hosts that a network may reach: which of them name somebody, and which would let anybody in.

A name stands for one host (`pypi.org`) or, with `*.` before it, for a domain and all below it (`*.example.org`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

AS_OF = "2026-11-24"
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"(?=.{{4,253}}\Z)(?:{LABEL}\.)+(?!\d+\Z){LABEL}")
EVERYTHING_BELOW = "*."
REGISTRIES = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "ltd", "me", "ne", "net", "nhs", "or", "org"})
"""Second labels under which countries register names for everybody: `co.uk`, `com.au`, `or.jp`."""
COUNTRY = 2
"""Letters in the last label of a country's names."""
SHARED = frozenset(
    {
        *("amazonaws.com", "amazonaws.com.cn", "api.aws", "on.aws", "cloudfront.net", "awsapprunner.com"),
        *("azurewebsites.net", "azureedge.net", "azurefd.net", "cloudapp.net", "windows.net", "azure-api.net"),
        *("googleapis.com", "googleusercontent.com", "appspot.com", "run.app", "web.app", "firebaseapp.com"),
        *("github.io", "githubusercontent.com", "gitlab.io", "herokuapp.com", "vercel.app", "netlify.app"),
        *("pages.dev", "workers.dev", "r2.dev", "trycloudflare.com", "ngrok.io", "ngrok.app", "ngrok-free.app"),
        *("fastly.net", "akamaized.net", "digitaloceanspaces.com", "backblazeb2.com", "wasabisys.com", "hf.space"),
        *("duckdns.org", "dyndns.org", "sslip.io", "nip.io", "blogspot.com", "wordpress.com", "sharepoint.com"),
    }
)
"""Domains below which strangers can have a name of their own, as of that day; the list cannot be complete."""


def domain_fault(text: str) -> str | None:
    """Which name is expected instead of this text; None when it names somebody."""
    bare = text.removeprefix(EVERYTHING_BELOW)
    if not HOST.fullmatch(bare):
        return "a host such as 'pypi.org', or '*.example.org' for a domain of one owner, in lower case"
    labels = bare.split(".")
    if len(labels) == 2 and len(labels[1]) == COUNTRY and labels[0] in REGISTRIES:  # noqa: PLR2004 - name and country
        return f"a name that somebody has registered; {bare!r} is where everybody registers"
    if text != bare and (owner := shared_by(bare)):
        return f"single hosts below {owner!r}, as anybody can have a name there"
    return None


def shared_by(bare: str) -> str | None:
    """The shared domain that the domain is, lies below or takes in; None when there is none."""
    return next((s for s in sorted(SHARED) if f".{bare}".endswith(f".{s}") or s.endswith(f".{bare}")), None)


def sni_targets(domains: Iterable[str]) -> list[str]:
    """The names as AWS Network Firewall takes them: an initial dot stands for the domain and all below it.

    https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_RulesSourceList.html
    """
    return sorted({name.removeprefix("*") for name in domains})


def dns_names(domains: Iterable[str]) -> list[str]:
    """The names as Route 53 Resolver's firewall takes them, where `*.` does not include the domain itself."""
    given = set(domains)
    return sorted(given | {name.removeprefix(EVERYTHING_BELOW) for name in given})
