"""The trust that an account puts into an issuer of identity tokens, once for everybody in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.component import Component
from components.place import Place
from core.errors import BadInput
from core.issuers import GITHUB, STS_AUDIENCE
from core.naming import Name

ISSUER = re.compile(r"(?=.{1,247}\Z)[a-z0-9-]+(\.[a-z0-9-]+)+(/[\w.-]+)*", re.ASCII)
AUDIENCE = re.compile(r"(?!\S*[*?])\S{1,255}")
MOST_AUDIENCES = 100
"""Of one provider, and the lengths above: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html"""


@dataclass(frozen=True)
class OidcProviderArgs:
    """The account, the issuer without `https://`, and whom its tokens must be made for.

    An account has one provider for each issuer: where it stands already, `adopted` uses it and makes nothing.
    """

    place: Place
    issuer: str = GITHUB
    audiences: Sequence[str] = (STS_AUDIENCE,)
    adopted: bool = False


class OidcProvider(Component):
    """An issuer of identity tokens that roles of this account may trust; it lets nobody in by itself.

    No thumbprint is given: IAM fetches the issuer's certificate authority itself. Raises BadInput for an issuer that is
    no host, or written with `https://`, for no audience, one with a wildcard, and more than a provider takes.
    """

    def __init__(self, name: Name, args: OidcProviderArgs, parent: pulumi.Resource | None = None) -> None:
        if faults := _faults(args):
            msg = f"OIDC provider {name}: {'; '.join(faults)}"
            raise BadInput(msg)
        super().__init__("OidcProvider", name, parent, {"issuer": args.issuer, "adopted": args.adopted})
        self.args = args
        # The ARN follows from the issuer, so a trust policy can be read before the provider exists.
        self.arn = args.place.arn("iam", f"oidc-provider/{args.issuer}", region="")
        self.provider = None if args.adopted else self._made()
        self.done(arn=self.arn)

    def _made(self) -> aws.iam.OpenIdConnectProvider:
        return aws.iam.OpenIdConnectProvider(
            f"{self.name}-provider",
            url=f"https://{self.args.issuer}",
            client_id_lists=list(self.args.audiences),
            tags=dict(self.name.tags),
            opts=self.child,
        )


def _faults(args: OidcProviderArgs) -> list[str]:
    faults = []
    if not ISSUER.fullmatch(args.issuer):
        faults.append("the issuer is a host and a path in lower case, without 'https://', such as 'login.example.org'")
    if not args.audiences or len(args.audiences) > MOST_AUDIENCES:
        faults.append(f"{len(args.audiences)} audiences; a provider takes 1 to {MOST_AUDIENCES}")
    if any(not AUDIENCE.fullmatch(audience) for audience in args.audiences):
        faults.append("an audience is named in full, without '*' or '?'")
    return faults
