"""Meters and what they show.

Owns meters (приборы учёта), their scales and the readings of each scale. Always true: a reading is never edited, only
its status changes; the volume of an accepted reading is the consumption since the accepted reading before it, so the
volumes of a scale add up to what has gone through the meter; a reading belongs to the end of its day.
"""
