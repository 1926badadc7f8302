from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_whole_life_of_money")]

    operations = [
        migrations.CreateModel(
            name="NightCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("check_ledger", "Книга сходится до копейки"),
                            ("reconcile", "Вчерашний день сверен с платёжными системами"),
                            ("payments_stuck", "Ничего не ждёт дольше положенного"),
                        ],
                        max_length=20,
                        verbose_name="проверка",
                    ),
                ),
                ("night", models.DateField(verbose_name="ночь")),
                ("ran_at", models.DateTimeField(verbose_name="прошла")),
                ("is_good", models.BooleanField(verbose_name="всё хорошо")),
                ("found_count", models.PositiveIntegerField(default=0, verbose_name="найдено")),
                ("details", models.TextField(blank=True, verbose_name="что найдено")),
            ],
            options={
                "verbose_name": "ночная проверка",
                "verbose_name_plural": "ночные проверки",
                "ordering": ["-night", "name"],
                "constraints": [models.UniqueConstraint(fields=("name", "night"), name="night_check_once")],
            },
        ),
        migrations.AddField(
            model_name="reconciliationday",
            name="has_list",
            field=models.BooleanField(default=False, verbose_name="список получен"),
        ),
        migrations.AddField(
            model_name="reconciliationday",
            name="note",
            field=models.CharField(blank=True, max_length=250, verbose_name="почему закрыт"),
        ),
        migrations.RemoveConstraint(model_name="dayline", name="day_line_once"),
        migrations.AddField(
            model_name="dayline",
            name="kind",
            field=models.CharField(
                choices=[("payment", "платёж"), ("refund", "возврат"), ("chargeback", "отзыв банком")],
                default="payment",
                max_length=12,
                verbose_name="вид",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="dayline",
            constraint=models.UniqueConstraint(
                fields=("supplier", "reconciliation_day", "finding", "kind", "subject"), name="day_line_once"
            ),
        ),
        migrations.AlterField(
            model_name="dayline",
            name="finding",
            field=models.CharField(
                choices=[
                    ("theirs_ours", "есть у них, наш по номеру: учтён"),
                    ("theirs_foreign", "есть у них, нашего платежа нет"),
                    ("only_ours", "есть у нас, у них нет"),
                    ("amount", "суммы различаются"),
                    ("fee", "комиссия различается"),
                    ("doubled", "у них дважды"),
                    ("other_day", "у них другим днём"),
                    ("one_source", "есть только в списке или только в реестре"),
                    ("refund_unasked", "возврат, о котором мы не просили"),
                    ("chargeback", "банк отозвал платёж"),
                ],
                max_length=16,
                verbose_name="что не так",
            ),
        ),
    ]
