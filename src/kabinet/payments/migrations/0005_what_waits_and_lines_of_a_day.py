from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_payments_that_need_a_person")]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("state__in", ("intended", "open", "held"))),
                fields=["state", "created_at"],
                name="payment_unsettled",
            ),
        ),
        migrations.AddIndex(
            model_name="gatewaystatementline",
            index=models.Index(fields=["supplier", "captured_at"], name="statement_line_moment"),
        ),
    ]
