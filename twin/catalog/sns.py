"""Topics, who may use them, and who hears of what is published.

https://docs.aws.amazon.com/sns/latest/api/
"""

from __future__ import annotations

from collections.abc import Mapping

from twin.entry import Call, Entry, Gap, Members, Named
from twin.forms import AS_IT_IS, TAGS, Digits, Flag, Form, LastPart
from twin.policy_form import POLICY
from twin.scope import Term
from twin.terms import ID, Built, dropped, prop, reply

YES = Flag("true", "false")
OF_A_TOPIC: Mapping[str, tuple[str, Form]] = {
    "displayName": ("DisplayName", AS_IT_IS),
    "kmsMasterKeyId": ("KmsMasterKeyId", AS_IT_IS),
    "policy": ("Policy", POLICY),
    "deliveryPolicy": ("DeliveryPolicy", POLICY),
    "contentBasedDeduplication": ("ContentBasedDeduplication", YES),
    "signatureVersion": ("SignatureVersion", Digits()),
    "tracingConfig": ("TracingConfig", AS_IT_IS),
}
"""Property -> attribute that can be set at any time. An empty value takes an attribute away."""
OF_A_SUBSCRIPTION: Mapping[str, tuple[str, Form]] = {
    "rawMessageDelivery": ("RawMessageDelivery", YES),
    "filterPolicy": ("FilterPolicy", POLICY),
    "filterPolicyScope": ("FilterPolicyScope", AS_IT_IS),
    "redrivePolicy": ("RedrivePolicy", POLICY),
    "deliveryPolicy": ("DeliveryPolicy", POLICY),
    "subscriptionRoleArn": ("SubscriptionRoleArn", AS_IT_IS),
}


def given_at_first(attributes: Mapping[str, tuple[str, Form]]) -> dict[str, Term]:
    """The attributes as a create call takes them."""
    return {api: prop(name, form) for name, (api, form) in attributes.items()}


def read_back(attributes: Mapping[str, tuple[str, Form]]) -> dict[str, Term]:
    """The attributes as the answer shows them."""
    return {name: reply(f"Attributes.{api}", form) for name, (api, form) in attributes.items()}


TOPIC = Entry(
    "aws:sns/topic:Topic",
    create=Call(
        "sns",
        "create_topic",
        Name=prop("name"),
        Attributes={"FifoTopic": prop("fifoTopic", YES), **given_at_first(OF_A_TOPIC)},
        Tags=prop("tags", TAGS),
    ),
    identity=reply("TopicArn"),
    named=Named("name", 256),
    update=(
        *(
            Call(
                "sns",
                "set_topic_attributes",
                TopicArn=ID,
                AttributeName=api,
                AttributeValue=prop(name, form, default=""),
            )
            for name, (api, form) in OF_A_TOPIC.items()
        ),
        Call("sns", "untag_resource", when=dropped("tags"), ResourceArn=ID, TagKeys=dropped("tags")),
        Call("sns", "tag_resource", when=prop("tags"), ResourceArn=ID, Tags=prop("tags", TAGS)),
    ),
    delete=(Call("sns", "delete_topic", TopicArn=ID),),
    read=(Call("sns", "get_topic_attributes", TopicArn=ID), Call("sns", "list_tags_for_resource", ResourceArn=ID)),
    gone=("NotFound", "ResourceNotFound"),
    find=(Call("sns", "list_topics"), reply("Topics[].TopicArn")),
    shows={
        "name": reply("Attributes.TopicArn", LastPart(":")),
        "fifoTopic": reply("Attributes.FifoTopic", YES),
        **read_back(OF_A_TOPIC),
        "tags": reply("Tags", TAGS),
    },
    outputs={"arn": reply("Attributes.TopicArn"), "owner": reply("Attributes.Owner")},
    computed=("policy", "deliveryPolicy", "signatureVersion", "tracingConfig"),
    gaps={
        "signatureVersion": Gap("the answer leaves it out"),
        "tracingConfig": Gap("the answer leaves it out"),
    },
    members=(
        Members(
            "subscriptions",
            Call("sns", "list_subscriptions_by_topic", TopicArn=ID),
            reply("Subscriptions[].SubscriptionArn"),
            ("aws:sns/topicSubscription:TopicSubscription",),
        ),
    ),
)

ONLY_THE_OWNER = (
    '{{"Version": "2012-10-17", "Statement": [{{"Sid": "owner", "Effect": "Allow", "Principal": {{"AWS": '
    '"arn:{partition}:iam::{account}:root"}}, "Action": "sns:Publish", "Resource": "{id}"}}]}}'
)
RULE_BY_POLICY = Call(
    "sns",
    "set_topic_attributes",
    TopicArn=prop("arn"),
    AttributeName="Policy",
    AttributeValue=prop("policy", POLICY),
)
TOPIC_POLICY = Entry(
    "aws:sns/topicPolicy:TopicPolicy",
    create=RULE_BY_POLICY,
    identity=prop("arn"),
    update=(RULE_BY_POLICY,),
    fixed=("arn",),
    delete=(
        Call(
            "sns",
            "set_topic_attributes",
            TopicArn=ID,
            AttributeName="Policy",
            AttributeValue=Built(ONLY_THE_OWNER),
        ),
    ),
    lasting="a topic always has a policy; what is left lets the account's own principals publish",
    read=(Call("sns", "get_topic_attributes", TopicArn=ID),),
    gone=("NotFound",),
    shows={"arn": reply("Attributes.TopicArn"), "policy": reply("Attributes.Policy", POLICY)},
    outputs={"owner": reply("Attributes.Owner")},
)

SUBSCRIPTION = Entry(
    "aws:sns/topicSubscription:TopicSubscription",
    create=Call(
        "sns",
        "subscribe",
        TopicArn=prop("topic"),
        Protocol=prop("protocol"),
        Endpoint=prop("endpoint"),
        Attributes=given_at_first(OF_A_SUBSCRIPTION),
        ReturnSubscriptionArn=True,
    ),
    identity=reply("SubscriptionArn"),
    update=tuple(
        Call(
            "sns",
            "set_subscription_attributes",
            SubscriptionArn=ID,
            AttributeName=api,
            AttributeValue=prop(name, form, default=""),
        )
        for name, (api, form) in OF_A_SUBSCRIPTION.items()
    ),
    delete=(Call("sns", "unsubscribe", SubscriptionArn=ID),),
    read=(Call("sns", "get_subscription_attributes", SubscriptionArn=ID),),
    gone=("NotFound",),
    find=(Call("sns", "list_subscriptions"), reply("Subscriptions[].SubscriptionArn")),
    shows={
        "topic": reply("Attributes.TopicArn"),
        "protocol": reply("Attributes.Protocol"),
        "endpoint": reply("Attributes.Endpoint"),
        **read_back(OF_A_SUBSCRIPTION),
    },
    outputs={
        "arn": ID,
        "ownerId": reply("Attributes.Owner"),
        "pendingConfirmation": reply("Attributes.PendingConfirmation", YES),
    },
    client=("confirmationTimeoutInMinutes", "endpointAutoConfirms"),
    computed=("deliveryPolicy", "filterPolicyScope"),
)

ENTRIES = (TOPIC, TOPIC_POLICY, SUBSCRIPTION)
