"""The supervisor: where it listens, what it starts, what it leaves behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from cryptography import x509

from portal.commands.serve.address import AddressRefused, choose_address
from portal.commands.serve.certificate import ensure_certificate
from portal.commands.serve.children import Children

SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture
def taken():
    """A port on which somebody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        yield listener.getsockname()[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(taken):
    with pytest.raises(AddressRefused, match="listens there already"):
        choose_address({"PORT": str(taken)})


def test_the_default_port_moves_on_and_says_so(taken, monkeypatch):
    monkeypatch.setattr("portal.commands.serve.address.DEFAULT_PORT", taken)
    found = choose_address({})
    assert found.port != taken
    assert found.moved


@pytest.mark.parametrize("port", ["0", "65536", "-1", "８０００", "web", "80.5", "1e3", " 8000"])
def test_a_port_that_is_no_port_is_refused_with_a_sentence(port):
    with pytest.raises(AddressRefused, match="from 1 to 65535"):
        choose_address({"PORT": port})


@pytest.mark.parametrize("host", ["no such host.invalid", "203.0.113.7"])
def test_a_host_that_is_not_ours_is_refused(host):
    with pytest.raises(AddressRefused, match="HOST="):
        choose_address({"HOST": host, "PORT": str(free_port())})


def test_only_https_opens_to_the_network_by_itself():
    assert choose_address({"PORT": str(free_port())}).host == "127.0.0.1"
    found = choose_address({"PORT": str(free_port()), "HTTPS": "1"})
    assert found.host == "0.0.0.0"
    assert found.urls[0].startswith("https://127.0.0.1:")


def test_the_certificate_is_kept_until_an_address_is_missing(tmp_path):
    first, key = ensure_certificate(tmp_path, ["192.168.1.20"])
    kept = first.read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    assert ensure_certificate(tmp_path, ["192.168.1.20"])[0].read_bytes() == kept
    assert ensure_certificate(tmp_path, ["192.168.1.21"])[0].read_bytes() != kept
    names = x509.load_pem_x509_certificate(first.read_bytes()).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert "localhost" in names.value.get_values_for_type(x509.DNSName)
    listed = [str(ip) for ip in names.value.get_values_for_type(x509.IPAddress)]
    assert {"127.0.0.1", "192.168.1.21"} <= set(listed)


def test_a_child_that_ends_is_noticed_and_the_others_are_stopped(tmp_path):
    children = Children(tmp_path / "note.json", tmp_path / "log")
    stays = children.start("stays", SLEEP, os.environ, tmp_path)
    assert children.ended() is None
    quick = children.start(
        "quick", (sys.executable, "-c", "print('last words'); raise SystemExit(3)"), os.environ, tmp_path
    )
    quick.process.wait(10)
    ended = children.ended()
    assert ended is not None
    assert (ended.name, ended.process.returncode) == ("quick", 3)
    assert "last words" in ended.log.read_text()
    children.stop()
    assert stays.process.returncode == -signal.SIGTERM
    assert not (tmp_path / "note.json").exists()


def test_what_a_killed_supervisor_left_is_ended_and_strangers_are_not(tmp_path):
    left = Children(tmp_path / "note.json", tmp_path / "log").start("left", SLEEP, os.environ, tmp_path)
    stranger = subprocess.Popen((sys.executable, "-c", "import time; time.sleep(61)"), start_new_session=True)
    note = tmp_path / "note.json"
    note.write_text(note.read_text().replace("]}]", f']}}, {{"pid": {stranger.pid}, "command": ["other"]}}]'))
    try:
        assert Children(note, tmp_path / "log").clear_leftovers() == 1
        assert left.process.wait(5) == -signal.SIGTERM
        time.sleep(0.1)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
