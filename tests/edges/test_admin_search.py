"""Every list of the admin is searched in one way: bounded, folded, with its field drawn."""

import time

import pytest
from django.contrib import admin
from django.urls import reverse

from koss.admin_kit.lists import StaffAdmin
from koss.models import News
from tests.staff import signed_in, text_of

pytestmark = pytest.mark.django_db
LISTS = sorted(admin.site._registry.items(), key=lambda pair: pair[0]._meta.label)
SEARCHED = [model for model, site in LISTS if site.get_search_fields(None)]


def strays(sites):
    """Admins that search by a way of their own."""
    for site in sites:
        own = vars(type(site)).keys() & {"search_fields", "get_search_results", "search_help_text"}
        if own or not isinstance(site, StaffAdmin):
            yield type(site).__name__


def address(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_every_list_has_the_one_search():
    assert list(strays(site for _model, site in LISTS)) == []
    assert len(SEARCHED) >= 16


def test_a_search_of_its_own_is_found():
    class Planted(StaffAdmin):
        search_fields = ["title"]

    assert list(strays([Planted(News, admin.site)])) == ["Planted"]


def test_what_is_too_long_is_told_in_every_list_and_fast():
    client = signed_in(superuser=True)
    for model in SEARCHED:
        for typed, says in (
            ("あ" * 51_000, "100文字以内で"),
            ("a " * 45, "10語以内で"),
            ("1 " * 3_000, "100文字以内で"),
        ):
            begun = time.process_time()
            answer = client.get(address(model), {"q": typed})

            assert answer.status_code == 200, model
            assert "検索する言葉" in text_of(answer), model
            assert says in text_of(answer), model
            assert len(answer.content) < 200_000, model
            assert time.process_time() - begun < 3, model


def test_every_list_says_what_it_is_searched_by():
    client = signed_in(superuser=True)
    for model in SEARCHED:
        said = text_of(client.get(address(model), {"q": "9999 山田 ー ・"}))

        assert "で検索します。" in said, model


def test_news_are_found_in_either_width():
    News.objects.create(title="ＡＢＣのお知らせ", body="本文", published_at="2026-04-01T00:00Z")
    client = signed_in("operator")

    assert "ＡＢＣのお知らせ" in text_of(client.get(address(News), {"q": "ＡＢＣ"}))
