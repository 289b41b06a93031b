"""Where git may read a product from: an https or ssh address, or a folder; nothing that runs a program."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, StringConstraints

from checklists.git_name import REMOTE, is_folder

ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
PROTOCOLS = ("https", "ssh", "file")
HELPER = re.compile(r"^[\w+.-]*::")


def _readable(address: str) -> str:
    if address.startswith("-") or HELPER.match(address):
        raise ValueError("git would take this for an option or a program; name an https or ssh address, or a folder")
    if is_folder(address) or REMOTE.match(address):
        return address
    url = urlsplit(address)
    if url.scheme not in PROTOCOLS:
        raise ValueError(f"git reads from {', '.join(PROTOCOLS)} addresses and from folders, not from {url.scheme!r}")
    if url.scheme != "file" and (not url.hostname or url.hostname.startswith("-")):
        raise ValueError("this address names no host")
    if not _is_port_good(url):
        raise ValueError("its port is no number from 1 to 65535")
    if _has_secret(url):
        raise ValueError(
            "this address holds a name or password; take it out, and set TMINUS_GITHUB_TOKEN "
            "or use git's credential helper"
        )
    return address


def _is_port_good(url: SplitResult) -> bool:
    try:
        return url.port != 0
    except ValueError:
        return False


def _has_secret(url: SplitResult) -> bool:
    return url.password is not None or (url.scheme == "https" and url.username is not None)


GitAddress = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE), AfterValidator(_readable)
]
