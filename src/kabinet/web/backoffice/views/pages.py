"""What the lists have in common: which page is asked for, and the addresses of its neighbours."""

from django.http import HttpRequest


def page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isdecimal() and len(text) < 4 else 1


def neighbours(request: HttpRequest, *, newer: int | None, older: int | None) -> dict[str, str]:
    """Give the addresses of the newer and the older page, with the same filter."""

    def address(number: int | None) -> str:
        if number is None:
            return ""
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {"newer_url": address(newer), "older_url": address(older)}
