"""The examples of docs/releases.md, run as they stand there against the real door."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from checklists.organisation import Product
from tasks.standard_secret import new_secret
from tasks.world import World
from tests.layers import ROOT
from tests.test_docs import blocks
from tests.web.room import PrefectPeer, kept, make_world, serving

PAGE = ROOT / "docs" / "releases.md"
SECRET = new_secret()
COMMIT = "9f2c" * 10
NEEDS = ("sh", "curl", "openssl")

pytestmark = pytest.mark.skipif(not all(map(shutil.which, NEEDS)), reason=f"the examples need {', '.join(NEEDS)}")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path / "home", release_secret=SecretStr(SECRET))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with the script of the page in it."""
    (script,) = blocks(PAGE, "sh")
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "tell-tminus").write_text(script)
    return folder


def example(word: str) -> Any:
    (found,) = [body for body in blocks(PAGE, "yaml") if word in body]
    return yaml.safe_load(found)


def run(line: str, at: Path, url: str, secret: str = SECRET, **more: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": os.environ["PATH"], "TMINUS_URL": url, "TMINUS_RELEASE_SECRET": secret, **more}
    return subprocess.run(["sh", "-eu", "-c", line], cwd=at, env=given, capture_output=True, text=True, check=False)


def test_the_job_of_github_actions_starts_a_launch(world: World, prefect: PrefectPeer, checkout: Path) -> None:
    (step,) = [step for step in example("runs-on")["jobs"]["launch"]["steps"] if "run" in step]
    known = {"${{ github.ref_name }}": "v2.4.0", "${{ github.sha }}": COMMIT}
    given = {name: known[value] for name, value in step["env"].items() if value in known}
    with serving(world) as client:
        done = run(step["run"], checkout, str(client.base_url), **given)
    assert (done.returncode, done.stdout) == (0, '{"launch":"acme-2.4.0"}'), done.stderr
    assert prefect.events[0]["payload"]["request"]["commit"] == COMMIT
    (receipt,) = kept(world)
    assert receipt.delivery_id.startswith(f"release-v2.4.0-{COMMIT}-")


def test_the_job_of_gitlab_starts_a_launch(world: World, prefect: PrefectPeer, checkout: Path) -> None:
    (line,) = example("CI_COMMIT_TAG")["launch"]["script"]
    with serving(world) as client:
        done = run(line, checkout, str(client.base_url), CI_COMMIT_TAG="v2.4.0", CI_COMMIT_SHA=COMMIT)
    assert (done.returncode, done.stdout) == (0, '{"launch":"acme-2.4.0"}'), done.stderr
    assert [receipt.release_key for receipt in kept(world)] == ["release:acme:v2.4.0"]


def test_a_job_that_is_refused_fails_and_says_why(world: World, prefect: PrefectPeer, checkout: Path) -> None:
    with serving(world) as client:
        wrong = run("sh tell-tminus", checkout, str(client.base_url), TAG="nightly", COMMIT=COMMIT)
        strange = run("sh tell-tminus", checkout, str(client.base_url), new_secret(), TAG="v2.4.0", COMMIT=COMMIT)
    assert (wrong.returncode != 0, "nightly is no release tag of acme" in wrong.stdout) == (True, True)
    assert (strange.returncode != 0, strange.stdout) == (True, '{"detail":"Unauthorized"}')
    assert prefect.events == []


def test_a_job_on_a_second_machine_that_tries_again_makes_one_launch(
    world: World, prefect: PrefectPeer, checkout: Path
) -> None:
    with serving(world) as client:
        for _ in range(3):
            assert run("sh tell-tminus", checkout, str(client.base_url), TAG="v2.4.0", COMMIT=COMMIT).returncode == 0
    assert ([receipt.deliveries for receipt in kept(world)], len(prefect.events)) == ([3], 1)


def test_the_products_of_the_page_are_products() -> None:
    for body in blocks(PAGE, "yaml"):
        for product in (yaml.safe_load(body).get("products") or {}).values():
            assert Product.model_validate(product).host
