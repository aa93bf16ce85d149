"""A parameter: a value that programs look up by its path, sealed like a secret, and never replaced by itself."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.key import Key, titled
from components.place import Place
from components.policy_document import allow
from components.role import Role
from components.withheld import withheld
from core.errors import BadInput
from core.naming import Name

SERVICE = "ssm"


@dataclass(frozen=True)
class ParameterArgs:
    """All a parameter has to be told; the key is used through `ssm`, and the value is a secret output.

    What has to change by itself is no parameter: make it a Secret with a rotation.
    """

    place: Place
    key: Key
    purpose: str
    value: pulumi.Output[str]


class Parameter(Component):
    """A SecureString in the Parameter Store, under our own key, with the name of its environment in its path.

    Raises BadInput for a value that stands in the program or is no secret, a purpose that is not said, and a key that
    is not used through the Parameter Store.
    """

    def __init__(self, name: Name, args: ParameterArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"parameter {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        value = withheld(f"parameter {name}", args.value)
        super().__init__("Parameter", name, parent, {"purpose": args.purpose})
        self.args = args
        self.path = f"/{name}"
        self.parameter = aws.ssm.Parameter(
            f"{name}-parameter",
            name=self.path,
            type="SecureString",
            key_id=args.key.arn,
            value=value,
            description=args.purpose,
            tags=dict(name.tags),
            opts=self.child,
        )
        self.arn = args.place.arn("ssm", f"parameter{self.path}")
        self.done(arn=self.arn)

    def grant_read(self, role: Role) -> None:
        """Let the role look the value up by its path; not search the store, not change anything.

        https://docs.aws.amazon.com/systems-manager/latest/userguide/ps-restrict-decryption.html
        """
        sid = f"Read{titled(self.name)}"
        actions = ["ssm:GetParameter", "ssm:GetParameters"]
        role.may_all(sid, [allow(sid, actions, [self.arn]), self.args.key.decrypts()])


def _faults(args: ParameterArgs) -> list[str]:
    """Why this parameter must not be made, a sentence each."""
    checks = (
        (not args.purpose, "purpose is empty; say what it is for"),
        (SERVICE not in args.key.args.through, "its key cannot be used through ssm; add that to the key"),
    )
    return [said for wrong, said in checks if wrong]
