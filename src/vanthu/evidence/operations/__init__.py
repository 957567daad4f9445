"""The acts of this context."""

from vanthu.evidence.operations.alarms import end_alarm, raise_alarm
from vanthu.evidence.operations.batches import gather_batch
from vanthu.evidence.operations.export import export_proof
from vanthu.evidence.operations.fixity import (
    ReadReport,
    check_all_stored_bytes,
    check_stored_bytes,
    mend_findings,
    sweep_leftovers,
)
from vanthu.evidence.operations.grow import Grown, grow_tree
from vanthu.evidence.operations.keys import open_log, rotate_log_key
from vanthu.evidence.operations.mending import look_again
from vanthu.evidence.operations.renew import renew_hash_tree, renew_stamps
from vanthu.evidence.operations.stamps import stamp_what_waits
from vanthu.evidence.rules.batches import AT_ONCE as BATCH

__all__ = [
    "BATCH",
    "Grown",
    "ReadReport",
    "check_all_stored_bytes",
    "check_stored_bytes",
    "end_alarm",
    "export_proof",
    "gather_batch",
    "grow_tree",
    "look_again",
    "mend_findings",
    "open_log",
    "raise_alarm",
    "renew_hash_tree",
    "renew_stamps",
    "rotate_log_key",
    "stamp_what_waits",
    "sweep_leftovers",
]
