"""Meters and what they show.

Owns meters (приборы учёта), their scales, the readings of each scale and the days on which a meter does not count.
Always true: the number and the day of a reading never change, only whether it counts; the volume of an accepted reading
is the consumption since the accepted reading before it, so the volumes of a scale add up to what has gone through the
meter; a reading belongs to the end of its day.
"""
