"""Language and theme are remembered in cookies; the gallery is for those who build."""

import pytest


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_remembered_and_shown(client, theme):
    answer = client.post("/theme/", {"theme": theme, "next": "/ui/gallery/"})

    assert answer["Location"] == "/ui/gallery/"
    assert f'data-theme="{theme}"' in client.get("/ui/gallery/").content.decode()


def test_auto_forgets_the_theme(client):
    client.post("/theme/", {"theme": "dark"})

    client.post("/theme/", {"theme": "auto"})

    assert "data-theme" not in client.get("/ui/gallery/").content.decode()


@pytest.mark.parametrize("theme", ["", "blue", '"><script>'])
def test_an_unknown_theme_is_not_remembered(client, theme):
    answer = client.post("/theme/", {"theme": theme})

    assert not answer.cookies


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_the_way_back_stays_here(client, target):
    assert client.post("/language/", {"language": "en", "next": target})["Location"] == "/"


def test_a_chosen_language_is_remembered(client, settings):
    answer = client.post("/language/", {"language": "en"})

    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert '<html lang="en"' in client.get("/ui/gallery/").content.decode()


def test_an_unknown_language_is_not_remembered(client):
    assert not client.post("/language/", {"language": "tlh"}).cookies


@pytest.mark.parametrize("address", ["/theme/", "/language/"])
def test_reading_an_address_changes_nothing(client, address):
    assert client.get(address).status_code == 405


def test_the_gallery_is_not_there_in_production(client, settings):
    settings.DEBUG = settings.DEMO = False

    assert client.get("/ui/gallery/").status_code == 404
