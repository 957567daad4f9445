"""The acts on the directory, one public function per use case."""

from vanthu.organizations.operations.keep_calendar import confirm_calendar_day, load_calendar
from vanthu.organizations.operations.keep_posts import appoint, end_holding, open_first_administration
from vanthu.organizations.operations.know_outside import OutsideReport, know_outside
from vanthu.organizations.operations.load_directory import load_directory
from vanthu.organizations.operations.set_receiving import set_receiving_ability

__all__ = [
    "OutsideReport",
    "appoint",
    "confirm_calendar_day",
    "end_holding",
    "know_outside",
    "load_calendar",
    "load_directory",
    "open_first_administration",
    "set_receiving_ability",
]
