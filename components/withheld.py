"""Values that must not stand in a program: they come as secrets, or not at all."""

import asyncio
from typing import Any

import pulumi

from core.errors import BadInput


def withheld(whose: str, value: pulumi.Output[str]) -> pulumi.Output[str]:
    """The value, once it is certain to be marked as a secret: only then the state holds it encrypted, and logs hide it.

    Raises BadInput for a literal, at once, and for an output that is not marked, as soon as that can be told.
    https://www.pulumi.com/docs/iac/concepts/secrets/
    """
    if not isinstance(value, pulumi.Output):
        msg = f"{whose}: its value stands in the program; pass a secret output, such as `Config().require_secret(...)`"
        raise BadInput(msg)

    # As tasks, which end with the program, whatever ends it: a bare coroutine would be left over without being awaited.
    known, secret = asyncio.ensure_future(value.is_known()), asyncio.ensure_future(value.is_secret())

    async def marked() -> Any:
        if not await secret:
            msg = f"{whose}: its value is no secret; mark it, as `Config().require_secret(...)` does"
            raise BadInput(msg)
        return await value.future()

    return pulumi.Output(value.resources(), marked(), known, secret)
