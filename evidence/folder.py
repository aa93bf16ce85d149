"""What an evidence folder holds: one file per format, and a manifest by which each can be checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from evidence import json_v1, markdown, sarif
from evidence.bundle import Bundle

MANIFEST = "bundle.json"
"""The file that marks a folder as ours; written into it, never guessed from other files."""
FORMAT, VERSION = "strongroom.bundle", 1
REPORT, FINDINGS, SARIF, GRAPH = "report.md", "findings.json", "findings.sarif", "graph.json"


def digest(content: bytes | str) -> str:
    """The sha256 of the bytes, or of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def contents(bundle: Bundle, graph: str) -> Mapping[str, bytes]:
    """File name -> bytes, the manifest last. `graph` is the Graph that was judged, as JSON text."""
    files = {
        REPORT: markdown.render(bundle).encode(),
        FINDINGS: json_v1.render(bundle).encode(),
        SARIF: sarif.render(bundle).encode(),
        GRAPH: graph.encode(),
    }
    return {**files, MANIFEST: _manifest(bundle, files).encode()}


def proof_contents(files: Mapping[str, bytes], statements: Mapping[str, Sequence[str]]) -> Mapping[str, bytes]:
    """The files of a folder of proofs, and a manifest: which statement rests on which questions, by their SHA-256."""
    said = {
        "format": FORMAT,
        "version": VERSION,
        "kind": "access proofs",
        "statements": {name: sorted(held) for name, held in sorted(statements.items())},
        "files": _digests(files),
    }
    return {**files, MANIFEST: json_v1.written(said).encode()}


def _digests(files: Mapping[str, bytes]) -> dict[str, dict[str, str | int]]:
    return {name: {"sha256": digest(held), "bytes": len(held)} for name, held in sorted(files.items())}


def _manifest(bundle: Bundle, files: Mapping[str, bytes]) -> str:
    return json_v1.written(
        {
            "format": FORMAT,
            "version": VERSION,
            **json_v1.heading(bundle),
            "summary": json_v1.counts(finding for _, finding in bundle.everything),
            "outcomes": {status.value: count for status, count in bundle.statuses.items()},
            "files": _digests(files),
        }
    )
