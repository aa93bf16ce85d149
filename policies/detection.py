"""Guards over what AWS watches by itself: GuardDuty, Security Hub, Macie, Config.

Each exists once per account and Region, and most organisations switch it on centrally: that it is not declared here
says nothing. What is declared must be right; what is not, only the account can say.
"""

from __future__ import annotations

from core.finding import Severity
from core.graph import STACK, Graph
from core.resource import Resource
from core.verdict import State, Verdict, all_of, any_of, equals, failed, is_true, passed, undecided
from policies.guard import Decidable, guard
from policies.links import companions, dark, is_dark, is_not_off

DETECTOR, FEATURE = "aws:guardduty/detector:Detector", "aws:guardduty/detectorFeature:DetectorFeature"
HUB, MACIE = "aws:securityhub/account:Account", "aws:macie2/account:Account"
RECORDER, RECORDER_STATUS = "aws:cfg/recorder:Recorder", "aws:cfg/recorderStatus:RecorderStatus"
NEEDED_FEATURES = ("S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "LAMBDA_NETWORK_LOGS")


def _declared(graph: Graph, token: str, what: str) -> Verdict:
    found = graph.of_type(token)
    if found:
        return passed(f"{found[0].name} switches {what} on")
    return undecided(f"{what} is not declared here; whether it is on in the account only the account says")


@guard(
    "detection.threats_are_looked_for",
    on=STACK,
    severity=Severity.HIGH,
    fix="Let the organisation's security account switch GuardDuty on, or declare a Detector in the account's baseline.",
    decidable=Decidable.LIVE,
)
def threats_are_looked_for(_stack: Resource, graph: Graph) -> Verdict:
    """Stolen credentials act within our rules; that they act from elsewhere, or at once everywhere, GuardDuty sees."""
    return _declared(graph, DETECTOR, "GuardDuty")


@guard(
    "detection.findings_come_together",
    on=STACK,
    severity=Severity.MEDIUM,
    fix="Let the organisation's security account switch Security Hub on, or declare an Account of it.",
    decidable=Decidable.LIVE,
)
def findings_come_together(_stack: Resource, graph: Graph) -> Verdict:
    """Five consoles are looked at by nobody."""
    return _declared(graph, HUB, "Security Hub")


@guard(
    "detection.personal_data_is_looked_for",
    on=STACK,
    severity=Severity.MEDIUM,
    fix="Let the organisation's security account switch Macie on, with automated discovery, or declare its Account.",
    decidable=Decidable.LIVE,
)
def personal_data_is_looked_for(_stack: Resource, graph: Graph) -> Verdict:
    """Data about people turns up where nobody put it on purpose: in exports, in logs, in test sets."""
    return _declared(graph, MACIE, "Macie")


@guard(
    "detection.detector_looks_everywhere",
    on=DETECTOR,
    severity=Severity.HIGH,
    fix=f"Leave enable on, and declare a DetectorFeature for each of {', '.join(NEEDED_FEATURES)}.",
)
def detector_looks_everywhere(detector: Resource, graph: Graph) -> Verdict:
    """Without these it does not see who fetches objects, who runs the cluster, and whom functions call."""
    features = companions(graph, detector, (FEATURE,), "detectorId")
    return all_of([is_not_off(detector, "enable"), *(_is_on(name, features, detector) for name in NEEDED_FEATURES)])


def _is_on(name: str, features: tuple[Resource, ...], detector: Resource) -> Verdict:
    found = any_of([all_of([equals(one, name, "name"), equals(one, "ENABLED", "status")]) for one in features])
    return (
        found
        if found.state in {State.PASS, State.UNKNOWN}
        else failed(f"{detector.name} has no feature {name} switched on")
    )


@guard(
    "detection.macie_runs",
    on=MACIE,
    severity=Severity.MEDIUM,
    fix="Leave status at ENABLED.",
)
def macie_runs(account: Resource) -> Verdict:
    """A paused Macie looks declared, and looks at nothing."""
    status = account.get("status")
    if is_dark(status):
        return dark(f"status of {account.name}", status)
    return passed(f"{account.name} runs") if status in {None, "ENABLED"} else failed(f"status of {account.name} is off")


@guard(
    "detection.changes_are_recorded",
    on=STACK,
    severity=Severity.HIGH,
    fix="Let the organisation switch AWS Config on, or declare a Recorder, a DeliveryChannel and a RecorderStatus.",
    decidable=Decidable.LIVE,
)
def changes_are_recorded(_stack: Resource, graph: Graph) -> Verdict:
    """The trail says who called; how things then stood, on a given day, only Config says."""
    return _declared(graph, RECORDER, "AWS Config")


@guard(
    "detection.recorder_records_everything",
    on=RECORDER,
    severity=Severity.HIGH,
    fix="Leave recordingGroup.allSupported on, and declare a RecorderStatus that is enabled.",
)
def recorder_records_everything(recorder: Resource, graph: Graph) -> Verdict:
    """A type that is not recorded has no history, and a recorder that was never started has none at all."""
    whole = is_not_off(recorder, "recordingGroup", "allSupported")
    started = [is_true(one, "isEnabled") for one in companions(graph, recorder, (RECORDER_STATUS,), "name")]
    return all_of([whole, *(started or [failed(f"{recorder.name} is never started")])])
