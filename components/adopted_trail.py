"""A trail that somebody else declares: an organisation's, or the one of the foundation of this environment."""

import re
from dataclasses import dataclass

import pulumi

from components.component import Component
from core.errors import BadInput
from core.naming import Name

ARN = re.compile(r"arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:trail/[A-Za-z0-9._-]{3,128}")
"""https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html"""


@dataclass(frozen=True)
class AdoptedTrailArgs:
    """The ARN of the trail."""

    arn: str


class AdoptedTrail(Component):
    """A trail by its ARN, so that guards do not take it for missing.

    Nothing is made, and nothing that a trail must do is taken on trust: guards that ask for a trail answer `unknown`.
    Raises BadInput for what is no ARN of a trail.
    """

    def __init__(self, name: Name, args: AdoptedTrailArgs, parent: pulumi.Resource | None = None) -> None:
        if not ARN.fullmatch(args.arn):
            msg = f"adopted trail {name}: {args.arn!r}; expected an ARN such as arn:aws:cloudtrail:...:trail/audit"
            raise BadInput(msg)
        super().__init__("AdoptedTrail", name, parent, {"arn": args.arn})
        self.arn = args.arn
        self.done()
