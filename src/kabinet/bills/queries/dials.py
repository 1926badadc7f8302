"""What a dial is called on a bill."""

from kabinet.meters.models import Reading


def dial_name(reading: Reading) -> str:
    return scale_name(reading.meter.model_name, reading.meter.serial_number, reading.scale.name)


def scale_name(model_name: str, serial_number: str, scale_name: str) -> str:
    """Name a dial: «ВК-G4 № 0482117, день»."""
    meter = f"{model_name} № {serial_number}".strip()
    return f"{meter}, {scale_name}" if scale_name else meter
