"""Groups of features.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateFeatureGroup.html
"""

from __future__ import annotations

from typing import Any

from twin.entry import Call, Entry, Gap
from twin.forms import AS_IT_IS, TAGS, Form, Member, Shape
from twin.terms import ID, Built, First, first, prop

FEATURES = Shape(featureName="FeatureName", featureType="FeatureType", collectionType="CollectionType")
HISTORY = Shape(
    disableGlueTableCreation="DisableGlueTableCreation",
    s3StorageConfig=Member("S3StorageConfig", Shape(kmsKeyId="KmsKeyId", s3Uri="S3Uri")),
    tableFormat="TableFormat",
)
LATEST = Shape(
    enableOnlineStore="EnableOnlineStore",
    securityConfig=Member("SecurityConfig", Shape(kmsKeyId="KmsKeyId")),
    storageType="StorageType",
    ttlDuration=Member("TtlDuration", Shape(unit="Unit", value="Value")),
)


def told(name: str, form: Form = AS_IT_IS) -> First:
    """What the search says of this group; the double breaks down when it is to describe one that is not there."""
    fits: dict[str, Any] = {"FeatureGroup.FeatureGroupName": ID}
    return first("Results", f"FeatureGroup.{name}", form, **fits)


GROUP = Entry(
    "aws:sagemaker/featureGroup:FeatureGroup",
    create=Call(
        "sagemaker",
        "create_feature_group",
        FeatureGroupName=prop("featureGroupName"),
        RecordIdentifierFeatureName=prop("recordIdentifierFeatureName"),
        EventTimeFeatureName=prop("eventTimeFeatureName"),
        FeatureDefinitions=prop("featureDefinitions", FEATURES),
        OfflineStoreConfig=prop("offlineStoreConfig", HISTORY),
        OnlineStoreConfig=prop("onlineStoreConfig", LATEST),
        RoleArn=prop("roleArn"),
        Description=prop("description"),
        Tags=prop("tags", TAGS),
    ),
    identity=prop("featureGroupName"),
    delete=(Call("sagemaker", "delete_feature_group", FeatureGroupName=prop("featureGroupName")),),
    read=(Call("sagemaker", "search", Resource="FeatureGroup"),),
    exists=told("FeatureGroupArn"),
    shows={
        "featureGroupName": told("FeatureGroupName"),
        "recordIdentifierFeatureName": told("RecordIdentifierFeatureName"),
        "eventTimeFeatureName": told("EventTimeFeatureName"),
        "featureDefinitions": told("FeatureDefinitions", FEATURES),
        "offlineStoreConfig": told("OfflineStoreConfig", HISTORY),
        "onlineStoreConfig": told("OnlineStoreConfig", LATEST),
        "roleArn": told("RoleArn"),
        "description": told("Description"),
        "tags": told("Tags", TAGS),
    },
    outputs={"arn": Built("arn:{partition}:sagemaker:{region}:{account}:feature-group/{featureGroupName}")},
    absent=Gap("it loses stores of latest values, and can delete no group, so that none could be made again"),
)

ENTRIES = (GROUP,)
