import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kabinet.common.db
import kabinet.common.fields
from kabinet.common.db import CompositeForeignKey


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_residents_by_date"),
        ("charges", "0003_accrual"),
        ("suppliers", "0002_calendar"),
        ("support", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="about_charge",
            field=kabinet.common.db.SupplierForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="charges.charge",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="about_period",
            field=kabinet.common.fields.MonthField(blank=True, null=True, verbose_name="за месяц"),
        ),
        migrations.AddField(
            model_name="question",
            name="attachment",
            field=models.JSONField(blank=True, null=True, verbose_name="приложено"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("about_charge__isnull", True), ("about_period__isnull", True), ("attachment__isnull", True)
                    ),
                    models.Q(
                        ("about_period__isnull", False), ("account__isnull", False), ("attachment__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="question_about_charges",
            ),
        ),
        CompositeForeignKey("support_question", "about_charge_id", "charges_charge"),
    ]
