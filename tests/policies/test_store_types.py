"""Every type of the provider that takes a key is sorted: judged, not judged, or no store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from policies.judge import guards
from policies.store_types import APPROVED, JUDGED_STORES, NO_STORES, UNJUDGED_STORES

KEYS = {
    *("kmsKeyId", "kmsKeyArn", "kmsMasterKeyId", "kmsKey", "kmsKeyIdentifier", "kmsEncryptionKey", "volumeKmsKeyId"),
    *("storageEncrypted", "encrypted", "atRestEncryptionEnabled", "encryptAtRest", "encryptionInfo", "encryptionKey"),
    *("encryptionConfiguration", "encryptionConfigurations", "encryptionConfig", "encryptionOptions"),
    *("serverSideEncryption", "serverSideEncryptionConfiguration", "sseSpecification", "customerEncryptionKeyArn"),
}
GETTER = re.compile(r'@pulumi\.getter(?:\(name="(\w+)"\))?\n    def (\w+)\(self\)')
ARGS = re.compile(r"^class (\w+)Args:\n(.*?)^@pulumi\.input_type", re.MULTILINE | re.DOTALL)


def provider() -> Path:
    spec = find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def takes_a_key() -> Iterator[str]:
    """The types whose arguments name a key or an encryption, read from the provider's source."""
    for path in sorted(provider().glob("*/*.py")):
        if path.stem.startswith(("_", "get_")) or path.stem == "outputs":
            continue
        text = path.read_text(encoding="utf-8")
        found = ARGS.search(text)
        if found and KEYS & {wire or plain for wire, plain in GETTER.findall(found[2])}:
            token = re.search(rf"'(aws:\w+/\w+:{found[1]})'", text)
            if token:
                yield str(token[1])


def test_no_type_that_takes_a_key_is_left_unsorted() -> None:
    found = set(takes_a_key())
    assert len(found) > 100
    assert found - JUDGED_STORES - UNJUDGED_STORES - NO_STORES == set()


def test_the_lists_do_not_contradict_each_other_or_the_guards() -> None:
    concerned = {token for guard in guards().values() for token in guard.on}
    assert concerned >= JUDGED_STORES
    assert set() == UNJUDGED_STORES & concerned
    assert set() == UNJUDGED_STORES & NO_STORES
    assert {path.name.rstrip("_") for path in provider().iterdir() if path.is_dir()} | {"index"} >= APPROVED
