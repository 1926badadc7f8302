"""The documents that leave the cabinet as files: one module each."""
