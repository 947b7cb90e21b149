"""`make words`: collects the texts people read and merges them into the English catalogue. Runs inside .venv.

New texts appear with an empty msgstr; a test fails until they have their English.
"""

from __future__ import annotations

import subprocess
import sys

from babel.messages.pofile import read_po

from tools.steps import ROOT, TOOLS, say

CATALOGUE = ROOT / "portal" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = ("_l", "_", "gettext", "lazy_gettext", "say", "ngettext:1,2", "pgettext:1c,2")


def main() -> int:
    """Extracts to .tools/build/messages.pot and merges; what is gone from the code goes from the catalogue."""
    template = TOOLS / "build" / "messages.pot"
    template.parent.mkdir(parents=True, exist_ok=True)
    keywords = [word for keyword in KEYWORDS for word in ("-k", keyword)]
    babel = [sys.executable, "-m", "babel.messages.frontend"]
    common = ["--no-location", "--sort-output", "--width=118"]
    extract = ["extract", "-F", "babel.cfg", *keywords, *common, "-o", str(template), "--project=portal", "."]
    subprocess.run([*babel, *extract], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    verb = ["update", "--no-fuzzy-matching", "--ignore-obsolete", "--width=118", "--ignore-pot-creation-date"]
    if not CATALOGUE.exists():
        verb = ["init"]
    merge = [*verb, "-i", str(template), "-d", str(CATALOGUE.parents[2]), "-l", "en"]
    subprocess.run([*babel, *merge], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    with CATALOGUE.open("rb") as file:
        texts = [message for message in read_po(file) if message.id]
    missing = sum(not all(m.string if isinstance(m.string, tuple) else [m.string]) for m in texts)
    say(f"{len(texts)} texts, {missing} without English, in {CATALOGUE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
