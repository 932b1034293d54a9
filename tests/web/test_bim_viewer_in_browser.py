"""The viewer in a real browser, drawn without a graphics card: what one sees, clicks and keeps."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bim.models import BimModel
from tests.support import lives, measured
from tests.support.basic_accessibility import faults_of
from tests.support.browser import PHONE, shot
from tests.support.cast import Cast, make_cast
from tests.support.drawn_models import FAR, a_drawn_model, guid

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASK = """async ([question, argument]) => {
  const { viewer } = await import("/static/web/js/bim/viewer.js");
  const model = await viewer();
  return await (new Object({
    selected: () => model.selected(),
    calls: () => model.stage.renderer.info.render.calls,
    triangles: () => model.stage.renderer.info.render.triangles,
    drawn: () => model.guids.length,
    shown: () => model.guids.filter((guid) => model.look.isShown(guid)),
    camera: () => model.camera(),
    planes: () => model.section.planes(),
    select: () => model.select(argument, { fade: true, fit: true }),
    viewpoint: () => model.viewpoint(),
    show: () => model.show(argument),
    picture: async () => (await model.snapshot()).size,
  }))[question]();
}"""


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def ask(page: Page, question: str, argument: Any = None) -> Any:
    """Asks the viewer's own module, as other scripts of the page do."""
    return page.evaluate(ASK, [question, argument])


def opened(page: Page, model: BimModel, more: str = "") -> Page:
    page.goto(f"/models/{model.pk}/view/{more}")
    expect(page.locator(".bim.is-drawn")).to_be_visible(timeout=60_000)
    return page


def click_the_middle(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_an_element_is_clicked_read_hidden_isolated_and_cut(cast, desks):
    model = a_drawn_model(cast, lives.a_project_in_proposal(cast), count=9)
    page = opened(desks.of("wu"), model, f"?select={guid(4)}")
    assert ask(page, "drawn") == 8
    assert ask(page, "selected") == [guid(4)]
    expect(page.locator("[data-bim-panel]")).to_contain_text("墙-004")
    assert faults_of(page) == []
    shot(page, "model-viewer")

    page.locator("canvas").press("Escape")
    expect(page.locator("[data-bim-panel]")).to_contain_text("选择一个构件")
    click_the_middle(page)  # the camera still looks at it
    expect(page.locator("[data-bim-panel] h3")).to_have_text("墙-004")
    expect(page.locator("[data-bim-panel]")).to_contain_text("NetVolume")
    expect(page.locator('[role=treeitem][aria-selected="true"] .bim-tree-name').last).to_have_text("墙-004")

    page.get_by_role("button", name="隐藏", exact=True).click()
    assert guid(4) not in ask(page, "shown") and len(ask(page, "shown")) == 7
    page.get_by_role("button", name="显示全部").click()
    assert len(ask(page, "shown")) == 8

    page.get_by_label("搜索构件").fill("窗-003")
    page.get_by_label("搜索构件").press("Enter")
    assert ask(page, "selected") == [guid(3)]
    page.get_by_role("button", name="隔离", exact=True).click()
    assert ask(page, "shown") == [guid(3)]
    page.get_by_role("button", name="显示全部").click()

    page.get_by_role("button", name="剖切", exact=True).click()
    (cut,) = ask(page, "planes")
    assert cut["direction"] == pytest.approx([0, 0, 1], abs=1e-9)
    assert FAR[2] < cut["location"][2] < FAR[2] + 5.5
    page.wait_for_url(lambda url: "cut=z0.500" in url)
    again = opened(desks.of("wu", PHONE), model, f"#{page.url.split('#')[1]}")
    assert ask(again, "planes")[0]["location"][2] == pytest.approx(cut["location"][2], abs=0.01)
    assert ask(again, "camera")["position"] == pytest.approx(ask(page, "camera")["position"], abs=0.01)
    assert faults_of(again) == []
    shot(again, "model-viewer-on-a-phone")


def test_ten_thousand_elements_are_few_draw_calls_and_a_viewpoint_comes_back(cast, desks):
    model = a_drawn_model(cast, lives.a_project_in_proposal(cast), count=10_000)
    page = opened(desks.of("wu"), model)
    assert ask(page, "drawn") == 9_999
    assert ask(page, "picture") > 5_000
    assert 0 < ask(page, "calls") <= 10
    assert ask(page, "triangles") == 9_999 * 12

    view = {
        "camera": {"kind": "perspective", "position": [FAR[0] - 20, FAR[1] - 30, FAR[2] + 25], "direction": [0.5, 0.7, -0.5], "fov": 60},
        "selection": [guid(17)],
        "visibility": {"default": True, "exceptions": [guid(1), guid(2)]},
        "colouring": [{"colour": "#cc0000", "guids": [guid(30), guid(31)]}],
        "planes": [{"location": [FAR[0], FAR[1], FAR[2] + 4], "direction": [0, 0, 1]}],
    }  # fmt: skip
    ask(page, "show", view)
    kept = ask(page, "viewpoint")
    assert kept["camera"]["position"] == pytest.approx(view["camera"]["position"], abs=0.01)
    assert kept["camera"]["fov"] == 60
    assert kept["selection"] == view["selection"]
    assert kept["visibility"] == view["visibility"]
    assert kept["colouring"] == view["colouring"]
    assert kept["planes"][0]["location"][2] == pytest.approx(FAR[2] + 4, abs=0.01)
    assert kept["planes"][0]["direction"] == pytest.approx([0, 0, 1], abs=1e-9)


def test_a_cost_line_lights_up_its_elements_and_the_tree_is_walked_with_the_keyboard(cast, desks):
    item = measured.an_item(cast)
    a_drawn_model(cast, item.project, count=9, stage="CONCEPT")
    measured.walls(item, cast.wu)
    page = desks.of("wu")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/items/{item.pk}/", wait_until="networkidle")  # until then a link goes where it goes without scripts
    page.locator("summary", has_text="方案模型").wait_for()
    assert not [url for url in asked if ".glb" in url]  # nothing is fetched before it is wanted
    page.locator('tr[data-pt-row="1.1"]').get_by_role("link", name="构件").click()
    expect(page.locator(".bim.is-drawn")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-bim-panel] h3")).to_have_text("已选 7 个构件")
    assert ask(page, "selected") == [guid(n) for n in range(9) if n % 4 != 3]
    page.locator("[role=treeitem]").first.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-bim-panel] h3")).to_have_text("墙-000")
    assert ask(page, "selected") == [guid(0)]
    page.keyboard.press("Space")
    assert guid(0) not in ask(page, "shown")
    shot(page, "model-beside-the-review")
