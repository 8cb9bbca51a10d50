"""Files that nobody should be able to hand in are refused, at the cost of a child process."""

import io
import resource
import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications.uploads import inspecting
from applications.uploads.keeping import safe_name
from applications.uploads.refusals import FileFault, FileRefused
from tests.apply import hostile


def inspect(packed):
    return inspecting.inspect(SimpleUploadedFile("a", packed))


def test_every_hostile_file_is_refused_for_its_reason():
    found = {}
    for name, make in hostile.FILES.items():
        packed, why = make()
        try:
            inspect(packed)
        except FileRefused as refused:
            if refused.fault != why:
                found[name] = refused.fault.value
        else:
            found[name] = "taken"

    assert found == {}
    assert len(hostile.FILES) >= 40


def test_a_huge_stream_costs_this_process_nothing():
    def huge(made):
        made.pages[0].obj.Contents = made.make_stream(b"0 0 m\n" * (40 << 20))

    packed = hostile.document(huge)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with suppress(FileRefused):  # the child may manage it within its limits
        inspect(packed)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_a_picture_is_made_anew():
    """Turned as its owner saw it; place, camera and whatever trails it are gone."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "camera"
    Image.new("RGB", (40, 20), "red").save(file, "JPEG", exif=exif)

    kept = inspect(file.getvalue() + hostile.document())

    with Image.open(io.BytesIO(kept.content)) as opened:
        assert (opened.size, dict(opened.getexif())) == ((20, 40), {})
    assert b"%PDF" not in kept.content


def test_a_plain_document_is_kept_as_it_is_with_a_picture_of_its_first_page():
    packed = hostile.document(pages=100)

    kept = inspect(packed)

    assert (kept.media_type, kept.content) == ("application/pdf", packed)
    with Image.open(io.BytesIO(kept.preview)) as opened:
        assert max(opened.size) == 1200


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\車検証.pdf", "車検証.pdf"),
        ("a\0b\n.pdf", "ab.pdf"),
        ("...", "file"),
        ("\u202efdp.exe", "fdp.exe"),
        ("a" * 300 + ".pdf", "a" * 87 + ".pdf"),
    ],
)
def test_a_name_keeps_no_path_and_no_hidden_sign(name, kept):
    assert safe_name(name) == kept


@contextmanager
def scanner(answer):
    """The address of a clamd that answers ``answer`` once, and what it has heard."""
    heard = bytearray()

    def serve():
        connection, _peer = listening.accept()
        with connection:
            while not heard.endswith(b"\0\0\0\0"):
                heard.extend(connection.recv(65536))
            for piece in (answer[:9], answer[9:]):
                connection.sendall(piece)
                time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}", heard
        thread.join()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"stream: Eicar FOUND\0", FileFault.VIRUS),
        (b"stream: too large ERROR\0", FileFault.SCANNER_AWAY),
    ],
)
def test_the_scanner_has_a_say(settings, answer, reason):
    with scanner(answer) as (settings.KOSS_CLAMD, heard), pytest.raises(FileRefused) as refused:
        inspect(hostile.document())

    assert refused.value.fault is reason
    assert heard.startswith(b"zINSTREAM\0")


def test_a_clean_file_passes_the_scanner(settings):
    with scanner(b"stream: OK\0") as (settings.KOSS_CLAMD, _heard):
        assert inspect(hostile.document()).media_type == "application/pdf"


def test_a_scanner_that_is_away_closes_the_door(settings):
    settings.KOSS_CLAMD = "127.0.0.1:1"

    with pytest.raises(FileRefused) as refused:
        inspect(hostile.document())

    assert refused.value.fault is FileFault.SCANNER_AWAY
