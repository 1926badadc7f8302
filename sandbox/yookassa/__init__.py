"""YooKassa's API v3 as a shop sees it: requests, answers, errors, notifications.

Source: https://yookassa.ru/developers/api; the official SDK 3.13.0 is the judge in the tests.
"""

PROTOCOL = "yookassa"
