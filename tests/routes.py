"""The named addresses of the portal, for tests that must not forget one."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

#: Staff and gateways come by these; customers never see them.
NOT_FOR_CUSTOMERS = {"admin", "hooks", "office"}


def customer_routes() -> dict[str, URLPattern]:
    """Give each pattern under its full name: `cabinet:charges`, `mfa_activate_totp`."""
    return {name: pattern for name, pattern in all_routes().items() if name.partition(":")[0] not in NOT_FOR_CUSTOMERS}


def routes_of(namespace: str) -> dict[str, URLPattern]:
    """Give each pattern of one site under its full name: `office:refund`."""
    return {name: pattern for name, pattern in all_routes().items() if name.startswith(f"{namespace}:")}


def all_routes() -> dict[str, URLPattern]:
    """Give each pattern of the portal under its full name."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{prefix}{pattern.name}", pattern
        else:
            yield from _walk(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
