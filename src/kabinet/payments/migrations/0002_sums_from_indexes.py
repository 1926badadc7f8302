from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="payment", name="payment_of_day"),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("state", "paid")),
                fields=["supplier", "shop", "paid_at"],
                include=["amount_rub"],
                name="payment_of_day",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["supplier", "-amount_rub", "-id"], name="payment_greatest_first"),
        ),
        migrations.AddIndex(
            model_name="payment", index=models.Index(fields=["-created_at", "-id"], name="payment_newest_of_all")
        ),
        migrations.AddIndex(
            model_name="payment", index=models.Index(fields=["-amount_rub", "-id"], name="payment_greatest_of_all")
        ),
    ]
