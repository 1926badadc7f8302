"""Who may enter: views of the signed-in customer carry this door."""

from django.contrib.auth.decorators import login_required

signed_in = login_required(login_url="cabinet:sign_in")
