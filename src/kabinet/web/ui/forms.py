"""The form that every screen uses: it checks shape, and shows a use-case's refusal where it belongs."""

from django import forms

from kabinet.common.errors import Refusal


class Form(forms.Form):
    """A plain form that can also take a "no" from a use-case."""

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal beside its field, or on top when it concerns the whole form or a field that is not here."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, forms.ValidationError(str(refusal), code=refusal.code))
