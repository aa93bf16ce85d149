from __future__ import annotations

import pytest

from core.catalogue import COLUMNS, catalogue
from core.errors import BadInput

HEAD = ",".join(COLUMNS)
ROWS = (
    f'{HEAD}\nC001,S3,"Blocked, all of it",A; B,,CKV_1,,164.312(a)(1),~Art.25(2)\nC002,KMS,Rotates,,,,,~164.312(d),\n'
)
MAPPING = 'version = "1"\n[guards]\nC001 = ["s3.blocked_well"]\nC002 = ["kms.key_rotates"]\n'
GUARDS = {"s3.blocked_well", "kms.key_rotates"}


def test_a_row_has_its_ids_its_sections_and_its_guards() -> None:
    first, second = catalogue(ROWS, MAPPING, GUARDS, ("rows.csv", "guards.toml"))
    assert (first.id, first.requirement, first.guards) == ("C001", "Blocked, all of it", ("s3.blocked_well",))
    assert first.known_as == {"cdk_nag_hipaa": ("A", "B"), "config_rule": (), "checkov": ("CKV_1",), "prowler": ()}
    assert (second.hipaa, second.gdpr) == (("~164.312(d)",), ())


@pytest.mark.parametrize(
    ("rows", "mapping", "why"),
    [
        (ROWS, MAPPING.replace('["kms.key_rotates"]', "[]"), r"guards.toml:4: guards.C002 has no guard"),
        (ROWS, MAPPING.replace("C002", "C003"), r"guards.toml:4: guards.C003 is not known; did you mean 'C00"),
        (ROWS, MAPPING.replace("key_rotates", "key_rotate"), r"guards.toml:4: .* is no guard; did you mean 'kms.key_r"),
        (ROWS.replace("C002", "C001"), MAPPING, r"rows.csv: row 3: id is taken"),
        (ROWS.replace("C002", "D2"), MAPPING, r"rows.csv: row 3"),
        (ROWS.replace(",KMS,Rotates", ",KMS"), MAPPING, r"rows.csv: row 3"),
        (ROWS.replace("prowler", "scout"), MAPPING, r"rows.csv:1: expected the columns"),
        ('"', MAPPING, r"rows.csv"),
        (ROWS, "guards = 7", r"guards.toml:1: guards is int"),
        (ROWS, "[guards", r"guards.toml: not TOML"),
    ],
)
def test_a_catalogue_that_would_leave_a_row_undecided_is_refused(rows: str, mapping: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        catalogue(rows, mapping, GUARDS, ("rows.csv", "guards.toml"))
