"""A picture that not everybody may see, as an answer."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def private_picture(content: bytes, filename: str) -> HttpResponse:
    """Send a JPEG of our own making: shown, not guessed at, and nothing in it is ever run or framed.

    Nobody keeps a copy on the way: ``web.middleware.answers`` says so of every page of who is signed in.
    """
    disposition = content_disposition_header(as_attachment=False, filename=filename)
    return HttpResponse(
        content,
        content_type="image/jpeg",
        headers={
            "Content-Disposition": disposition or "inline",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
