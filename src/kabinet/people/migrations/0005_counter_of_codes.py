from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_staff_roles"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signincounter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("cabinet", "Cabinet"),
                    ("device", "Device"),
                    ("address", "Address"),
                    ("site", "Site"),
                    ("letters", "Letters"),
                    ("letters-from", "Letters From"),
                    ("codes", "Codes"),
                ],
                max_length=12,
            ),
        ),
    ]
