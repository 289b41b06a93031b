"""Addresses git may read a product from."""

import pytest
from pydantic import TypeAdapter, ValidationError

from checklists.git_address import GitAddress
from checklists.git_name import is_folder

ADDRESS: TypeAdapter[str] = TypeAdapter(GitAddress)


@pytest.mark.parametrize(
    ("address", "folder"),
    [
        ("https://github.com/example-org/acme.git", False),
        ("https://git.example.com:8443/acme", False),
        ("ssh://git@github.com/example-org/acme.git", False),
        ("ssh://git.example.com:2222/acme", False),
        ("git@github.com:example-org/acme.git", False),
        ("build:acme.git", False),
        ("file:///srv/git/acme.git", False),
        ("/srv/git/acme.git", True),
        ("../acme", True),
        ("~/src/acme", True),
        ("./odd:name", True),
        ("/srv/größe und mehr", True),
    ],
)
def test_what_git_may_read_from(address: str, folder: bool) -> None:
    assert ADDRESS.validate_python(address) == address
    assert is_folder(address) is folder


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("--upload-pack=touch /tmp/owned", "an option or a program"),
        ("-u", "an option or a program"),
        ("ext::sh -c touch% /tmp/owned", "an option or a program"),
        ("fd::17", "an option or a program"),
        ("::x", "an option or a program"),
        ("http://github.com/example-org/acme", "https, ssh, file"),
        ("git://github.com/example-org/acme", "https, ssh, file"),
        ("ftp://example.com/acme", "https, ssh, file"),
        ("ssh://-oProxyCommand=touch/x", "names no host"),
        ("-oProxyCommand=touch:x", "an option or a program"),
        ("git@-oProxyCommand=touch:x", "not from"),
        ("https://", "names no host"),
        ("https://ada:hunter2@github.com/acme", "holds a name or password"),
        ("https://ghp_token@github.com/acme", "holds a name or password"),
        ("ssh://git:hunter2@github.com/acme", "holds a name or password"),
        ("https://example.com:abc/acme", "port is no number from 1 to 65535"),
        ("ssh://git@example.com:99999/acme", "port is no number from 1 to 65535"),
        ("ssh://git@[::1]:-1/acme", "port is no number from 1 to 65535"),
        ("https://example.com:0/acme", "port is no number from 1 to 65535"),
        ("https://example.com:8443:1/acme", "port is no number from 1 to 65535"),
        ("ssh://git@example.com:hunter2/acme", "port is no number from 1 to 65535"),
        ("https://[::1/acme", "Invalid IPv6"),
        ("file://host:abc/acme", "port is no number from 1 to 65535"),
        ("/srv/a\nb", "pattern"),
        ("", "at least 1"),
        ("https://e/" + "x" * 200, "at most 200"),
    ],
)
def test_what_git_may_not_read_from(address: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said) as refused:
        ADDRESS.validate_python(address)
    assert "hunter2" not in refused.value.errors()[0]["msg"]
