"""Guards over what exists once per account, or once per account and Region: who owns it, and what it says."""

from __future__ import annotations

from core.finding import Severity
from core.graph import Graph
from core.resource import Resource
from core.verdict import Verdict, all_of, at_least, equals, failed, holds, is_true, passed, undecided
from policies import tokens
from policies.guard import guard
from policies.links import dark, is_dark, is_not_off, listed
from policies.tier import ENVIRONMENT

BASELINE = "strongroom:index:AccountBaseline"
ONCE = (
    *(tokens.ACCOUNT_PUBLIC_ACCESS, tokens.PASSWORD_POLICY, tokens.DISK_DEFAULT, tokens.SNAPSHOT_SHARING),
    *(tokens.IMAGE_SHARING, tokens.MACHINE_DEFAULTS, tokens.CATALOGUE, tokens.LAKE_SETTINGS),
    *("aws:ebs/defaultKmsKey:DefaultKmsKey", "aws:ec2/serialConsoleAccess:SerialConsoleAccess"),
    *("aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions", "aws:apigateway/account:Account"),
    *("aws:iam/accountAlias:AccountAlias", "aws:iam/openIdConnectProvider:OpenIdConnectProvider"),
    *("aws:iam/serviceLinkedRole:ServiceLinkedRole", "aws:s3control/accessGrantsInstance:AccessGrantsInstance"),
    *("aws:cfg/recorder:Recorder", "aws:cfg/recorderStatus:RecorderStatus"),
    *("aws:cfg/deliveryChannel:DeliveryChannel", "aws:cfg/retentionConfiguration:RetentionConfiguration"),
    *("aws:guardduty/detector:Detector", "aws:securityhub/account:Account", "aws:macie2/account:Account"),
    *("aws:detective/graph:Graph", "aws:inspector2/enabler:Enabler"),
    *("aws:ecr/registryPolicy:RegistryPolicy", "aws:ecr/replicationConfiguration:ReplicationConfiguration"),
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
    *("aws:backup/regionSettings:RegionSettings", "aws:backup/globalSettings:GlobalSettings"),
    "aws:cloudwatch/logAccountPolicy:LogAccountPolicy",
)
"""A second one of these is refused, or takes the first one's place; to destroy either is to destroy both."""
FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
NEEDED = (
    "requireLowercaseCharacters",
    "requireUppercaseCharacters",
    "requireNumbers",
    "requireSymbols",
)
SHORTEST_PASSWORD, REMEMBERED, OLDEST_DAYS = 14, 24, 90


@guard(
    "account.single_thing_has_one_owner",
    on=ONCE,
    severity=Severity.HIGH,
    fix="Declare it below the AccountBaseline component, in the stack that owns the account (`strongroom:layer`).",
)
def single_thing_has_one_owner(thing: Resource, graph: Graph) -> Verdict:
    """A second environment that declares it is refused, or shares it: whoever is destroyed first ends it for both."""
    above = {found.type for found in graph.ancestors(thing)}
    if BASELINE in above:
        return passed(f"{thing.name} belongs to the account's baseline")
    if ENVIRONMENT in above:
        return failed(f"{thing.name} exists once per account and is declared by an environment")
    return undecided(f"{thing.name} exists once per account, and nobody says whether this program owns the account")


