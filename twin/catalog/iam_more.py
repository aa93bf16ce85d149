"""Issuers of identity tokens that the account trusts.

https://docs.aws.amazon.com/IAM/latest/APIReference/
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry
from twin.forms import TAGS, Bag, Form, tidy
from twin.terms import ID, ITEM, added, dropped, prop, reply

SCHEME = "https://"


class Issuer(Form):
    """An address that IAM shows without its scheme, which is always the same."""

    def decode(self, value: Any) -> Any:
        """With its scheme, whether it was said or not."""
        return tidy(value and SCHEME + str(value).removeprefix(SCHEME))


PROVIDER = Entry(
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    create=Call(
        "iam",
        "create_open_id_connect_provider",
        Url=prop("url"),
        ClientIDList=prop("clientIdLists"),
        ThumbprintList=prop("thumbprintLists"),
        Tags=prop("tags", TAGS),
    ),
    identity=reply("OpenIDConnectProviderArn"),
    update=(
        Call(
            "iam",
            "add_client_id_to_open_id_connect_provider",
            each=added("clientIdLists"),
            OpenIDConnectProviderArn=ID,
            ClientID=ITEM,
        ),
        Call(
            "iam",
            "remove_client_id_from_open_id_connect_provider",
            each=dropped("clientIdLists"),
            OpenIDConnectProviderArn=ID,
            ClientID=ITEM,
        ),
        Call(
            "iam",
            "update_open_id_connect_provider_thumbprint",
            when=prop("thumbprintLists"),
            OpenIDConnectProviderArn=ID,
            ThumbprintList=prop("thumbprintLists"),
        ),
        Call(
            "iam",
            "untag_open_id_connect_provider",
            when=dropped("tags"),
            OpenIDConnectProviderArn=ID,
            TagKeys=dropped("tags"),
        ),
        Call(
            "iam",
            "tag_open_id_connect_provider",
            when=prop("tags"),
            OpenIDConnectProviderArn=ID,
            Tags=prop("tags", TAGS),
        ),
    ),
    fixed=("url",),
    delete=(Call("iam", "delete_open_id_connect_provider", OpenIDConnectProviderArn=ID),),
    read=(Call("iam", "get_open_id_connect_provider", OpenIDConnectProviderArn=ID),),
    gone=("NoSuchEntity",),
    find=(Call("iam", "list_open_id_connect_providers"), reply("OpenIDConnectProviderList[].Arn")),
    shows={
        "url": reply("Url", Issuer()),
        "clientIdLists": reply("ClientIDList", Bag()),
        "thumbprintLists": reply("ThumbprintList"),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": ID},
    computed=("thumbprintLists",),
    alone=("url",),
)

ENTRIES = (PROVIDER,)
