"""The named addresses of the portal, for tests that must not forget one."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

#: Staff and gateways come by these; customers never see them.
NOT_FOR_CUSTOMERS = {"admin", "hooks"}


def customer_routes() -> dict[str, URLPattern]:
    """Give each pattern under its full name: `cabinet:charges`, `mfa_activate_totp`."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{prefix}{pattern.name}", pattern
        elif pattern.namespace not in NOT_FOR_CUSTOMERS:
            yield from _walk(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
