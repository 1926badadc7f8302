"""A paper as an answer: opened by the browser under a name of its own."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from typst import TypstError

log = structlog.get_logger(__name__)


def pdf_document(request: HttpRequest, typeset: Callable[[], bytes], filename: str) -> HttpResponse:
    """Answer with a PDF; one that the typesetter gives up on is our defect, and the page says what to do instead."""
    try:
        content = typeset()
    except TypstError:
        log.exception("paper_not_made", path=request.path)
        return render(request, "cabinet/document_not_made.html", status=503)
    disposition = content_disposition_header(as_attachment=False, filename=filename)
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": disposition or "inline"}
    )