@guard(
    "account.baseline_is_complete",
    on=BASELINE,
    severity=Severity.HIGH,
    fix="Use the AccountBaseline component as it is; it declares all of it for each Region.",
)
def baseline_is_complete(baseline: Resource, graph: Graph) -> Verdict:
    """What is not declared is at AWS's own default, which leaves buckets to themselves and disks unencrypted."""
    regions = baseline.get("regions")
    if is_dark(regions):
        return dark(f"regions of {baseline.name}", regions)
    made = [(child.type, child.get("region")) for child in graph.children(baseline)]
    whole = [kind for kind in (tokens.ACCOUNT_PUBLIC_ACCESS, tokens.PASSWORD_POLICY) if kind not in dict(made)]
    floors = [
        (kind, region)
        for kind in (tokens.DISK_DEFAULT, tokens.SNAPSHOT_SHARING, tokens.IMAGE_SHARING, tokens.MACHINE_DEFAULTS)
        for region in listed(regions)
        if (kind, region) not in made
    ]
    if any(is_dark(region) for _, region in made) and floors and not whole:
        return undecided(f"the Regions of some parts of {baseline.name} are not known yet")
    missing = dict.fromkeys(kind.rpartition(":")[2] for kind in [*whole, *(kind for kind, _ in floors)])
    return failed(f"{baseline.name} lacks {', '.join(missing)}") if missing else passed(f"{baseline.name} has it all")


@guard(
    "account.public_access_is_blocked",
    on=tokens.ACCOUNT_PUBLIC_ACCESS,
    severity=Severity.HIGH,
    fix="Set all four flags; each of them is false where it is left out.",
)
def public_access_is_blocked(block: Resource) -> Verdict:
    """One bucket opened by mistake is the most common leak there is; the account's own block holds for all of them."""
    return all_of(is_true(block, flag) for flag in FLAGS)


@guard(
    "account.disks_are_encrypted_from_the_start",
    on=tokens.DISK_DEFAULT,
    severity=Severity.HIGH,
    fix="Leave enabled true.",
)
def disks_are_encrypted_from_the_start(default: Resource) -> Verdict:
    """A disk that was ever unencrypted has left readable blocks and snapshots behind."""
    return is_not_off(default, "enabled")


@guard(
    "account.snapshots_are_shared_with_nobody_at_large",
    on=tokens.SNAPSHOT_SHARING,
    severity=Severity.HIGH,
    fix="Set state to block-all-sharing: block-new-sharing leaves what is public already.",
)
def snapshots_are_shared_with_nobody_at_large(setting: Resource) -> Verdict:
    """A snapshot is a whole disk; a public one is copied within minutes."""
    return equals(setting, "block-all-sharing", "state")


@guard(
    "account.images_are_shared_with_nobody_at_large",
    on=tokens.IMAGE_SHARING,
    severity=Severity.MEDIUM,
    fix="Set state to block-new-sharing.",
)
def images_are_shared_with_nobody_at_large(setting: Resource) -> Verdict:
    """An image carries whatever was on the machine that it was made of, keys and data included."""
    return equals(setting, "block-new-sharing", "state")


@guard(
    "account.machines_give_credentials_to_sessions_only",
    on=tokens.MACHINE_DEFAULTS,
    severity=Severity.HIGH,
    fix="Set httpTokens to required and httpPutResponseHopLimit to 1.",
)
def machines_give_credentials_to_sessions_only(defaults: Resource) -> Verdict:
    """A forged request through a web server, or a container on it, must not get the machine's credentials."""
    return all_of([equals(defaults, "required", "httpTokens"), equals(defaults, 1, "httpPutResponseHopLimit")])


@guard(
    "account.passwords_are_strong",
    on=tokens.PASSWORD_POLICY,
    severity=Severity.MEDIUM,
    fix="Ask for 14 characters of all four kinds, 24 remembered, changed within 90 days, by the users themselves.",
)
def passwords_are_strong(policy: Resource) -> Verdict:
    """There should be no users with passwords; where there is one, it is worth as much as its password."""
    age, said = policy.get("maxPasswordAge"), f"maxPasswordAge of {policy.name}"
    young = holds(age, lambda days: 1 <= (days or 0) <= OLDEST_DAYS, said, f"1 to {OLDEST_DAYS} days")
    return all_of(
        [
            at_least(policy, SHORTEST_PASSWORD, "minimumPasswordLength"),
            at_least(policy, REMEMBERED, "passwordReusePrevention"),
            young,
            *(is_true(policy, kind) for kind in NEEDED),
            is_not_off(policy, "allowUsersToChangePassword"),
        ]
    )
