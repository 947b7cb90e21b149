"""Every sentence people read can be read in English: extracted, translated, not doubtful, with the same places."""

from __future__ import annotations

import ast
import io
import re
from functools import cache

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from portal.settings import ROOT
from portal.web.acts import ACTS
from tests.architecture.house import name_of, python_files, tracked

KEYWORDS: dict = {
    **dict.fromkeys(("_", "_l", "gettext", "lazy_gettext", "say")),
    **dict.fromkeys(("ngettext", "lazy_ngettext"), (1, 2)),
}
PLACES = re.compile(r"%\((\w+)\)[a-z]|%%")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = ROOT / "portal" / "translations" / "en" / "LC_MESSAGES" / "messages.po"


@cache
def extracted() -> dict[str, str]:
    """msgid → where it was found."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = {}
    for name, line, said, _comments, _context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        for one in said if isinstance(said, tuple) else (said,):
            found.setdefault(one, f"{name}:{line}")
    return found


@cache
def english() -> Catalog:
    """The committed translation."""
    return read_po(io.BytesIO(ENGLISH.read_bytes()), locale="en")


def translation(msgid: str) -> Message | None:
    return english().get(msgid)


def test_sentences_are_found() -> None:
    assert len(extracted()) > 40
    assert any(where.startswith("portal/kernel/refusals.py") for where in extracted().values()), "say() is extracted"
    assert any(where.startswith("templates/") for where in extracted().values()), "templates are extracted"


def test_every_sentence_is_translated() -> None:
    missing = []
    for msgid, where in extracted().items():
        message = translation(msgid)
        said = message.string if message else ""
        if not said or (isinstance(said, tuple) and not all(said)):
            missing.append(f"{where}: {msgid}")
    assert not missing, f"{len(missing)} sentences without English:\n" + "\n".join(missing[:40])


def test_no_translation_is_doubtful_or_dead() -> None:
    fuzzy = [message.id for message in english() if message.id and message.fuzzy]
    assert not fuzzy
    known = set(extracted())
    dead = [
        str(one.id) for one in english() if one.id and (one.id[0] if isinstance(one.id, tuple) else one.id) not in known
    ]
    assert not dead, f"{len(dead)} translations of sentences that are no more: {dead[:20]}"


def test_places_are_the_same_in_both_languages() -> None:
    differ = []
    for message in english():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        expected = set(PLACES.findall(ids[0]))
        differ += [str(said) for said in strings if said and message.id and set(PLACES.findall(said)) - expected]
        if message.id and strings[-1] and expected - set(PLACES.findall(strings[-1])):
            differ.append(str(message.id))
    assert not differ


def test_english_is_english() -> None:
    mixed = [str(one.string) for one in english() if one.id and CHINESE.search(TYPED.sub("", str(one.string)))]
    assert not [text for text in mixed if text not in NAMES_IN_ENGLISH]


NAMES_IN_ENGLISH = {"中文"}
TYPED = re.compile("盘点|入库|新疆、西藏、港澳台|江浙沪、东莞、海口|东莞|24 小时|休息|4 人以内 120 分钟|补打")
"""What is typed into a field, or printed on a slip, just so, in whatever language its label is."""


def test_the_source_language_is_chinese() -> None:
    """A sentence without places must hold Chinese; only signs and proper names go without."""
    foreign = []
    for msgid, where in extracted().items():
        bare = PLACES.sub("", msgid)
        if re.search(r"[A-Za-z]", bare) and not CHINESE.search(bare) and msgid not in WORDLESS:
            foreign.append(f"{where}: {msgid}")
    assert not foreign


WORDLESS = {"English"}


def test_no_sentence_bypasses_the_translator_in_templates() -> None:
    """Chinese text outside `{{ _(…) }}` and `{% trans %}` is read by nobody else."""
    found = []
    for path in tracked("templates/**/*.html"):
        text = re.sub(
            r"{#.*?#}|{{.*?}}|{%\s*trans.*?endtrans\s*%}|{%.*?%}|<!--.*?-->",
            "",
            path.read_text("utf-8"),
            flags=re.DOTALL,
        )
        found += [f"{name_of(path)}: {line.strip()[:60]}" for line in text.splitlines() if CHINESE.search(line)]
    assert not [one for one in found if not one.endswith(": 中文")], "\n".join(found)


def test_every_act_of_the_trail_has_its_words() -> None:
    """What the code writes into the audit by its whole name is not shown to its readers as a code."""
    found = []
    for path, tree in python_files("portal"):
        for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call) and one.args):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "audit":
                said = call.args[0]
                either = (said.body, said.orelse) if isinstance(said, ast.IfExp) else (said,)
                found += [(one.value, name_of(path)) for one in either if isinstance(one, ast.Constant)]
    assert len(found) > 100
    assert not [one for one in found if one[0] not in ACTS]
