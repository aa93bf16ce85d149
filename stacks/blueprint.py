"""The platform, from the ground up: a table of contents. What differs between environments is a setting.

Each layer stands in a file of its own, a function for each section of it. One stack declares all of them, or, with the
setting `layer`, one of them: what is below then comes from the stacks that were deployed before it.
"""

from __future__ import annotations

from core.settings import Layer, Settings
from stacks.account_layer import account_layer, known_account
from stacks.building_site import adopted_trail, site_of
from stacks.foundation_layer import foundation_layer, known_foundation
from stacks.platform_layer import known_platform, platform_layer
from stacks.serving_layer import serving_layer


def blueprint(settings: Settings) -> None:
    """Declare one environment, or one layer of it. Raises BadInput for settings that no component can be made of."""
    site = site_of(settings)
    account = account_layer(site) if settings.owns_the_account else known_account(site)
    if settings.layer is Layer.ACCOUNT:
        adopted_trail(site)
        return
    foundation = foundation_layer(site) if settings.has(Layer.FOUNDATION) else known_foundation(site)
    if settings.layer is Layer.FOUNDATION:
        return
    personas = platform_layer(site, foundation, account) if settings.has(Layer.PLATFORM) else known_platform(site)
    if settings.has(Layer.SERVING):
        serving_layer(site, foundation, personas)
