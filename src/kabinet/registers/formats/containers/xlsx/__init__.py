"""A workbook of Excel (Office Open XML): one sheet, read as a stream.

Written by us, because what there is holds a sheet as a full rectangle in memory (one cell in the last corner makes it
tens of gigabytes) and gives a formula's last value for a value: docs/adr/0166.
"""

from kabinet.registers.formats.containers.xlsx.workbook import Workbook

__all__ = ["Workbook"]
