"""How things are called: one form for every name, and the tags that each of them carries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from core.errors import BadInput

WORDS = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 48
"""SageMaker allows 63 characters and S3 63; Pulumi appends 8 to make a physical name; the rest is a child's role."""
LONGEST_TAG_KEY, LONGEST_TAG_VALUE, MOST_TAGS = 128, 256, 50
OWN_TAG_COUNT = 5
"""Room kept for the platform's own tags: project, environment, owner and what a component adds.

Sizes: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html"""
TAG_TEXT = re.compile(r"[\w .:/=+\-@]*")
OWN_TAGS = "strongroom:"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in lower case words joined by hyphens, and the tags of what bears it.

    It begins with project and environment, so that two environments in one account never collide.
    Raises BadInput for a name that is too long or holds other characters.
    """

    text: str
    tags: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse early what AWS would refuse late, in one place for all services."""
        if not WORDS.fullmatch(self.text):
            msg = f"name {self.text!r}: expected lower case words joined by single hyphens, such as 'ward-records'"
            raise BadInput(msg)
        if len(self.text) > LONGEST:
            msg = f"name {self.text!r} has {len(self.text)} characters, at most {LONGEST} fit AWS's limits; shorten it"
            raise BadInput(msg)

    def __str__(self) -> str:
        """The name itself."""
        return self.text

    def __truediv__(self, word: str) -> Name:
        """The name of a part: `name / "logs"`."""
        return replace(self, text=f"{self.text}-{word}")

    def tagged(self, **tags: str) -> Name:
        """The same name with further tags of the platform's own: `name.tagged(data_class="health")`."""
        own = {OWN_TAGS + key.replace("_", "-"): value for key, value in tags.items()}
        return replace(self, tags=MappingProxyType({**self.tags, **own}))


def root_name(project: str, environment: str, owner: str, tags: Mapping[str, str]) -> Name:
    """The name all others of one environment grow from, carrying project, environment, owner and the user's tags."""
    base = Name(f"{project}-{environment}", MappingProxyType(dict(tags)))
    return base.tagged(project=project, environment=environment, owner=owner)


def tag_faults(tags: Mapping[str, str]) -> list[str]:
    """What AWS would refuse about these tags, a sentence each; empty when all is well."""
    faults = []
    for key, value in tags.items():
        if not 1 <= len(key) <= LONGEST_TAG_KEY:
            faults.append(f"tag key {key[:40]!r} has {len(key)} characters, AWS takes 1 to {LONGEST_TAG_KEY}")
        if len(value) > LONGEST_TAG_VALUE:
            faults.append(f"the value of tag {key[:40]!r} has {len(value)} characters, AWS takes {LONGEST_TAG_VALUE}")
        if not TAG_TEXT.fullmatch(key + value):
            faults.append(f"tag {key[:40]!r}: AWS takes letters, digits, spaces and . : / = + - @ _")
        if key.lower().startswith("aws:") or key.startswith(OWN_TAGS):
            faults.append(f"tag {key[:40]!r}: this prefix is reserved")
    if len(tags) > MOST_TAGS - OWN_TAG_COUNT:
        room = f"{MOST_TAGS - OWN_TAG_COUNT} fit beside the platform's own"
        faults.append(f"{len(tags)} tags, {room}, as AWS takes {MOST_TAGS} on a resource")
    return faults
