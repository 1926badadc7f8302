"""Find a customer by whatever they say.

What is typed is sent by POST and kept in the session for the way back from a card: an address of a page says nothing of
a person, because addresses reach logs and histories of browsers.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kabinet.meters.queries.search import find_customers
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.customers import CustomerForm

TYPED = "office-customer"


@office("customers", rights.SEE_CUSTOMERS)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Find accounts; the only one is opened at once."""
    if request.method == "POST":
        form = CustomerForm(request.POST)
        if not form.is_valid():
            return render(request, "office/customer_list.html", {"form": form}, status=422)
        request.session[TYPED] = text = form.cleaned_data["text"]
        accounts = find_customers(text, visible_to=request.user).accounts
        if len(accounts) == 1:
            return redirect("office:account", accounts[0].supplier_id, accounts[0].id)
        return redirect("office:customers")
    text = request.session.get(TYPED, "")
    found = find_customers(text, visible_to=request.user)
    page = {
        "form": CustomerForm(initial={"text": text}),
        "text": text,
        "found": found,
        "has_suppliers": len({account.supplier_id for account in found.accounts}) > 1,
    }
    return render(request, "office/customer_list.html", page)
