"""Gate, associate, filter, start, coast and end: scans in, a picture out."""

from skykeep.tracking.manual import OrderBook
from skykeep.tracking.settings import TrackerSettings
from skykeep.tracking.table import tabulate
from skykeep.tracking.tracker import Tracker
from skykeep.tracking.warm import warm_up

__all__ = ["OrderBook", "Tracker", "TrackerSettings", "tabulate", "warm_up"]
