"""Small files with fixed names: vocabulary, sizes, heads, and what no file may contain."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.house import name_of, python_files, tracked

FEATURE_FILES = {
    *(
        "__init__",
        "values",
        "models",
        "access",
        "queries",
        "actions",
        "events",
        "reactions",
        "ports",
        "rules",
        "errors",
    ),
    *("transfers",),
}
FURTHER_FILES: dict[str, str] = {
    "portal/domain/identity/sightings.py": "the trace's one write, kept apart from what people do",
}
MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES, VIEW_LINES = 300, 50, 120, 20

# Nothing here may grow; lines go when the file has shrunk.
LONG_MODULES: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}
LONG_TEMPLATES: dict[str, int] = {}
LONG_VIEWS: dict[str, int] = {}

CODE = ("portal", "migrations", "tools", "bench")
BANNED = {
    "render_template_string": "templates are files, never data",
    "from_string": "templates are files, never data",
    "Markup": "nothing is marked safe by hand",
    "markupsafe": "nothing is marked safe by hand",
    "eval": "no code from data",
    "exec": "no code from data",
    "pickle": "no objects from data",
}
_TEXTS = "texts of the catalogue, as Jinja's own gettext marks them; values put in are escaped"
_CARDS = "two halves of a rendered template round a distance of ours"
BANNED_EXCUSED = {
    "portal/web/locale.py:Markup": _TEXTS,
    "portal/web/locale.py:markupsafe": _TEXTS,
    "portal/web/shop/cards.py:Markup": _CARDS,
    "portal/web/shop/cards.py:markupsafe": _CARDS,
}
DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.Module) -> Iterator[DEFINITIONS]:
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS):
            yield node


def length(node: DEFINITIONS) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def grown(found: dict[str, int], allowed: dict[str, int], limit: int) -> list[str]:
    """Faults: over the limit or the allowance, and allowances that are no longer needed."""
    over = [f"{name}: {size} lines" for name, size in found.items() if size > max(limit, allowed.get(name, 0))]
    dead = [f"{name}: take it off the list" for name in allowed if found.get(name, 0) <= limit]
    return over + dead


def test_features_use_the_one_vocabulary() -> None:
    strangers = []
    for path in tracked("portal/domain/**/*.py"):
        below = name_of(path).split("/")[2:]
        listed = name_of(path) in FURTHER_FILES or len(below) < 2
        if not listed and below[1].removesuffix(".py") not in FEATURE_FILES:  # a file, or the package it became
            strangers.append(name_of(path))
    assert not strangers, f"feature files are {sorted(FEATURE_FILES)}: {strangers}"
    assert set(FURTHER_FILES) <= {name_of(path) for path in tracked("portal/domain/**/*.py")}


def test_modules_are_short() -> None:
    sizes = {name_of(path): len(path.read_text("utf-8").splitlines()) for path, _tree in python_files(*CODE, "tests")}
    assert not grown(sizes, LONG_MODULES, MODULE_LINES)


def test_functions_are_short() -> None:
    sizes: dict[str, int] = {}
    for path, tree in python_files(*CODE):
        if "migrations/versions" in name_of(path):
            continue
        for node in functions(tree):
            sizes[f"{name_of(path)}:{node.name}"] = length(node)
    assert not grown(sizes, LONG_FUNCTIONS, FUNCTION_LINES)
    middle = sorted(sizes.values())[len(sizes) // 2]
    print(f"functions: {len(sizes)}, median {middle} lines, longest {max(sizes.values())}")
    assert middle <= 10


def is_view(node: DEFINITIONS) -> bool:
    """Registered with an office: `@shop.get(...)`, `@office.post(...)`."""
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr in ("get", "post"):
            return any(keyword.arg == "may" for keyword in mark.keywords)
    return False


def test_views_are_short() -> None:
    sizes: dict[str, int] = {}
    for path, tree in python_files("portal/web"):
        for node in functions(tree):
            if is_view(node):
                sizes[f"{name_of(path)}:{node.name}"] = length(node)
    assert not grown(sizes, LONG_VIEWS, VIEW_LINES)


def test_templates_are_short() -> None:
    sizes = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in tracked("templates/**/*.html")}
    assert not grown(sizes, LONG_TEMPLATES, TEMPLATE_LINES)


def test_every_module_says_what_it_is_for() -> None:
    silent = []
    for path, tree in python_files(*CODE, "tests"):
        said = ast.get_docstring(tree)
        if not said and path.read_text("utf-8").strip():
            silent.append(name_of(path))
    assert not silent, "open with one to four sentences: what it is for, what it must not do"


def test_public_functions_of_the_house_have_docstrings() -> None:
    silent = []
    for path, tree in python_files("portal/kernel", "portal/domain"):
        for node in tree.body:
            for one in [node, *(node.body if isinstance(node, ast.ClassDef) else [])]:
                public = isinstance(one, DEFINITIONS | ast.ClassDef) and not one.name.startswith("_")
                if public and not ast.get_docstring(one):  # type: ignore[arg-type]
                    silent.append(f"{name_of(path)}:{one.name}")  # type: ignore[union-attr]
    assert not silent


def test_nothing_is_imported_inside_functions() -> None:
    late = []
    for path, tree in python_files(*CODE, "tests"):
        for node in functions(tree):
            late += [
                f"{name_of(path)}:{one.lineno}"
                for one in ast.walk(node)
                if isinstance(one, ast.Import | ast.ImportFrom)
            ]
    assert not late


def words_of(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0], node.lineno
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)


def test_nothing_is_marked_safe_or_made_code() -> None:
    found = [
        f"{name_of(path)}:{line}: {word} ({BANNED[word]})"
        for path, tree in python_files("portal")
        for word, line in words_of(tree)
        if word in BANNED and f"{name_of(path)}:{word}" not in BANNED_EXCUSED
    ]
    assert not found


def test_only_the_settings_read_the_environment() -> None:
    allowed = re.compile(r"portal/(settings|localdb/|commands/|launch)")
    readers = {
        name_of(path)
        for path, tree in python_files("portal")
        for word, _line in words_of(tree)
        if word in ("environ", "getenv") and not allowed.match(name_of(path))
    }
    assert not readers


def test_only_the_work_commits() -> None:
    allowed = {"portal/kernel/work.py"}
    committing = {
        name_of(path)
        for path, tree in python_files("portal")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    }
    assert committing <= allowed
