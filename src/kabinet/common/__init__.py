"""Ground that every app stands on: money, exact fields, months, days, refusals, transactions. Knows nothing of gas."""
