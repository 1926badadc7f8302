"""Read meters, readings and consumption, a file for each thought. Others import the names from here."""

from kabinet.meters.queries.cards import MeterCard, ScaleCard, account_id_of_meter, meter_card, meters_of_account
from kabinet.meters.queries.metering import known_outages, known_since, metering_of, outages_of
from kabinet.meters.queries.office import OutageRow, outage_reasons, outage_rows, reading_row
from kabinet.meters.queries.readings import (
    MonthVolume,
    ReadingRow,
    is_read_after,
    latest_accepted,
    meter_opened_by_request,
    monthly_consumption,
    monthly_consumption_of,
    months_until,
    reading_by_request,
    reading_history,
    reading_window,
    usual_volume_m3,
)

__all__ = [
    "MeterCard",
    "MonthVolume",
    "OutageRow",
    "ReadingRow",
    "ScaleCard",
    "account_id_of_meter",
    "is_read_after",
    "known_outages",
    "known_since",
    "latest_accepted",
    "meter_card",
    "meter_opened_by_request",
    "metering_of",
    "meters_of_account",
    "monthly_consumption",
    "monthly_consumption_of",
    "months_until",
    "outage_reasons",
    "outage_rows",
    "outages_of",
    "reading_by_request",
    "reading_history",
    "reading_row",
    "reading_window",
    "usual_volume_m3",
]
