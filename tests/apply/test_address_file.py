"""使用者の住所証明ファイル: made on its two pages, taken by the form of 新車, or refused."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.apply import address_file
from applications.apply.address_file import AddressFileFault, AddressFileRefused, AddressProof
from koss.ground import clock
from tests.apply import walk
from tests.practice import signed

pytestmark = pytest.mark.django_db
PROOF = AddressProof("軽自　太郎", "", "140-0002", "東京都品川区東品川1-1-1")


def made(*, now, file="personal.p12", text=None):
    text = text or address_file.text_of(PROOF, now)
    return address_file.make(text, signed(text, file), now=clock.now())


@pytest.mark.urls("tests.edges.test_demo_pages")
def test_a_user_makes_it_and_the_applicants_form_takes_it(visitor, practice):
    visitor.opens("/apply/address-file/")
    visitor.fills("使用者名", "軽自　太郎")
    visitor.fills("使用者の郵便番号", "140-0002")
    visitor.fills("使用者の住所", "東京都品川区東品川1-1-1")
    visitor.presses("次へ")
    text = visitor.client.get(visitor.path + "text/").content
    file = SimpleUploadedFile("address.p7s", signed(text, "personal.p12"))
    packed = visitor.client.post(visitor.path, {"signature": file}).content

    walk.begins(visitor, "新車")
    page = visitor.path + "step/proof/"
    walk.posts(visitor, page, {"version": "0", "file": SimpleUploadedFile("a.json", packed)})
    visitor.does_not_see("入力内容を確認してください")
    walk.answers(visitor, "新車", proof=None)
    visitor.sees("使用者の住所証明ファイル", "SHA-256")

    # Another name than the file's: the file is asked for anew.
    visitor.opens(visitor.path.replace("check/", "step/user/"))
    visitor.fills("使用者名", "軽自　次郎")
    visitor.presses("保存して次へ")
    assert visitor.path == page
    again = {"version": walk.version_of(visitor), "file": SimpleUploadedFile("a.json", packed)}
    walk.posts(visitor, page, again)
    visitor.sees("一文字ずつ一致しません")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda packed: b"{}", AddressFileFault.UNREADABLE),
        (lambda packed: packed[:-20], AddressFileFault.UNREADABLE),
        (lambda packed: packed.replace(b"1-1-1", b"1-1-2"), AddressFileFault.SIGNATURE),
    ],
)
def test_a_changed_file_proves_nothing(practice, change, fault):
    packed = made(now=clock.now())

    with pytest.raises(AddressFileRefused) as refused:
        address_file.read(change(packed), now=clock.now())

    assert refused.value.fault is fault


def test_what_expired_or_is_not_ours_is_refused(practice, settings):
    now = clock.now()
    packed = made(now=now)
    assert asdict(address_file.read(packed, now=now)) == asdict(PROOF)

    last = now - timedelta(days=settings.KOSS_ADDRESS_FILE_DAYS)
    assert made(now=last)
    with pytest.raises(AddressFileRefused) as expired:
        made(now=last - timedelta(days=1))
    with pytest.raises(AddressFileRefused) as another:
        made(now=now, file="wrong-name.p12")
    settings.KOSS_ORIGIN = "https://another.example"
    with pytest.raises(AddressFileRefused) as foreign:
        address_file.read(packed, now=now)

    faults = [each.value.fault for each in (expired, another, foreign)]
    assert faults == [
        AddressFileFault.EXPIRED,
        AddressFileFault.OTHER_NAME,
        AddressFileFault.FOREIGN,
    ]


def test_it_agrees_character_by_character():
    answers = {
        "user": {"user_name": "軽自　太郎", "user_name_full": ""},
        "address": {"postal_code": "1400002", "address": "東京都品川区東品川1-1-1"},
    }

    assert address_file.agrees(asdict(PROOF), answers)
    assert address_file.agrees(asdict(PROOF), {})
    for changed in (
        replace(PROOF, user_name="軽自 太郎"),
        replace(PROOF, user_name_full="輕自　太郎"),
        replace(PROOF, address="東京都品川区東品川1-1-2"),
    ):
        assert not address_file.agrees(asdict(changed), answers)
