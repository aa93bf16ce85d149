"""The platform as Pulumi's engine runs it: the stack's configuration becomes settings, these the blueprint."""

import gc

import pulumi
from pulumi.runtime import config

from core.errors import BadInput
from core.settings import settings_of_stack
from stacks.blueprint import blueprint
from stacks.capture import GC_THRESHOLD

if __name__ == "__main__":
    gc.set_threshold(*GC_THRESHOLD)
    given = {**config.get_config_env(), **config.CONFIG.get()}
    values = {key.removeprefix("strongroom:"): text for key, text in given.items() if key.startswith("strongroom:")}
    hidden = {*config.get_config_secret_keys_env(), *filter(config.is_config_secret, given)}
    secret = [key.removeprefix("strongroom:") for key in hidden]
    try:
        blueprint(settings_of_stack(values, pulumi.get_stack(), f"Pulumi.{pulumi.get_stack()}.yaml", secret))
    except BadInput as error:
        raise pulumi.RunError(str(error)) from None
