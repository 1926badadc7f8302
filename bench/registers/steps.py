"""`python -m bench.registers.steps upload FILE | approve`: what starts work on a file; a worker does it."""

import datetime as dt
import json
import sys
from pathlib import Path

import django


def main() -> None:
    """Print the register's id, or the code of the refusal."""
    django.setup()
    from bench.registers.profile import profile_of  # noqa: PLC0415 - settings first
    from kabinet.common.errors import Refusal  # noqa: PLC0415
    from kabinet.registers.models import Register  # noqa: PLC0415
    from kabinet.registers.usecases.approve_register import approve_register  # noqa: PLC0415
    from kabinet.registers.usecases.read_register import read_register  # noqa: PLC0415
    from kabinet.registers.usecases.upload_register import upload_register  # noqa: PLC0415
    from kabinet.suppliers.models import Supplier  # noqa: PLC0415

    supplier = Supplier.objects.get(code="bench")
    now = dt.datetime.now(dt.UTC)
    try:
        if sys.argv[1] == "upload":
            file = Path(sys.argv[2])
            with file.open("rb") as opened:
                register = upload_register(
                    supplier_id=supplier.id, kind=file.stem, file_name=file.name, file=opened, actor=None, now=now
                )
            read_register(
                supplier_id=supplier.id,
                register_id=register.id,
                profile=profile_of(file),
                profile_name="bench",
                actor=None,
                now=now,
            )
        else:
            checked = Register.objects.get(supplier=supplier, state=Register.State.CHECKED)
            register = approve_register(
                supplier_id=supplier.id, register_id=checked.id, note="a fault test", actor=None, now=now
            )
    except Refusal as refusal:
        json.dump({"refused": refusal.code}, sys.stdout)
    else:
        json.dump({"register": register.id}, sys.stdout)


if __name__ == "__main__":
    main()
