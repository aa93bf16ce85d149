from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.question import ABSENT, Given, Presence, is_not, is_value
from access.statement import Group, Rule, Statement, check_ids, parse_statements
from access.vocabulary import Circumstance, Vocabulary, parse_vocabulary
from core.errors import BadInput
from core.iam_metadata import IamMetadata, iam_metadata
from core.personas import PERSONAS

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "access" / "statements"
WORDS = """
[actions."open objects"]
text = "read"
of = ["s3:GetObject", "s3:GetObjectVersion"]

[actions.decrypt]
text = "decrypt"
of = ["kms:Decrypt"]

[resources."health data"]
text = "health data"
kind = "s3:object"
type = "aws:s3/bucket:Bucket"
tags = { "strongroom:data-class" = "health", "strongroom:backup" = true }

[circumstances.mfa]
text = "with a second factor"
when = { "aws:MultiFactorAuthPresent" = "true" }
"""
GOOD = """
[[statements]]
id = "data.closed"
text = "Nobody opens health data."
why = "It tells of people."
who = "data-scientist"
rule = "must not"
does = "open objects"
what = "health data"
"""


@pytest.fixture(scope="module")
def reference() -> IamMetadata:
    return iam_metadata((ROOT / "policies" / "data" / "iam.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def words(reference: IamMetadata) -> Vocabulary:
    return parse_vocabulary(WORDS, "words.toml", reference)


@pytest.fixture(scope="module")
def shipped(reference: IamMetadata) -> tuple[Vocabulary, tuple[Statement, ...]]:
    held = parse_vocabulary((SHIPPED / "words.toml").read_text(encoding="utf-8"), "words.toml", reference)
    files = [path for path in sorted(SHIPPED.glob("*.toml")) if path.name != "words.toml"]
    return held, tuple(one for path in files for one in parse_statements(path.read_text(), path.name, held))


def test_a_statement_says_who_may_not_do_what_to_which_data(words: Vocabulary) -> None:
    (said,) = parse_statements(GOOD, "mine.toml", words)
    assert (said.id, said.rule, said.who) == ("data.closed", Rule.MUST_NOT, ("data-scientist",))
    ((what, actions),) = said.pairs()
    assert what.kind == "s3:object"
    assert [action.name for action in actions] == ["s3:GetObject", "s3:GetObjectVersion"]
    assert said.place == "mine.toml:2"


@pytest.mark.parametrize(
    ("instead", "of", "told"),
    [
        ('rule = "never"', 'rule = "must not"', "mine.toml:7: statements[1].rule is 'never'"),
        ('who = "data-scientst"', 'who = "data-scientist"', "did you mean 'data-scientist'?; expected a persona"),
        ('does = "opens"', 'does = "open objects"', "mine.toml:8: statements[1].does is 'opens'"),
        ('does = "decrypt"', 'does = "open objects"', "holds nothing that is done to health data (s3:object)"),
        ('what = "helth data"', 'what = "health data"', "did you mean 'health data'?"),
        ('id = "Data closed"', 'id = "data.closed"', "mine.toml:3: statements[1].id"),
        ("", 'why = "It tells of people."', "why is missing"),
        ('why = "x"\nneeds = "mfa"', 'why = "x"', "does not fit the rule must not"),
        ('rule = "requires"', 'rule = "must not"', "needs names nothing"),
        ('rule = "lasts"', 'rule = "must not"', "hours is 0"),
        ('colour = "red"', 'what = "health data"', "mine.toml:9: statements[1].colour is not known"),
        ("who = []", 'who = "data-scientist"', "names nobody"),
    ],
)
def test_what_a_statement_cannot_mean_is_refused_with_file_line_and_key(
    words: Vocabulary, instead: str, of: str, told: str
) -> None:
    text = GOOD.replace('why = "It tells of people."', 'why = "x"') if of == 'why = "x"' else GOOD
    with pytest.raises(BadInput) as caught:
        parse_statements(text.replace(of, instead), "mine.toml", words)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("instead", "of", "told"),
    [
        ('of = ["s3:GetObjekt"]', 'of = ["kms:Decrypt"]', "words.toml:8: actions.decrypt.of holds 's3:GetObjekt'"),
        ('kind = "s3:objekt"', 'kind = "s3:object"', "did you mean 'object'?"),
        ('type = ""', 'type = "aws:s3/bucket:Bucket"', "does not fit what else is said"),
        ('when = { "aws:SourceAccount" = "@acount" }', 'when = { "aws:MultiFactorAuthPresent" = "true" }', "@acount"),
        ("when = {}", 'when = { "aws:MultiFactorAuthPresent" = "true" }', "holds no key"),
        ("", 'when = { "aws:MultiFactorAuthPresent" = "true" }', "must be set"),
    ],
)
def test_what_a_word_cannot_mean_is_refused(reference: IamMetadata, instead: str, of: str, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_vocabulary(WORDS.replace(of, instead), "words.toml", reference)
    assert told in str(caught.value)


def test_an_id_stands_once(words: Vocabulary) -> None:
    with pytest.raises(BadInput, match=r"stands in mine\.toml:2 too"):
        check_ids(parse_statements(GOOD + GOOD, "mine.toml", words))


@given(st.text(max_size=200).filter(lambda text: text.strip(" \t\n\r") and not text.lstrip().startswith("#")))
def test_any_other_text_is_refused_with_its_file(text: str) -> None:
    with pytest.raises(BadInput, match=r"^mine\.toml"):
        parse_statements(f"{text}\n=", "mine.toml", Vocabulary({}, {}, {}))


def test_what_is_not_so_of_a_circumstance_is_everything_else() -> None:
    both = Circumstance("x", "x", ({"a": is_value("1"), "b": ABSENT},))
    assert both.missed({}) == ({"a": is_not("1")}, {"b": Given(Presence.PRESENT)})
    either = Circumstance("x", "x", ({"a": is_value("1")}, {"a": is_value("2")}))
    assert either.missed({}) == ({"a": Given(outside=("1", "2"))},)
    other = Circumstance("x", "x", ({"a": Given(Presence.PRESENT, outside=("1",))},))
    assert other.missed({}) == ({"a": ABSENT}, {"a": Given(Presence.PRESENT, ("1",))})


def test_facts_take_the_place_of_their_words() -> None:
    here = Circumstance(
        "x", "x", ({"aws:sourcevpce": is_value("@endpoints"), "aws:sourcearn": is_value("arn:*:@account:*")},)
    )
    facts = {"endpoints": ("vpce-1", "vpce-2"), "account": ("111122223333",)}
    assert here.met(facts) == (
        {"aws:sourcevpce": is_value("vpce-1", "vpce-2"), "aws:sourcearn": is_value("arn:*:111122223333:*")},
    )
    assert here.speaks_of() == {"endpoints", "account"}


def test_at_least_sixty_statements_are_shipped_each_with_words_of_its_own(
    shipped: tuple[Vocabulary, tuple[Statement, ...]],
) -> None:
    _, statements = shipped
    check_ids(statements)
    assert len(statements) >= 60
    assert len({one.text for one in statements}) == len(statements)
    assert len([one for one in statements if one.is_positive]) >= 12


def test_every_word_is_used_and_every_persona_is_spoken_of(
    shipped: tuple[Vocabulary, tuple[Statement, ...]],
) -> None:
    words, statements = shipped
    given_words = {one.name for said in statements for one in (*said.given, *([said.needs] if said.needs else []))}
    assert {one.name for said in statements for one in said.does} == set(words.actions)
    assert {one.name for said in statements for one in said.what} == set(words.resources)
    assert given_words == set(words.circumstances)
    spoken = {name for said in statements for name in (*said.who, *said.but)}
    assert spoken >= {*PERSONAS, *Group} - {Group.PROGRAMS}
