"""What the tests of the house rules look at: what a module imports, what it reads, how long its functions are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("checklists", "ledger", "templates", "tasks", "flows", "web", "deployments")
LOADERS = {"import_module", "__import__"}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}


def sources(*rooms: str) -> dict[str, str]:
    """The text of every module of these rooms, by its path from the root."""
    files = (file for room in rooms or ROOMS for file in sorted((ROOT / room).rglob("*.py")))
    return {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files}


def imports(source: str, path: str = "") -> set[str]:
    """Every module that is imported, by whatever statement, however deep inside a function; all dotted."""
    return {name for node in ast.walk(ast.parse(source)) for name in _imported(node, path)}


def _imported(node: ast.AST, path: str) -> Iterator[str]:
    match node:
        case ast.Import():
            yield from (alias.name for alias in node.names)
        case ast.ImportFrom(level=0, module=str(module)):
            yield module
        case ast.ImportFrom(level=level):
            yield ".".join((*Path(path).parts[:-level], *filter(None, [node.module])))
        case ast.Call(func=func, args=[ast.Constant(value=str(module)), *_]) if _last(func) in LOADERS:
            yield module


def _last(name: ast.expr) -> str:
    match name:
        case ast.Name(id=said) | ast.Attribute(attr=said):
            return said
    return ""


def top(module: str) -> str:
    return module.partition(".")[0]


def reads_environment(source: str) -> bool:
    """Whether it touches the environment itself, or has pydantic do it."""
    return any(_is_environment(node) for node in ast.walk(ast.parse(source)))


def _is_environment(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="os"), attr=name):
            return name in ENVIRONMENT
        case ast.ImportFrom(module="os"):
            return any(alias.name in ENVIRONMENT for alias in node.names)
        case ast.ImportFrom(module="pydantic_settings") | ast.Import(names=[ast.alias(name="pydantic_settings")]):
            return True
    return False


def functions(source: str) -> dict[str, int]:
    """How many lines each function has, from its `def`, by `line name`."""
    return {
        f"{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def classes(source: str) -> list[str]:
    return [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
