"""What the browser is answered: pages that are shut to scripts and frames, and redirects."""

import urllib.parse

from sandbox.http_server import Response
from sandbox.page.html import Html, render

# How long a notification waits so that the browser is back at the shop first.
HEAD_START_MS = 1000


def page(*, title: str, content: Html, leads_to: tuple[str, ...] = (), status: int = 200) -> Response:
    """A page.

    leads_to  addresses of the shop to which a form of the page may redirect
    """
    # Browsers hold the redirect that follows a form to `form-action` too, so the shop's own sites have to be named.
    shops = [urllib.parse.urlsplit(url) for url in leads_to if url]
    form_action = " ".join(dict.fromkeys(["'self'", *(f"{shop.scheme}://{shop.netloc}" for shop in shops)]))
    return Response(
        render("layout", title=title, content=content).encode(),
        status=status,
        content_type="text/html; charset=utf-8",
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'self'; img-src data:; form-action {form_action};"
                " base-uri 'none'; frame-ancestors 'none'"
            ),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )


def missing() -> Response:
    return page(title="Нет такого платежа", content=render("missing"), status=404)


def forged(address: str) -> Response:
    """The answer to a form that did not come from our page; `address` is where that page is."""
    return page(title="Форма устарела", content=render("forged", address=address), status=403)


def link(template: str, address: str) -> Html:
    """A link of the shop's, where it gave an address."""
    return render(template, address=address) if address else Html()


def redirect(address: str) -> Response:
    return Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
