from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meters", "0002_search")]

    operations = [
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(
                condition=models.Q(("status", "questionable")),
                fields=["supplier", "submitted_at"],
                name="reading_waiting",
            ),
        ),
    ]
