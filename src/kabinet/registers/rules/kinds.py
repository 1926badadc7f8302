"""What a register is about, and what a line of it may hold. What people call a field stands in ``formats.labels``."""

from collections.abc import Mapping
from dataclasses import dataclass

TEXT = "text"  # names, addresses, models
NUMBER = "number"  # of a лицевой счёт: text, with its zeros
IDENTIFIER = "identifier"  # serial numbers, seals, numbers of operations: text
MONEY = "money"  # roubles, or kopecks when the profile says so; may be below zero
PRICE = "price"  # roubles per m³, five places
VOLUME = "volume"  # m³, three places; a dial's value too
AREA = "area"  # m², two places
COUNT = "count"  # a whole number, not below zero
DATE = "date"
MONTH = "month"
TYPES = (TEXT, NUMBER, IDENTIFIER, MONEY, PRICE, VOLUME, AREA, COUNT, DATE, MONTH)
#: Types that are written with a decimal mark.
DECIMAL_TYPES = frozenset({MONEY, PRICE, VOLUME, AREA})


@dataclass(frozen=True)
class Field:
    """A value of a line: its name, one of TYPES, and whether a line without it is refused."""

    name: str
    type: str
    required: bool = False


@dataclass(frozen=True)
class Kind:
    """changes_money: such a file is applied by another person than the one who brought it."""

    code: str
    fields: tuple[Field, ...]
    changes_money: bool = False

    def field(self, name: str) -> Field:
        """Raises KeyError for a field that lines of this kind do not have."""
        return _BY_NAME[self.code][name]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.required)


ACCOUNTS = Kind(
    "accounts",
    (
        Field("number", NUMBER, required=True),
        Field("surname", TEXT),
        Field("given_name", TEXT),
        Field("patronymic", TEXT),
        Field("full_name", TEXT),
        Field("postcode", IDENTIFIER),
        Field("locality", TEXT),
        Field("street_address", TEXT),
        Field("flat", TEXT),
        Field("address", TEXT),
        Field("residents_count", COUNT),
        Field("area_m2", AREA),
        Field("opened_on", DATE),
        Field("closed_on", DATE),
        Field("usage_purpose_code", IDENTIFIER),
        Field("region_code", IDENTIFIER),
    ),
)
BALANCES = Kind(
    "balances",
    (
        Field("number", NUMBER, required=True),
        Field("service_code", IDENTIFIER),
        Field("balance_rub", MONEY, required=True),
        Field("on", DATE),
    ),
    changes_money=True,
)
CHARGES = Kind(
    "charges",
    (
        Field("number", NUMBER, required=True),
        Field("service_code", IDENTIFIER),
        Field("period", MONTH, required=True),
        Field("volume_m3", VOLUME),
        Field("price_rub_per_m3", PRICE),
        Field("previous_m3", VOLUME),
        Field("current_m3", VOLUME),
        Field("amount_rub", MONEY, required=True),
        Field("opening_rub", MONEY),
        Field("paid_rub", MONEY),
        Field("closing_rub", MONEY),
    ),
    changes_money=True,
)
METERS = Kind(
    "meters",
    (
        Field("number", NUMBER, required=True),
        Field("serial_number", IDENTIFIER, required=True),
        Field("model_name", TEXT),
        Field("digits", COUNT),
        Field("installed_on", DATE),
        Field("removed_on", DATE),
        Field("verification_due_on", DATE),
        Field("seal_number", IDENTIFIER),
        Field("zone", IDENTIFIER),
        Field("value_m3", VOLUME),
        Field("taken_on", DATE),
    ),
)
READINGS = Kind(
    "readings",
    (
        Field("number", NUMBER, required=True),
        Field("serial_number", IDENTIFIER),
        Field("zone", IDENTIFIER),
        Field("value_m3", VOLUME, required=True),
        Field("taken_on", DATE, required=True),
    ),
)
PAYMENTS = Kind(
    "payments",
    (
        Field("number", NUMBER, required=True),
        Field("service_code", IDENTIFIER),
        Field("amount_rub", MONEY, required=True),
        Field("operation_id", IDENTIFIER, required=True),
        Field("paid_on", DATE, required=True),
        Field("our_payment_id", IDENTIFIER),
        Field("payer", TEXT),
        Field("note", TEXT),
    ),
    changes_money=True,
)
KINDS: Mapping[str, Kind] = {kind.code: kind for kind in (ACCOUNTS, BALANCES, CHARGES, METERS, READINGS, PAYMENTS)}
_BY_NAME = {code: {field.name: field for field in kind.fields} for code, kind in KINDS.items()}
