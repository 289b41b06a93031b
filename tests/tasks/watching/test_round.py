"""Which products are looked at, and that none of them keeps the others from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklists.organisation import Product
from tasks.settings import Settings
from tasks.watching.hosts import GitHub, GitLab
from tasks.watching.round import host_of, watch
from tests.peers.code_host import CodeHost
from tests.tasks.worlds import place

BOTH = """organisation: Example
products:
  broken: {title: Broken, repository: example-org/broken, host: gitlab, watch: rest}
  quiet: {title: Quiet, repository: example-org/quiet}
  acme: {title: Acme, repository: example-org/acme, watch: rest}
"""


@pytest.mark.parametrize(
    ("product", "kind"),
    [
        (Product(title="A", repository="a/b", watch="rest"), GitHub),
        (Product(title="A", repository="a/b/c", host="gitlab", watch="rest"), GitLab),
        (Product(title="A", repository="a/b"), type(None)),
    ],
)
def test_only_what_says_so_is_watched(product: Product, kind: type, tmp_path: Path) -> None:
    assert isinstance(host_of(product, Settings(home=tmp_path)), kind)


def test_a_product_that_cannot_be_looked_at_does_not_keep_the_others_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CodeHost() as github, CodeHost() as gitlab:
        gitlab.answer("broken")
        monkeypatch.setenv("TMINUS_GITHUB_API", github.host)
        monkeypatch.setenv("TMINUS_GITLAB_API", gitlab.host)
        at = place(tmp_path)
        (tmp_path / "organisation.yaml").write_text(BOTH)
        said = watch(at.world)
        at.ledger.dispose()
    assert len(said) == 2
    assert "answers 502" in said[0]
    assert said[1] == "github:example-org/acme: seen for the first time; the 0 tags that are there start nothing"
