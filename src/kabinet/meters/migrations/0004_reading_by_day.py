from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meters", "0003_readings_that_wait")]

    operations = [
        migrations.AddIndex(
            model_name="reading", index=BrinIndex("taken_on", name="reading_by_day", autosummarize=True)
        ),
    ]
