"""A paper as an answer: opened by the browser under a name of its own."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def pdf_document(content: bytes, filename: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=False, filename=filename)
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": disposition or "inline"}
    )
