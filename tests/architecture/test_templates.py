"""Templates compile, lead somewhere, are used, and hold nothing the content policy forbids."""

from __future__ import annotations

import re

from jinja2 import meta, nodes

from portal.settings import ROOT
from tests.architecture.house import house, name_of, tracked

FOLDER = ROOT / "templates"
SAFE = re.compile(r"\|\s*safe\b|autoescape\s+false", re.IGNORECASE)
INLINE = {
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")[^>]*>", re.IGNORECASE
    ),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle=", re.IGNORECASE),
    "an on… handler": re.compile(r"<[^>]*\son[a-z]+=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "a foreign host": re.compile(r"(?:src|href)=\"(?:https?:)?//(?!schema\.org)", re.IGNORECASE),
}
SAFE_EXCUSED: dict[str, str] = {}


def names() -> list[str]:
    return sorted(path.relative_to(FOLDER).as_posix() for path in tracked("templates/**/*.html", "templates/**/*.txt"))


def source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def tree(name: str) -> nodes.Template:
    return house().jinja_env.parse(source(name), name)


def test_every_template_compiles() -> None:
    for name in names():
        house().jinja_env.get_template(name)


def literal_endpoints(name: str) -> set[str]:
    found = set()
    for call in tree(name).find_all(nodes.Call):
        function = call.node
        if isinstance(function, nodes.Name) and function.name in ("url_for", "see_other") and call.args:
            first = call.args[0]
            if isinstance(first, nodes.Const):
                found.add(str(first.value))
    return found


def test_every_address_in_a_template_leads_somewhere() -> None:
    known = set(house().view_functions)
    known |= {"." + endpoint.partition(".")[2] for endpoint in known}  # a desk's pages lead within their office
    lost = [f"{name}: {endpoint}" for name in names() for endpoint in literal_endpoints(name) - known]
    assert not lost


def test_every_template_is_used() -> None:
    used: set[str] = set()
    for name in names():
        for other in meta.find_referenced_templates(tree(name)):
            used |= {other} if other else set()
    code = "\n".join(path.read_text("utf-8") for path in tracked("portal/**/*.py"))
    used |= set(re.findall(r"[\"']([\w/-]+\.(?:html|txt))[\"']", code))
    made = re.findall(r"f[\"']([\w/{}.-]+\.(?:html|txt))[\"']", code)
    patterns = [re.compile(re.sub(r"\\{[^}]*\\}", r"[^/]+", re.escape(one))) for one in made]
    unused = [name for name in names() if name not in used and not any(one.fullmatch(name) for one in patterns)]
    assert not unused, "remove them, or use them"


def test_every_template_named_in_code_exists() -> None:
    there = set(names())
    missing = []
    for path in tracked("portal/**/*.py"):
        named = re.findall(r"[\"']([a-z_]+/[\w/-]+\.html)[\"']", path.read_text("utf-8"))
        missing += [f"{name_of(path)}: {name}" for name in named if name not in there]
    assert not missing


def test_nothing_is_marked_safe() -> None:
    found = [name for name in names() if SAFE.search(source(name)) and name not in SAFE_EXCUSED]
    assert not found


def test_nothing_inline_and_nothing_foreign() -> None:
    found = []
    for name in names():
        text = re.sub(r"{#.*?#}", "", source(name), flags=re.DOTALL)
        found += [f"{name}: {what}" for what, pattern in INLINE.items() if pattern.search(text)]
    assert not found


def test_every_own_file_of_the_browser_is_used() -> None:
    everything = "\n".join(source(name) for name in names())
    everything += "\n".join(
        path.read_text("utf-8") for path in tracked("portal/**/*.py", "static/js/*.js", "static/css/*.css")
    )
    everything += (ROOT / "tools" / "assets.py").read_text("utf-8")
    unused = [name_of(path) for path in tracked("static/js/*.js", "static/css/*.css") if path.name not in everything]
    assert not unused
