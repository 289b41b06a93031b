from __future__ import annotations

import threading

import anyio

from web.postman import Postman


def test_whoever_calls_while_he_walks_shares_the_next_walk() -> None:
    seen: list[int] = []
    at_work, may_end = threading.Event(), threading.Event()

    def walk() -> None:
        seen.append(threading.active_count())
        at_work.set()
        assert may_end.wait(10)

    async def call() -> None:
        postman = Postman(walk)
        async with anyio.create_task_group() as callers:
            callers.start_soon(postman.go)
            await anyio.to_thread.run_sync(at_work.wait, 10)
            for _ in range(20):
                callers.start_soon(postman.go)
            await anyio.wait_all_tasks_blocked()
            may_end.set()

    anyio.run(call)
    assert len(seen) == 2


def test_a_call_after_a_walk_is_another_walk() -> None:
    walks: list[str] = []

    async def call() -> None:
        postman = Postman(lambda: walks.append("walk"))
        await postman.go()
        await postman.go()

    anyio.run(call)
    assert walks == ["walk", "walk"]
