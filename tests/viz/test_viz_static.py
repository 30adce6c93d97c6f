"""Still pictures and the words beside them."""

import base64
import re

import pytest
import samples

from minitf.viz import key_moments, static_picture
from minitf.viz.layout import layout
from minitf.viz.static import png_size


@pytest.fixture(autouse=True)
def bundled(monkeypatch):
    monkeypatch.setenv("MINITF_DOT", "bundled")


def test_one_frame():
    picture = static_picture(samples.worked_example(), step=-1)
    assert picture.png.startswith(b"\x89PNG")
    assert re.search(r"^w +param +3 +2$", picture.text, re.M)


def test_the_words_follow_the_frame():
    text = static_picture(samples.worked_example(), step=5).text
    assert re.search(r"^mul +x × w +6 +no gradient yet$", text, re.M)
    assert re.search(r"^loss +\|sub\| +\? +no gradient yet$", text, re.M)


def test_key_moments_stand_one_above_the_other():
    spec = samples.worked_example()
    places = layout(spec)
    width, height = png_size(key_moments(spec).png)
    points_to_pixels = 96 / 72
    assert width == pytest.approx(places.width * points_to_pixels, rel=0.1)
    assert height > 4 * places.height * points_to_pixels


def test_drawing_twice_gives_the_same_bytes():
    from minitf.viz import engine

    first = key_moments(samples.reuse()).png
    engine._run.cache_clear()
    assert key_moments(samples.reuse()).png == first


def test_a_graph_too_large_for_a_page_is_words_only():
    picture = key_moments(samples.chain(200))
    assert picture.png is None
    assert "200 nodes need the live viewer" in picture.text


def test_bundle_is_png_and_words_without_addresses():
    data, about = static_picture(samples.array_graph(), -1)._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png"}
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert about["image/png"]["alt"] == data["text/plain"]
    assert "0x" not in data["text/plain"]


def test_without_an_engine_the_words_remain(monkeypatch):
    monkeypatch.setenv("MINITF_DOT", "/no/such/program")
    for picture in (static_picture(samples.reuse(), -1), key_moments(samples.reuse())):
        data, _ = picture._repr_mimebundle_()
        assert set(data) == {"text/plain"}
        assert "No picture" in data["text/plain"]


def test_positions_do_not_depend_on_the_frame():
    from minitf.viz.dot import to_dot
    from minitf.viz.layout import layout_of_dot

    spec = samples.worked_example()
    first = layout_of_dot(to_dot(spec, 0))
    assert layout_of_dot(to_dot(spec, 9)).nodes == first.nodes == layout(spec).nodes
