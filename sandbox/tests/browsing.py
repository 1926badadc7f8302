"""A browser without scripts that follows no redirects."""

import http.client
import re
import urllib.parse
from dataclasses import dataclass


@dataclass
class Screen:
    """What a browser got."""

    status: int
    html: str
    headers: http.client.HTTPMessage

    @property
    def location(self) -> str | None:
        return self.headers["Location"]

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the first form as they are prefilled."""
        form = self.html.partition("<form")[2].partition("</form>")[0]
        inputs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", form)]
        return {each["name"]: each["value"] for each in inputs}


def browse(url: str, fields: dict[str, str] | None = None) -> Screen:
    """Open an address, or post a form to it."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    target = urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))
    if fields is None:
        connection.request("GET", target)
    else:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", target, urllib.parse.urlencode(fields), headers)
    response = connection.getresponse()
    screen = Screen(response.status, response.read().decode(), response.headers)
    connection.close()
    return screen
