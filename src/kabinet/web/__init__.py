"""How people and programs reach us. Nothing is decided here."""
