"""The mailbox page: every letter that the demonstration has sent, open to whoever is on this machine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from demo import mailbox


@require_safe
def mailbox_list(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/mailbox_list.html", {"letters": mailbox.letters()})


@require_safe
def mailbox_letter(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "demo/mailbox_letter.html", {"letter": mailbox.letter(name)})


@require_safe
def mailbox_file(request: HttpRequest, name: str, position: int) -> HttpResponse:
    """Hand over an attached file, never shown in place: a letter may bring anything."""
    file = mailbox.attached_file(name, position)
    disposition = content_disposition_header(as_attachment=True, filename=file.filename)
    return HttpResponse(
        file.content, content_type=file.media_type, headers={"Content-Disposition": disposition or "attachment"}
    )
