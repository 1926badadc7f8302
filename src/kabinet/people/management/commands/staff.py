"""`./kabinet manage staff`: who of the people is staff, and in which role."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kabinet.common.errors import Refusal
from kabinet.people.models import StaffRole, User
from kabinet.people.usecases.forget_second_factor import forget_second_factor
from kabinet.people.usecases.grant_role import grant_role
from kabinet.people.usecases.withdraw_role import withdraw_role


class Command(BaseCommand):
    help = "List the staff; with an address and a role give that role, or take it away."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email", nargs="?", help="of a confirmed cabinet; without it everybody is listed")
        parser.add_argument("--role", choices=StaffRole.Role.values)
        parser.add_argument("--supplier", metavar="CODE", help="where; operators and the help desk are everywhere")
        parser.add_argument(
            "--forget-second-factor",
            action="store_true",
            help="of somebody who has lost the phone and the codes: first make sure who asks",
        )
        parser.add_argument("--withdraw", action="store_true", help="take the role away")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["email"]:
            self._change(options)
        for role in StaffRole.objects.select_related("user", "supplier").order_by("user__email", "role"):
            self.stdout.write(
                f"{role.user.email}  {role.role}  {role.supplier.code if role.supplier else 'everywhere'}"
            )

    def _change(self, options: dict[str, Any]) -> None:
        email, role, code, now = options["email"], options["role"], options["supplier"], timezone.now()
        if options["forget_second_factor"]:
            try:
                forget_second_factor(email=email, now=now)
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write("The second factor is forgotten; a link for a new password is on its way.")
            return
        if not role:
            raise CommandError("Which role? Give --role.")
        supplier = StaffRole.supplier.field.related_model._default_manager.filter(code=code).first()
        if code and supplier is None:
            raise CommandError(f"There is no supplier {code}.")
        supplier_id = supplier.pk if supplier else None
        if options["withdraw"]:
            user = User.objects.filter(email=email).first()
            if user is None:
                raise CommandError(f"There is nobody with the address {email}.")
            withdraw_role(user_id=user.pk, role=role, supplier_id=supplier_id, actor=None, now=now)
            return
        try:
            grant_role(email=email, role=role, supplier_id=supplier_id, actor=None, now=now)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
