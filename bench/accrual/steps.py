"""`python -m bench.accrual.steps start|release`: what people do about October of the world; a worker does the rest."""

import json
import sys

import django

from bench.accrual.run import NOW


def main() -> None:
    """Print the run's id, or the code of the refusal."""
    django.setup()
    from kabinet.charges.models import AccrualRun  # noqa: PLC0415 - settings first
    from kabinet.charges.usecases.check_accrual import check_accrual  # noqa: PLC0415
    from kabinet.charges.usecases.release_accrual import release_accrual  # noqa: PLC0415
    from kabinet.charges.usecases.start_accrual import start_accrual  # noqa: PLC0415
    from kabinet.common.errors import Refusal  # noqa: PLC0415
    from kabinet.common.month import Month  # noqa: PLC0415
    from kabinet.people.models import StaffRole, User  # noqa: PLC0415
    from kabinet.people.rules import rights  # noqa: PLC0415
    from kabinet.suppliers.models import Supplier  # noqa: PLC0415

    supplier = Supplier.objects.get(code="bench")
    try:
        if sys.argv[1] == "start":
            run = start_accrual(supplier_id=supplier.id, period=Month(2026, 10), actor=None, now=NOW)
        else:
            accountant = User.objects.create(email="accountant@example.org", is_staff=True)
            StaffRole.objects.create(user=accountant, supplier=supplier, role=rights.ACCOUNTANT)
            ready = AccrualRun.objects.get(supplier=supplier, state=AccrualRun.State.READY)
            email = "checker@example.org"
            checker = User.objects.create(email=email, email_canonical=email, is_staff=True)
            StaffRole.objects.create(user=checker, supplier=supplier, role=rights.ACCOUNTANT)
            check_accrual(supplier_id=supplier.id, run_id=ready.id, actor=checker, now=NOW)
            run = release_accrual(supplier_id=supplier.id, run_id=ready.id, actor=accountant, now=NOW)
    except Refusal as refusal:
        json.dump({"refused": refusal.code}, sys.stdout)
    else:
        json.dump({"run": run.id}, sys.stdout)


if __name__ == "__main__":
    main()
