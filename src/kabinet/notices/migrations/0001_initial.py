import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kabinet.common.db
from kabinet.common.db import CompositeForeignKey, UniquePair


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("suppliers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LettersDeclined",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("declined_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=120, verbose_name="тема")),
                ("text", models.TextField(max_length=4000, verbose_name="текст")),
                ("audience", models.JSONField(default=dict, verbose_name="кому")),
                ("has_letter", models.BooleanField(default=True, verbose_name="письмом")),
                ("has_banner", models.BooleanField(default=False, verbose_name="в кабинете")),
                ("shown_from", models.DateField(blank=True, null=True, verbose_name="показывать с")),
                ("shown_until", models.DateField(blank=True, null=True, verbose_name="показывать до")),
                ("is_mandatory", models.BooleanField(default=False, verbose_name="обязательное")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "черновик"),
                            ("sending", "рассылается"),
                            ("sent", "отправлено"),
                            ("stopped", "остановлено"),
                        ],
                        default="draft",
                        max_length=8,
                        verbose_name="состояние",
                    ),
                ),
                ("written_at", models.DateTimeField(verbose_name="написано")),
                ("request_id", models.UUIDField(editable=False)),
                ("sending_since", models.DateTimeField(blank=True, null=True, verbose_name="отправка начата")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="отправлено")),
                ("handled_up_to", models.BigIntegerField(default=0)),
                ("accounts_count", models.PositiveIntegerField(default=0, verbose_name="счетов")),
                ("letters_count", models.PositiveIntegerField(default=0, verbose_name="писем")),
                (
                    "sent_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.supplier",
                        verbose_name="поставщик",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "уведомление",
                "verbose_name_plural": "уведомления",
                "indexes": [
                    models.Index(
                        condition=models.Q(("has_banner", True)),
                        fields=["supplier", "shown_until"],
                        name="notice_shown",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "request_id"), name="notice_request"),
                    models.CheckConstraint(
                        condition=models.Q(("has_letter", True), ("has_banner", True), _connector="OR"),
                        name="notice_goes_some_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("has_banner", False), ("shown_from__isnull", True), ("shown_until__isnull", True)
                            ),
                            models.Q(
                                ("has_banner", True),
                                ("shown_from__isnull", False),
                                ("shown_until__gt", models.F("shown_from")),
                            ),
                            _connector="OR",
                        ),
                        name="notice_banner_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sending_since__isnull", True), ("state", "draft")),
                            models.Q(models.Q(("state", "draft"), _negated=True), ("sending_since__isnull", False)),
                            _connector="OR",
                        ),
                        name="notice_sent_since",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    kabinet.common.db.SupplierForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "notice",
                    kabinet.common.db.SupplierForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.notice",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.supplier",
                        verbose_name="поставщик",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "notice", "account"), name="notice_account_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    kabinet.common.db.SupplierForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.notice",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="suppliers.supplier",
                        verbose_name="поставщик",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "notice", "user"), name="notice_letter_once")
                ],
            },
        ),
        UniquePair("notices_notice"),
        CompositeForeignKey("notices_noticeaccount", "notice_id", "notices_notice"),
        CompositeForeignKey("notices_noticeaccount", "account_id", "accounts_account"),
        CompositeForeignKey("notices_noticeletter", "notice_id", "notices_notice"),
    ]
