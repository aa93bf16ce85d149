from __future__ import annotations

import hashlib
import json

from evidence.bundle import Bundle
from evidence.folder import FINDINGS, GRAPH, MANIFEST, REPORT, SARIF, contents, digest

GRAPH_TEXT = '{"resources": []}\n'


def test_a_folder_holds_one_file_per_format_and_the_manifest_last(applied: Bundle) -> None:
    assert list(contents(applied, GRAPH_TEXT)) == [REPORT, FINDINGS, SARIF, GRAPH, MANIFEST]


def test_the_manifest_lists_each_file_with_its_digest(applied: Bundle) -> None:
    files = contents(applied, GRAPH_TEXT)
    listed = json.loads(files[MANIFEST])["files"]
    assert set(listed) == set(files) - {MANIFEST}
    for name, entry in listed.items():
        assert entry == {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])}


def test_the_manifest_says_what_was_judged_and_how_it_came_out(applied: Bundle) -> None:
    manifest = json.loads(contents(applied, GRAPH_TEXT)[MANIFEST])
    assert manifest["format"] == "strongroom.bundle"
    assert manifest["summary"] == {"fail": 1, "unknown": 1, "waived": 1, "pass": 2, "not_applicable": 1, "live": 0}
    assert manifest["outcomes"] == {"failed": 1, "unverified": 1, "verified": 1}
    assert [pack["id"] for pack in manifest["provenance"]["packs"]] == ["gdpr", "hipaa"]


def test_the_same_bundle_gives_the_same_folder(applied: Bundle) -> None:
    assert contents(applied, GRAPH_TEXT) == contents(applied, GRAPH_TEXT)


def test_text_and_its_bytes_have_one_digest() -> None:
    assert digest("ä") == digest("ä".encode())
