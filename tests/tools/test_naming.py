"""Names of browser files carry a hash of the content, and references follow."""

from __future__ import annotations

import gzip
import re

import pytest

from tools.naming import Shelf, write
from tools.regions import write_regions


@pytest.fixture
def shelf(tmp_path):
    def make(files: dict[str, str]) -> Shelf:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return Shelf("vendor/own/", {name: tmp_path / name for name in files})

    return make


def test_a_name_changes_with_the_content_and_only_then(shelf):
    first = shelf({"css/a.css": "a{}"}).named("css/a.css")
    assert re.fullmatch(r"vendor/own/css/a-[0-9a-f]{12}\.css", first)
    assert shelf({"css/a.css": "a{}"}).named("css/a.css") == first
    assert shelf({"css/a.css": "b{}"}).named("css/a.css") != first


def test_a_style_follows_its_pictures_and_changes_with_them(shelf):
    css = "a{background:url(../icons/x.svg#tick)}b{background:url('data:image/svg+xml,%3csvg a=%22b c%22%3e')}"
    before = shelf({"css/a.css": css, "icons/x.svg": "<svg/>"})
    name = before.named("css/a.css")
    text = before.content["css/a.css"].decode()
    assert re.search(r'url\("\.\./icons/x-[0-9a-f]{12}\.svg#tick"\)', text)
    assert "url('data:image/svg+xml,%3csvg a=%22b c%22%3e')" in text
    assert shelf({"css/a.css": css, "icons/x.svg": "<svg><g/></svg>"}).named("css/a.css") != name


def test_a_module_follows_its_imports(shelf):
    files = {
        "js/a.js": 'import {b} from "./b.js";\nconst c = await import("./sub/c.js");\n',
        "js/b.js": "1",
        "js/sub/c.js": "2",
    }
    made = shelf(files)
    made.named("js/a.js")
    text = made.content["js/a.js"].decode()
    assert re.search(r'from "\./b-[0-9a-f]{12}\.js"', text)
    assert re.search(r'import\("\./sub/c-[0-9a-f]{12}\.js"\)', text)


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"css/a.css": "a{background:url(gone.svg)}"}, "does not exist"),
        ({"js/a.js": 'import "./b.js"', "js/b.js": 'import "./a.js"'}, "in a circle"),
    ],
)
def test_what_cannot_work_stops_the_build(shelf, files, complaint):
    made = shelf(files)
    with pytest.raises(SystemExit, match=complaint):
        made.named(next(iter(files)))


def test_text_lies_compressed_beside_itself_and_is_the_same_every_time(tmp_path):
    kept = []
    write(tmp_path, "a/b.css", b"a{}", kept.append)
    write(tmp_path, "a/c.png", b"\x89PNG", kept.append)
    assert [path.name for path in kept] == ["b.css", "b.css.gz", "c.png"]
    assert gzip.decompress((tmp_path / "a/b.css.gz").read_bytes()) == b"a{}"


def test_regions_become_one_table_with_every_parent_there(tmp_path):
    folder = tmp_path / "package" / "dist"
    folder.mkdir(parents=True)
    (folder / "provinces.json").write_text('[{"code":"44","name":"广东省"}]')
    (folder / "cities.json").write_text('[{"code":"4401","name":"广州市","provinceCode":"44"}]')
    (folder / "areas.json").write_text('[{"code":"440106","name":"天河区","cityCode":"4401","provinceCode":"44"}]')
    (folder / "streets.json").write_text('[{"code":"440106001","name":"五山街道","areaCode":"440106"}]')
    (folder / "HK-MO-TW.json").write_text('{"香港特别行政区": {"香港岛": ["中西区"]}}')
    assert write_regions(tmp_path / "package", tmp_path / "r.csv.gz") == 7
    lines = gzip.decompress((tmp_path / "r.csv.gz").read_bytes()).decode().splitlines()
    rows = [line.split(",") for line in lines[1:]]
    codes = {row[0] for row in rows}
    assert all(row[1] in codes for row in rows if row[1])
    assert ["440106001", "440106", "street", "五山街道"] in rows
    assert ["810101", "8101", "area", "中西区"] in rows
