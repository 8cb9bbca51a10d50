"""The staff's side of the codes: the counter, the receivers, and what was recorded there."""

from qrcodes.counter.admin.receivers import ReceiverAdmin
from qrcodes.counter.admin.records import CodeAdmin, LookAdmin, PickupAdmin, ReceiverEventAdmin

__all__ = ["CodeAdmin", "LookAdmin", "PickupAdmin", "ReceiverAdmin", "ReceiverEventAdmin"]
