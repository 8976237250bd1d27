"""The page at `/` in a real Chromium: from a pasted article to a summary whose sentences lead to the German."""

import shutil
import threading

import pytest

from models.options import Options
from models.report import Report, Seconds
from models.values import (
    Article,
    Document,
    Dropped,
    Evidence,
    Flag,
    Pair,
    Sentence,
    Summary,
    SummarySentence,
    Translation,
)
from service.http import pages
from service.http.app import create_app
from service.settings import Limits
from tests.service.http.stub import StubPipeline, client_of, listening

pytestmark = [pytest.mark.slow, pytest.mark.browser]

TEXT = """Teilen

Der Stadtrat hat am Montag 😀 den Haushalt beschlossen. Die Schule kostet 20 Millionen Euro. Der Bau beginnt im Mai."""
FLAG = Flag("number", "45", "not in the source", "added")
HOSTILE = """<img src=x onerror="document.title='owned'"><script>document.title='owned'</script> Der Hund schläft."""


def cut(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text by its full stops; what stands before a blank line is none."""
    start = text.rfind("\n\n") + 2 if "\n\n" in text else 0
    sentences = []
    for part in text[start:].split(". "):
        begin = text.index(part, start)
        start = begin + len(part) + (0 if part.endswith(".") else 1)
        sentences.append(Sentence(text[begin:start], begin, start, "de", 0))
    return tuple(sentences)


class PagePipeline(StubPipeline):
    """Reports with one sound sentence, one with a wrong number, and one that nothing in the article says."""

    def summarize(self, article: Article, options: Options, on_progress) -> Report:
        super().summarize(article, options, on_progress)
        sentences = cut(article.text)
        dropped = (Dropped(0, 6, "furniture"),) if article.text.startswith("Teilen") else ()
        document = Document("id", None, article.text, sentences, dropped)
        pairs = tuple(Pair(s, f"English of: {s.text}", (), 3) for s in sentences)

        def evidence(number: int) -> tuple[Evidence, ...]:
            one = sentences[min(number, len(sentences) - 1)]
            return (Evidence(sentences.index(one), one.start, one.end, 0.9),)

        summary = Summary(
            (
                SummarySentence(f"The council has agreed. {article.text[:40]}", (), evidence(0)),
                SummarySentence("The school costs 45 million euros.", (FLAG,), evidence(1)),
                SummarySentence("Everybody is pleased.", (), ()),
            )
        )
        return Report.of(
            document,
            translation=Translation(document, pairs),
            summary=summary,
            source_tokens=3,
            receipt={},
            seconds=Seconds.of(0.01, 0.02, 0.03),
        )


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    from selenium import webdriver

    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("Chromium and its driver are not installed: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    running = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    running.set_window_size(1280, 900)
    yield running
    running.quit()


class Page:
    """The page of a service, with what a reader does there."""

    def __init__(self, browser, port: int, prefix: str = "/") -> None:
        self.browser = browser
        browser.get(f"http://127.0.0.1:{port}{prefix}")

    def find(self, selector: str):
        return self.browser.find_element("css selector", selector)

    def all(self, selector: str):
        return self.browser.find_elements("css selector", selector)

    def wait(self, condition) -> None:
        from selenium.webdriver.support.wait import WebDriverWait

        WebDriverWait(self.browser, 60).until(lambda _browser: condition())

    def paste(self, text: str) -> None:
        self.browser.execute_script("document.getElementById('text').value = arguments[0]", text)

    def summarise(self, text: str) -> None:
        self.paste(text)
        self.find("button.primary").click()
        self.wait(lambda: self.find("#report").is_displayed())

    def lit(self) -> list[str]:
        return [one.text for one in self.all(".lit")]


@pytest.fixture(scope="module")
def port():
    with listening(create_app(PagePipeline, Limits())) as port:
        yield port


def test_a_pasted_article_becomes_a_summary_beside_its_german(browser, port):
    page = Page(browser, port)
    page.summarise(TEXT)
    assert [s.text.split(".")[0] for s in page.all("[data-summary]")] == [
        "The council has agreed",
        "The school costs 45 million euros",
        "Everybody is pleased",
    ]
    assert [s.text for s in page.all("[data-source]")] == [s.text for s in cut(TEXT)]
    left_out = page.find(".left-out").text
    assert "Teilen" in left_out
    assert "Left out: not part of the article" in left_out


def test_doubts_are_marked_and_explained_in_words(browser, port):
    page = Page(browser, port)
    page.summarise(TEXT)
    marked = [one.get_attribute("data-summary") for one in page.all(".doubted")]
    assert marked == ["1", "2"]
    explained = page.find(".doubts").text
    assert "The number “45” is not in the German text." in explained
    assert "No sentence of the article was found that says this." in explained


def test_sentences_light_up_both_ways_by_pointer_and_by_key(browser, port):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    page = Page(browser, port)
    page.summarise(TEXT)
    school = page.find("[data-summary='1']")
    ActionChains(browser).move_to_element(school).perform()
    page.wait(lambda: "Die Schule kostet 20 Millionen Euro." in page.lit())
    ActionChains(browser).move_to_element(page.find("[data-source='0']")).perform()
    page.wait(lambda: any(text.startswith("The council has agreed") for text in page.lit()))
    ActionChains(browser).move_to_element(page.find("h1")).perform()
    page.wait(lambda: page.lit() == [])
    school.send_keys(Keys.ENTER)
    assert school.get_attribute("aria-pressed") == "true"
    note = page.find(".note").text
    assert "Die Schule kostet 20 Millionen Euro." in note
    assert "English of: Die Schule" in note
    assert "is not in the German text" in note
    school.send_keys(Keys.SPACE)
    assert school.get_attribute("aria-pressed") == "false"


def test_mark_up_in_an_article_is_shown_as_text(browser, port):
    page = Page(browser, port)
    page.summarise(HOSTILE)
    assert "<script>" in page.find(".german").text
    assert "<img" in page.find(".summary").text
    assert page.all("#report img, #report script") == []
    assert browser.title == "Kurzum"


def test_what_goes_wrong_is_said_and_the_text_stays(browser):
    limits = Limits(characters=20)
    with listening(create_app(PagePipeline, limits)) as port:
        page = Page(browser, port)
        page.paste(TEXT)
        page.find("button.primary").click()
        page.wait(lambda: page.find("#error").is_displayed())
        assert "longer than 20 characters" in page.find("#error").text
        assert page.find("#text").get_property("value") == TEXT


def test_progress_is_shown_and_can_be_stopped(browser):
    go = threading.Event()

    def work(_article, on_progress):
        while not go.wait(0.05):
            on_progress("translate", 3, 12)

    pipeline = PagePipeline(work)
    with listening(create_app(lambda: pipeline, Limits())) as port:
        page = Page(browser, port)
        page.paste(TEXT)
        page.find("button.primary").click()
        page.wait(lambda: "3 of 12 sentences" in page.find("#step").text)
        page.find("#stop").click()
        page.wait(lambda: page.find("#text").is_displayed())
        page.wait(lambda: pipeline.ended == ["Cancelled"])
        assert page.find("#text").get_property("value") == TEXT
        go.set()


def test_an_example_is_one_click_away(browser, port, monkeypatch, tmp_path):
    (tmp_path / "a.txt").write_text("- " + TEXT.partition("\n\n")[2], encoding="utf-8")
    monkeypatch.setattr(pages, "EXAMPLES", tmp_path)
    pages.example_articles.cache_clear()
    page = Page(browser, port)
    page.wait(lambda: page.find("#examples").is_displayed())
    page.find("#examples button").click()
    page.wait(lambda: page.find("#report").is_displayed())
    monkeypatch.setattr(pages, "EXAMPLES", tmp_path / "none")
    pages.example_articles.cache_clear()
    Page(browser, port)
    assert not page.find("#examples").is_displayed()
    pages.example_articles.cache_clear()


@pytest.mark.parametrize("width", [320, 768, 1600])
def test_nothing_is_wider_than_the_screen(browser, port, width):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    try:
        page = Page(browser, port)
        page.summarise(TEXT)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        english, german = page.find(".summary").rect, page.find(".source").rect
        assert (english["x"] + english["width"] <= german["x"]) == (width > 900)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_nothing_breaks_the_content_security_policy(browser, port):
    browser.get_log("browser")
    page = Page(browser, port)
    page.summarise(TEXT)
    browser.get(f"http://127.0.0.1:{port}/docs")
    page.wait(lambda: page.all("#swagger-ui .info"))
    assert [entry["message"] for entry in browser.get_log("browser")] == []


def test_the_page_allows_no_other_source_and_no_frame():
    with client_of(StubPipeline()) as client:
        for path in ("/", "/docs", "/page/page.js", "/health/live"):
            headers = client.get(path).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
        policy = client.get("/").headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        text = client.get("/").text
        assert 'src="/' not in text
        assert 'href="/' not in text
        assert "http:" not in text
