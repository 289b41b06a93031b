"""What templates are made in: nothing of ours can be reached from them, and none of them works for minutes.

Jinja's own sandbox stops `range` at 100,000, but neither loops in loops, nor macros that call themselves twice, nor
`'a' * 10**9`: here every step of a loop and every call looks at the time, and a product is measured before it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import thread_time
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST_WORK = 3.0  # seconds of a processor for one template; the library's take a few thousandths
LARGEST = 1_000_000  # signs, entries or bits of a product
STEPS = "steps"
_over: ContextVar[float] = ContextVar("over", default=inf)


@contextmanager
def hurried() -> Iterator[None]:
    """Whatever is rendered in here is given up once it has worked for too long."""
    before = _over.set(thread_time() + MOST_WORK)
    try:
        yield
    finally:
        _over.reset(before)


def _look_at_the_time() -> None:
    if (over := _over.get()) < inf and thread_time() > over:
        raise SecurityError(f"it works for more than {MOST_WORK:g} seconds, which a loop or a macro without end does")


def steps(entries: Iterable[Any]) -> Iterator[Any]:
    for one in entries:
        _look_at_the_time()
        yield one


class _Stepwise(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        for loop in [*node.find_all(nodes.For)]:
            loop.iter = nodes.Filter(loop.iter, STEPS, [], [], None, None, lineno=loop.lineno)
        super().visit_Template(node, frame)


class Sandbox(ImmutableSandboxedEnvironment):
    code_generator_class = _Stepwise
    intercepted_binops = frozenset(("*", "**"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.filters[STEPS] = steps

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        _look_at_the_time()
        return super().call(context, called, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if _size(operator, left, right) > LARGEST:
            raise SecurityError(f"a product with {operator} is larger than {LARGEST:,} signs, entries or bits")
        return super().call_binop(context, operator, left, right)


def _size(operator: str, left: Any, right: Any) -> int:
    """How many signs, entries or bits it would have; 0 where it has few or cannot be made at all."""
    if isinstance(left, int) and isinstance(right, int):
        return left.bit_length() * right if operator == "**" else left.bit_length() + right.bit_length()
    some, often = (right, left) if isinstance(left, int) else (left, right)
    return len(some) * often if isinstance(often, int) and hasattr(some, "__len__") else 0
