"""Meters are found by a part of their serial number."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from kabinet.meters.models import SerialKey


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_search"), ("meters", "0001_initial")]

    operations = [
        migrations.AddIndex(
            "meter", GinIndex(OpClass(SerialKey(), "gin_trgm_ops"), fastupdate=False, name="meter_by_serial")
        ),
    ]
