"""Where allauth and Django's authentication are told how things are done here; nobody else imports their internals."""
