"""What looking at an uploaded file may cost: the child's limits, and this process's memory."""

import io
import os
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications.uploads import child, inspecting
from applications.uploads.refusals import FileFault, FileRefused
from tests.apply import hostile
from tests.processes import ROOT

BODY = """
import sys, time; sys.path.insert(0, {folder!r}); import child
child.CPU_SECONDS = 1
def work(packed):
    {work}
    return {{"type": "x", "sizes": []}}, []
child.TASKS["work"] = work
child.main("work")
"""


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ("bytearray(child.MEMORY)", b'{"refused": "resources"}'),
        ("open('written', 'wb', 0).write(b'x')", b'{"refused": "broken"}'),
        ("while True: pass", b""),
        ("raise ValueError", b'{"refused": "broken"}'),
    ],
    ids=["memory", "a file", "time", "a mistake"],
)
def test_the_child_has_its_limits(tmp_path, work, said):
    body = BODY.format(folder=os.path.dirname(child.__file__), work=work)

    done = subprocess.run(
        [sys.executable, "-I", "-c", body], cwd=tmp_path, input=b"", capture_output=True
    )

    assert done.stdout.strip() == said
    assert (done.returncode == 0) == bool(said)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) == 0


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(60)",
        "print('not json')",
        "print('{\"sizes\": [99999999999]}')",
        'print(\'{"type": "a", "sizes": [1, 1]}\', flush=True); raise SystemExit(3)',
        "import sys; sys.stdout.write('x' * (3 << 20))",
        "",
    ],
    ids=["sleeps", "nonsense", "boasts", "dies", "talks", "is silent"],
)
def test_a_child_that_goes_wrong_is_a_refusal(monkeypatch, tmp_path, program):
    (tmp_path / "child.py").write_text(program)
    monkeypatch.setattr(inspecting, "_CHILD", tmp_path / "child.py")
    monkeypatch.setattr(inspecting, "_SECONDS", 1)

    with pytest.raises(FileRefused) as refused:
        inspecting.inspect(SimpleUploadedFile("a", b"%PDF-"))

    assert refused.value.fault is FileFault.RESOURCES


def test_one_file_is_looked_at_at_a_time(monkeypatch):
    monkeypatch.setattr(inspecting, "_PATIENCE_SECONDS", 0)

    with inspecting._alone(), pytest.raises(FileRefused) as refused:
        inspecting.inspect(SimpleUploadedFile("a", b"%PDF-"))

    assert refused.value.fault is FileFault.BUSY


MEASURE = """
import threading, django; django.setup()
from django.core.files.uploadedfile import TemporaryUploadedFile
from applications.uploads import inspecting
from applications.uploads.refusals import FileRefused

def kilobytes(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name))

def look(file):
    try:
        inspecting.inspect(file)
    except FileRefused as refused:
        print(refused.fault)

files = []
for path in sys.argv[1:]:
    file = TemporaryUploadedFile("a", "", 0, None)
    with open(path, "rb") as source:
        while chunk := source.read(65536):
            file.size += file.write(chunk)
    files.append(file)
inspecting._PATIENCE_SECONDS = 60
open("/proc/self/clear_refs", "w").write("5")
idle = kilobytes("VmRSS")
threads = [threading.Thread(target=look, args=(file,)) for file in files]
[each.start() for each in threads]
[each.join() for each in threads]
print((kilobytes("VmHWM") - idle) // 1024)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/clear_refs"), reason="needs Linux's /proc")
def test_four_of_the_largest_pictures_at_once_cost_the_web_process_little(tmp_path):
    file, noise = io.BytesIO(), os.urandom(1800 * 1850 * 3)
    Image.frombytes("RGB", (1800, 1850), noise).save(file, "PNG", compress_level=0)
    (tmp_path / "noise").write_bytes(file.getvalue())
    (tmp_path / "bomb").write_bytes(hostile.picture(13_000, 13_000, "PNG", "1"))
    paths = [str(tmp_path / name) for name in ("noise", "noise", "noise", "bomb")]

    done = subprocess.run(
        [sys.executable, "-c", f"import sys{MEASURE}", *paths],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    *faults, megabytes = done.stdout.split()
    assert faults == ["pixels"]
    assert int(megabytes) < 64
