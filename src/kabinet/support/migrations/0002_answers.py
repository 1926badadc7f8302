import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("suppliers", "0001_initial"),
        ("support", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="state",
            field=models.CharField(
                choices=[("waiting", "ждёт ответа"), ("answered", "есть ответ"), ("closed", "закрыто")],
                default="waiting",
                max_length=8,
                verbose_name="состояние",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="assignee",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="занимается",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="ответить до"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["supplier", "due_on"], name="question_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_on__isnull", False), ("state", "waiting")),
                    models.Q(models.Q(("state", "waiting"), _negated=True), ("due_on__isnull", True)),
                    _connector="OR",
                ),
                name="question_due_while_it_waits",
            ),
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "question",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="support.question",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customer", "абонент"),
                            ("staff", "поддержка"),
                            ("note", "заметка для сотрудников"),
                        ],
                        max_length=8,
                        verbose_name="кто говорит",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="текст")),
                ("request_id", models.UUIDField(editable=False)),
                ("sent_at", models.DateTimeField(verbose_name="отправлено")),
            ],
            options={
                "verbose_name": "сообщение обращения",
                "verbose_name_plural": "сообщения обращений",
                "ordering": ["sent_at", "id"],
                "indexes": [models.Index(fields=["author", "sent_at"], name="question_message_of_author")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("question"), models.F("request_id"), name="question_message_request"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="suppliers.supplier",
                        verbose_name="поставщик",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="название")),
                ("text", models.TextField(max_length=4000, verbose_name="ответ")),
            ],
            options={
                "verbose_name": "готовый ответ",
                "verbose_name_plural": "готовые ответы",
                "ordering": ["title"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "title"), name="answer_template_title", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
