import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("suppliers", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("password", models.CharField(max_length=255)),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="E-mail")),
                ("email_canonical", models.CharField(editable=False, max_length=320, unique=True)),
                ("surname", models.CharField(blank=True, max_length=100)),
                ("given_name", models.CharField(blank=True, max_length=100)),
                ("patronymic", models.CharField(blank=True, max_length=100)),
                (
                    "phone",
                    models.CharField(
                        blank=True, help_text="As people.rules.phones.kept_phone gives it.", max_length=12
                    ),
                ),
                ("language", models.CharField(default="ru", max_length=5)),
                ("is_staff", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "second_factor_declined_at",
                    models.DateTimeField(help_text="When «Не сейчас» was pressed.", null=True),
                ),
                ("sessions_epoch", models.PositiveIntegerField(default=0, help_text="Adding one ends all sessions.")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["phone"], name="people_user_by_phone")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("phone__regex", "^(\\+7\\d{10})?$")), name="people_user_phone_is_kept"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("email_canonical", models.CharField(db_index=True, max_length=320)),
                ("password", models.CharField(max_length=255)),
                ("language", models.CharField(max_length=5)),
                ("version", models.PositiveIntegerField(default=1)),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("browser_hash", models.CharField(max_length=64)),
                ("registered_at", models.DateTimeField()),
                ("valid_until", models.DateField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("letter_asked_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("disowned_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StaffRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_roles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="сотрудник",
                    ),
                ),
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
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("operator", "оператор"),
                            ("helpdesk", "справочная служба"),
                            ("manager", "руководитель"),
                            ("accountant", "бухгалтер"),
                            ("support", "поддержка"),
                        ],
                        max_length=12,
                        verbose_name="роль",
                    ),
                ),
            ],
            options={
                "verbose_name": "роль сотрудника",
                "verbose_name_plural": "роли сотрудников",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "supplier", "role"), name="people_staff_role_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role__in", ["helpdesk", "operator"]), ("supplier__isnull", True)),
                            models.Q(
                                models.Q(("role__in", ["helpdesk", "operator"]), _negated=True),
                                ("supplier__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="people_staff_role_has_its_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "registration",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acceptances",
                        to="people.registration",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acceptances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.CharField(choices=[("agreement", "agreement"), ("consent", "consent")], max_length=20),
                ),
                ("version", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("accepted_at", models.DateTimeField()),
                ("ip", models.GenericIPAddressField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("registration__isnull", False), ("user__isnull", False), _connector="OR"),
                        name="people_acceptance_is_somebodys",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
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
                ("key_hash", models.CharField(max_length=64)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("wrong", models.PositiveIntegerField(default=0)),
                ("window_started_at", models.DateTimeField()),
                ("closed_until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "key_hash"), name="people_counter_of_key")],
            },
        ),
        migrations.CreateModel(
            name="KnownDevice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="devices", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("device_hash", models.CharField(max_length=64)),
                ("user_agent", models.CharField(blank=True, max_length=300)),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("first_seen_at", models.DateTimeField()),
                ("forgotten_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("forgotten_at", None)),
                        fields=("user", "device_hash"),
                        name="people_device_known_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeviceCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("wrong", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PasswordReset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("voided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="EmailChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("old_email", models.EmailField(max_length=254)),
                ("new_email", models.EmailField(max_length=254)),
                ("token_hash", models.CharField(blank=True, max_length=64)),
                ("undo_hash", models.CharField(blank=True, max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("voided_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("undo_until", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="UsedAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
