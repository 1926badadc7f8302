"""Users, registrations that wait, and what guards the door."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from kabinet.people.rules import rights
from kabinet.people.rules.addresses import canonical_email


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a confirmed user: for commands, the demonstration and tests. People register."""
        user = self.model(email=email, email_canonical=canonical_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email_canonical=canonical_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person whose address is confirmed. Letters go to ``email``; ``email_canonical`` only compares."""

    # Django's 128 are too few for a peppered Argon2id hash: 137.
    password = models.CharField(max_length=255)
    email = models.EmailField("E-mail", max_length=254, unique=True)
    email_canonical = models.CharField(max_length=320, unique=True, editable=False)
    surname = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    patronymic = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=12, blank=True, help_text="As people.rules.phones.kept_phone gives it.")
    language = models.CharField(max_length=5, default="ru")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    second_factor_declined_at = models.DateTimeField(null=True, help_text="When «Не сейчас» was pressed.")
    sessions_epoch = models.PositiveIntegerField(default=0, help_text="Adding one ends all sessions.")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        indexes = [models.Index(fields=["phone"], name="people_user_by_phone")]
        constraints = [
            models.CheckConstraint(condition=models.Q(phone__regex=r"^(\+7\d{10})?$"), name="people_user_phone_is_kept")
        ]

    def __str__(self) -> str:
        return f"user:{self.pk}"

    def get_full_name(self) -> str:
        return " ".join(part for part in (self.given_name, self.surname) if part)

    def set_password(self, raw_password: str | None) -> None:
        """Set a new password and end all sessions."""
        super().set_password(raw_password)
        self.sessions_epoch += 1

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Tie sessions to the epoch and not to the password's hash, which also changes when the pepper does."""
        return salted_hmac(
            "kabinet.people.session", f"{self.pk}|{self.sessions_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()


class Registration(models.Model):
    """Somebody who says that an address is theirs. Becomes a user when the link from the letter is pressed in time.

    version       a new link voids the old: one more each time
    browser_hash  of the browser that registered, in which one press confirms
    valid_until   the last day; ``expires_at`` is its end where the installation is
    """

    email = models.EmailField(max_length=254)
    email_canonical = models.CharField(max_length=320, db_index=True)
    password = models.CharField(max_length=255)
    language = models.CharField(max_length=5)
    version = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, blank=True)
    browser_hash = models.CharField(max_length=64)
    registered_at = models.DateTimeField()
    valid_until = models.DateField()
    expires_at = models.DateTimeField(db_index=True)
    letter_asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    disowned_at = models.DateTimeField(null=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")

    def __str__(self) -> str:
        return f"registration:{self.pk}"


class StaffRole(models.Model):
    """What a member of staff is at a supplier; what a role may do stands in ``people.rules.rights``.

    supplier  None: of the whole installation
    """

    class Role(models.TextChoices):
        OPERATOR = rights.OPERATOR, _("оператор")
        HELPDESK = rights.HELPDESK, _("справочная служба")
        MANAGER = rights.MANAGER, _("руководитель")
        ACCOUNTANT = rights.ACCOUNTANT, _("бухгалтер")
        SUPPORT = rights.SUPPORT, _("поддержка")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_roles", verbose_name=_("сотрудник"))
    supplier = models.ForeignKey(
        "suppliers.Supplier",
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("поставщик"),
    )
    role = models.CharField(_("роль"), max_length=12, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "supplier", "role"], nulls_distinct=False, name="people_staff_role_once"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(rights.OF_INSTALLATION), supplier__isnull=True)
                | (~models.Q(role__in=sorted(rights.OF_INSTALLATION)) & models.Q(supplier__isnull=False)),
                name="people_staff_role_has_its_place",
            ),
        ]
        verbose_name = _("роль сотрудника")
        verbose_name_plural = _("роли сотрудников")

    def __str__(self) -> str:
        return f"{self.role} {self.supplier_id or ''}"


class Invitation(models.Model):
    """A role that is offered to an address: confirmed by a second person where it takes two, accepted by its link.

    supplier    None: a role of the whole installation
    version     a new link voids the old: one more each time
    expires_at  when the link stops working; None while the second person has not decided, because none was sent
    user        who accepted it
    """

    supplier = models.ForeignKey("suppliers.Supplier", on_delete=models.CASCADE, related_name="+", null=True)
    role = models.CharField(max_length=12, choices=StaffRole.Role)
    email = models.EmailField(max_length=254)
    email_canonical = models.CharField(max_length=320)
    language = models.CharField(max_length=5, default="ru")
    version = models.PositiveIntegerField(default=0)
    token_hash = models.CharField(max_length=64, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    confirmed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email_canonical", "supplier", "role"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="people_invitation_waits_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(rights.OF_INSTALLATION), supplier__isnull=True)
                | (~models.Q(role__in=sorted(rights.OF_INSTALLATION)) & models.Q(supplier__isnull=False)),
                name="people_invitation_has_its_place",
            ),
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("invited_by")), name="people_invitation_two_people"
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=sorted(rights.TAKES_TWO))
                | models.Q(confirmed_by__isnull=False)
                | models.Q(accepted_at=None, expires_at=None),
                name="people_invitation_confirmed_first",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation:{self.pk}"

    @property
    def waits_for_second(self) -> bool:
        return self.role in rights.TAKES_TWO and self.confirmed_by_id is None


class Acceptance(models.Model):
    """A document that somebody accepted: which version, its hash, when and from where."""

    registration = models.ForeignKey(Registration, models.CASCADE, null=True, related_name="acceptances")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="acceptances")
    document = models.CharField(max_length=20, choices=[("agreement", "agreement"), ("consent", "consent")])
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(registration__isnull=False) | models.Q(user__isnull=False),
                name="people_acceptance_is_somebodys",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document}-{self.version}"


class SignInCounter(models.Model):
    """Tries of one kind for one key (a hash): in a row for a cabinet or a device, in a window of time for the rest."""

    class Kind(models.TextChoices):
        CABINET = "cabinet"
        DEVICE = "device"
        ADDRESS = "address"
        SITE = "site"
        LETTERS = "letters"
        LETTERS_FROM = "letters-from"
        CODES = "codes"

    kind = models.CharField(max_length=12, choices=Kind)
    key_hash = models.CharField(max_length=64)
    tries = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    window_started_at = models.DateTimeField()
    closed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key_hash"], name="people_counter_of_key")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.wrong} of {self.tries}"


class KnownDevice(models.Model):
    """A browser in which somebody signed in before, known by its cookie. ``token_hash`` is of the link «Это не я»."""

    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    device_hash = models.CharField(max_length=64)
    user_agent = models.CharField(max_length=300, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    first_seen_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "device_hash"], condition=models.Q(forgotten_at=None), name="people_device_known_once"
            )
        ]

    def __str__(self) -> str:
        return f"device:{self.pk}"


class DeviceCode(models.Model):
    """A code that was mailed because somebody signs in from a device that we have not seen."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"device-code:{self.pk}"


class PasswordReset(models.Model):
    """A link with which the owner of an address chooses a new password."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"password-reset:{self.pk}"


class EmailChange(models.Model):
    """A change of address: confirmed from the new one by a link, told to the old one, which has days to undo it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    old_email = models.EmailField(max_length=254)
    new_email = models.EmailField(max_length=254)
    token_hash = models.CharField(max_length=64, blank=True)
    undo_hash = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    voided_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"email-change:{self.pk}"


class UsedAnswer(models.Model):
    """An answer to the robot check that has been spent; kept until it would have expired."""

    key_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"used-answer:{self.pk}"
