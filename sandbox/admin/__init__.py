"""The other side of every invariant, and the hands of a tester: JSON under /sandbox on a port of its own.

Each file lists its calls as (method, path, view) in `CALLS`; a view is given the desk, the request and what stands in
braces in the path, and gives what is answered.
"""

from sandbox.admin.app import Admin

__all__ = ["Admin"]
