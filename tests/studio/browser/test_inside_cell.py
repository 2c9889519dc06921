"""The pages of the LSTM cell, the flow of a gradient and temperature, as a learner uses them."""

import re

import pytest

pytest.importorskip("axe_playwright_python", reason="needs axe-playwright-python")

from playwright.sync_api import BrowserContext, expect
from tests.studio.browser.conftest import Desk
from tests.studio.browser.test_access import violations
from tests.studio.browser.test_inside import PHONE, Experiment


@pytest.fixture
def experiment(context: BrowserContext, desk: Desk) -> Experiment:
    """A page on no topic yet."""
    return Experiment(context.new_page(), desk)


def test_a_named_setting_moves_all_gates_and_marks_what_is_not_reached(
    experiment: Experiment,
) -> None:
    page = experiment.open("cell", "?z_f=0").page
    expect(page.locator(".cell-diagram .stop")).to_have_count(1)  # in the legend
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(experiment.slider("z_f")).to_have_value("4")
    expect(experiment.slider("z_i")).to_have_value("-4")
    expect(page.locator(".cell-diagram").first).to_contain_text("input gate, closed")
    expect(page.locator(".cell-diagram").first.locator(".stop")).not_to_have_count(0)
    assert "z_f=4" in experiment.query()
    expect(page.locator("#heard")).to_contain_text("Input gate 0.02, forget gate 0.98")


def test_gates_that_are_set_in_place_of_sums_stay_what_they_were(experiment: Experiment) -> None:
    page = experiment.open("cell", "?z_f=4").page
    diagram = page.locator(".cell-diagram").first
    expect(diagram).to_contain_text("f = 0.982")
    page.get_by_label("what you set").select_option("gates")
    expect(experiment.slider("f")).to_have_value("0.98")
    expect(diagram).to_contain_text("f = 0.980")
    experiment.press("f", "Home")
    expect(diagram).to_contain_text("forget gate, closed")
    page.get_by_label("what you set").select_option("sums")
    expect(experiment.slider("z_f")).to_have_value("-4.5")


def test_a_band_is_as_wide_as_its_gradient(experiment: Experiment) -> None:
    page = experiment.open("cell", "?z_o=-8&dc=0").page
    bands = page.locator(".cell-diagram").first.locator(".band")
    widths = [float(bands.nth(place).get_attribute("stroke-width") or 0) for place in range(12)]
    assert max(widths) > 10
    assert sorted(widths)[-3] < 0.1  # only to h and to the output gate


def test_the_other_network_is_drawn_and_announced(experiment: Experiment) -> None:
    page = experiment.open("flow").page
    expect(page.locator(".flow-verdict")).to_contain_text("In the LSTM with forget gates at 0.953")
    page.get_by_label("network").select_option("rnn")
    expect(page.locator(".flow-verdict")).to_contain_text("In the plain RNN")
    expect(page.locator("#heard")).to_contain_text("the gradient vanishes")
    expect(page.locator(".flow-heat rect.ink").first).to_be_visible()


def test_samples_follow_once_a_slider_rests(experiment: Experiment) -> None:
    page = experiment.open("temperature").page
    sample = page.locator(".sample").first
    expect(sample).to_contain_text("The river keeps the colour of the ")
    before = sample.inner_text()
    experiment.press("temperature", "Home")
    expect(page.locator(".flow-verdict")).to_contain_text("At temperature 0.1 ")
    expect(page.locator(".sample").first).not_to_have_text(before)
    assert experiment.query() == "?temperature=0.1"


def test_a_text_of_ones_own_is_continued_or_refused_in_a_sentence(experiment: Experiment) -> None:
    page = experiment.open("temperature").page
    page.get_by_label("text before").select_option("own")
    page.get_by_label("your text").fill("A lamp in the win")
    expect(page.locator(".sample").first).to_contain_text("A lamp in the win")
    expect(page.locator(".shares [role=listitem]").first).to_have_attribute(
        "aria-label", re.compile("^d: ")
    )
    page.get_by_label("your text").fill("\u6c34")
    expect(experiment.problem).to_contain_text("this poet has never read that")


@pytest.mark.parametrize(
    ("topic", "query"),
    [
        ("cell", "?by=gates&f=0.01"),
        ("flow", "?network=rnn"),
        ("temperature", "?start=own&top_p=0.5"),
    ],
)
def test_axe_finds_nothing_in_other_states(experiment: Experiment, topic: str, query: str) -> None:
    page = experiment.open(topic, query).page
    page.set_viewport_size(PHONE)
    assert not violations(page)
