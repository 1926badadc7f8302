"""The calls of API v3, by what they are about: each file lists its own as (method, path, view) in `CALLS`.

A view of GET is given the query, one of POST the body that was read; what stands in braces in the path is an argument.
"""
