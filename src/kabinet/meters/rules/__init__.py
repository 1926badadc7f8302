"""What readings mean and on which days a meter counts: plain values in and out. Others import the names from here."""

from kabinet.meters.rules.metering import (
    FAULTY,
    REMOVED,
    SEAL_DAMAGED,
    UNVERIFIED,
    Meter,
    NewMeter,
    NewScale,
    Outage,
    Reading,
    Scale,
    with_first_days,
)
from kabinet.meters.rules.outages import KnownOutages, expired_days, outage_days, outage_on
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
    "FAULTY",
    "REMOVED",
    "SEAL_DAMAGED",
    "UNVERIFIED",
    "Consumption",
    "KnownOutages",
    "Meter",
    "NewMeter",
    "NewScale",
    "Outage",
    "Reading",
    "ReadingWindow",
    "Scale",
    "consumption_m3",
    "expired_days",
    "fits_dial",
    "is_plausible",
    "outage_days",
    "outage_on",
    "rollover_is_plausible",
    "usual_volume_m3",
    "window_for",
    "with_first_days",
]
