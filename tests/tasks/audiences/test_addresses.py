"""The addresses at which people say what they want, as they stand in a mail."""

from __future__ import annotations

from tasks.audiences.addresses import unsubscribe_headers


def test_where_one_leaves_is_ascii_in_a_header_whatever_the_host_is_called() -> None:
    said = unsubscribe_headers("https://straße.example/größe/unsubscribe/Ab_-9")
    assert said["List-Unsubscribe"] == "<https://xn--strae-oqa.example/gr%C3%B6%C3%9Fe/unsubscribe/Ab_-9>"
