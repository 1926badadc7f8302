import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("action", models.CharField(max_length=60)),
                ("subject", models.CharField(blank=True, max_length=80)),
                ("supplier_id", models.BigIntegerField(null=True)),
                ("details", models.JSONField(default=dict)),
                ("ip", models.GenericIPAddressField(null=True)),
                ("request_id", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "verbose_name_plural": "entries",
                "indexes": [
                    models.Index(fields=["actor", "supplier_id", "-at", "-id"], name="audit_entry_by_actor"),
                    models.Index(fields=["action", "-at", "-id"], name="audit_entry_by_action"),
                    models.Index(fields=["subject", "-id"], name="audit_entry_by_subject"),
                    models.Index(fields=["supplier_id", "-at", "-id"], name="audit_entry_by_supplier"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_entry_id", models.BigIntegerField(unique=True)),
                ("entries", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
            ],
        ),
    ]
