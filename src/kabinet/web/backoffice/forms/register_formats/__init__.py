"""How a supplier's file is written, as forms: its shape, then which column of it is which field."""

from kabinet.web.backoffice.forms.register_formats.chosen import profile_of
from kabinet.web.backoffice.forms.register_formats.columns import FileColumn, columns_of
from kabinet.web.backoffice.forms.register_formats.meaning import MeaningForm
from kabinet.web.backoffice.forms.register_formats.shape import ShapeForm

__all__ = ["FileColumn", "MeaningForm", "ShapeForm", "columns_of", "profile_of"]
