"""The acts of this context."""

from vanthu.evidence.operations.alarms import end_alarm, raise_alarm
from vanthu.evidence.operations.batches import gather_batch
from vanthu.evidence.operations.grow import Grown, grow_tree
from vanthu.evidence.operations.keys import open_log, rotate_log_key
from vanthu.evidence.operations.renew import renew_hash_tree, renew_stamps
from vanthu.evidence.operations.stamps import stamp_what_waits
from vanthu.evidence.rules.batches import AT_ONCE as BATCH

__all__ = [
    "BATCH",
    "Grown",
    "end_alarm",
    "gather_batch",
    "grow_tree",
    "open_log",
    "raise_alarm",
    "renew_hash_tree",
    "renew_stamps",
    "rotate_log_key",
    "stamp_what_waits",
]
