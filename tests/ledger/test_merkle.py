"""The tree of RFC 9162, with the vectors of Certificate Transparency's own tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.merkle import climb, leaf, path, root

TEXTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def some(count: int) -> list[bytes]:
    return [leaf(bytes.fromhex(text)) for text in TEXTS[:count]]


@pytest.mark.parametrize("count", ROOTS)
def test_the_root_is_the_published_one(count: int) -> None:
    assert root(some(count)).hex() == ROOTS[count]


@given(st.integers(1, 40), st.data())
def test_every_leaf_leads_to_the_root_by_its_path_and_no_other(count: int, data: st.DataObject) -> None:
    leaves = [leaf(bytes([number])) for number in range(count)]
    index = data.draw(st.integers(0, count - 1))
    beside = path(leaves, index)
    assert climb(leaves[index], index, count, beside) == root(leaves)
    assert climb(leaf(b"another"), index, count, beside) != root(leaves)
    other = data.draw(st.integers(-2, count + 2).filter(lambda n: n != index))
    assert climb(leaves[index], other, count, beside) != root(leaves)
    assert climb(leaves[index], index, count, (*beside, leaf(b"more"))) is None
    if beside:
        assert climb(leaves[index], index, count, beside[1:]) != root(leaves)
