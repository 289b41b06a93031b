from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from web.signing.origins import is_ours

PUBLIC = "https://launches.example.com/team"


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"origin": "null"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "https://launches.example.com"}, True),
        ({"origin": "http://10.0.0.1:4280", "host": "10.0.0.1:4280"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site", "origin": "https://launches.example.com"}, False),
        ({"sec-fetch-site": ""}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "https://launches.example.com.evil.example"}, False),
        ({"origin": "https://launches.example.com:8443"}, False),
        ({"origin": "http://[::1"}, False),
        ({"origin": "file://", "host": "10.0.0.1:4280"}, False),
    ],
)
def test_a_form_is_ours_unless_the_browser_names_another_site(headers: dict[str, str], ours: bool) -> None:
    assert is_ours(Headers({"host": "launches.example.com", **headers}), PUBLIC) is ours
