"""A guide names what its screens say, and its pictures are of these screens."""

from dataclasses import replace

import pytest
from django.conf import settings
from PIL import Image

from koss.labels import Button as PortalButton
from koss.portal.guides import pictures, shelf
from koss.portal.languages import of_all_pages
from tests.guides import digests, walks
from tests.guides.walks import WALKS

MOST_BYTES = 3_000_000
FOLDER = settings.BASE_DIR / "static" / "guides"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank")]


@pytest.mark.parametrize("walk", WALKS, ids=str)
def test_labels_and_pictures_are_those_of_the_screens(walk, an_application):
    scenes = shelf.scenes()
    taken = pictures.read_list()

    drawn = walks.pages(walk, an_application)

    found = [
        fault
        for language, page in drawn.items()
        for name in walk.scenes
        for fault in digests.faults(scenes[name], page, language, taken)
    ]
    assert found == []
    for page in drawn.values():
        assert page.status == 200


def test_planted_faults_are_found(an_application):
    walk = next(each for each in WALKS if "login" in each.scenes)
    scene, taken = shelf.scenes()["login"], pictures.read_list()
    page = walks.pages(walk, an_application)["ja"]

    def found(scene, html=page.html):
        return list(digests.faults(scene, replace(page, html=html), "ja", taken))

    older = "login: its picture in ja is older than the screen: make guides"
    assert found(scene, page.html.replace("次へ", "進む")) == [
        "login: the screen does not say 次へ",
        "login: the screen does not say 次へ",
        older,
    ]
    assert found(scene, page.html.replace("いまどこまで", "どこまで")) == [older]
    assert found(scene, page.html.replace("koss-panel", "koss-notice")) == [older]
    assert found(scene, page.html.replace('maxlength="', 'maxlength="1')) == []
    assert found(scene._replace(marked=PortalButton.FIND))[0] == (
        "login: the screen does not say サイト内検索"
    )
    assert found(scene._replace(view="top"))[0] == "login: the screen is not top"
    assert found(scene._replace(part="gone")) == ["login: the screen has no part gone"]


def test_a_number_or_a_date_is_no_reason_to_take_a_picture_anew(an_application):
    walk = next(each for each in WALKS if "status-current" in each.scenes)
    scene = shelf.scenes()["status-current"]

    first, second = (walks.pages(walk, an_application)["ja"].html for _time in range(2))

    assert first != second
    assert digests.digest(scene, first, "ja") == digests.digest(scene, second, "ja")


def test_every_scene_is_walked_to_and_has_its_pictures():
    names = sorted(shelf.scenes())
    assert sorted(name for walk in WALKS for name in walk.scenes) == names
    assert sorted(pictures.read_list()) == names
    files = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*.webp")}
    assert sorted(files) == sorted(
        f"{language}/{name}.webp" for language in of_all_pages() for name in names
    )
    for name, taken in pictures.read_list().items():
        for language, kept in taken.items():
            with Image.open(files[f"{language}/{name}.webp"]) as image:
                assert image.size == (kept["width"], kept["height"])
    assert sum(path.stat().st_size for path in files.values()) < MOST_BYTES


def test_labels_are_named_in_their_places():
    for guide in shelf.GUIDES:
        for step in guide.steps:
            assert bool(step.labels) <= bool(step.scene), f"{guide.name}: {step.says}"
            assert all(f"%({name})s" in str(step.says) for name in step.labels)
