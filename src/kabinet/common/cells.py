"""Cells of files that people open in a spreadsheet."""

#: A spreadsheet takes a cell that begins so for a formula, and runs it; some turn full-width twins into plain ones.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def defuse(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula. Only for texts: a number may begin with its minus.

    Source: OWASP, CSV injection; ASVS 5.0, 1.2.10.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text
