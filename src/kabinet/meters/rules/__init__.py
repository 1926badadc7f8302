"""What readings mean and on which days a meter counts: plain values in and out. Others import the names from here."""

from kabinet.meters.rules.metering import Meter, Outage, Reading, Scale
from kabinet.meters.rules.readings import (
    Consumption,
    ReadingWindow,
    consumption_m3,
    fits_dial,
    is_plausible,
    rollover_is_plausible,
    usual_volume_m3,
    window_for,
)

__all__ = [
    "Consumption",
    "Meter",
    "Outage",
    "Reading",
    "ReadingWindow",
    "Scale",
    "consumption_m3",
    "fits_dial",
    "is_plausible",
    "rollover_is_plausible",
    "usual_volume_m3",
    "window_for",
]
