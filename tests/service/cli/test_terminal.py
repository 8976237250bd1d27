import io
import sys

import pytest

from service.cli.styles import terminal_styles
from service.cli.terminal import Progress, emit, note, takes_colour, terminal_width
from service.failures import OutputFailed
from service.printable import printable


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Put a terminal where stderr is; to be called in the test itself, as pytest has its own stderr for fixtures."""
    shown = Screen()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr("tqdm.std.tqdm.monitor_interval", 0)
    return shown


def test_a_terminal_sees_what_is_done_of_how_much_and_an_empty_line_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)
    with Progress() as progress:
        on_progress = progress.watching("folder/a\x1b.txt")
        on_progress("translate", 0, 4)
        on_progress("translate", 3, 4)
        on_progress("summarize", 1, 1)
    text = screen.getvalue()
    assert "a?.txt: translate" in text
    assert "folder" not in text
    assert "0/4" in text
    assert "a?.txt: summarize" in text
    assert text.endswith("\r")


def test_a_first_build_is_a_bar_on_a_terminal_and_one_line_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = terminal(monkeypatch)
    with Progress() as progress:
        progress.building("weights", 0.5)
    assert "weights:  50%" in screen.getvalue()
    plain = io.StringIO()
    monkeypatch.setattr(sys, "stderr", plain)
    with Progress() as progress:
        progress.building("base weights", 0.0)
        progress.building("weights", 0.5)
    assert plain.getvalue() == "kurzum: The model is made ready for use; this happens only once and takes a while.\n"


def test_away_from_a_terminal_a_long_download_says_now_and_then_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = io.StringIO()
    monkeypatch.setattr(sys, "stderr", plain)
    times = iter([0.0, 1.0, 10.0, 11.0, 25.0])
    monkeypatch.setattr("service.cli.terminal.time.monotonic", lambda: next(times))
    with Progress() as progress:
        for share in (0.0, 0.1, 0.2, 0.3, 0.4):
            progress.building("fetching people/bart", share)
    assert plain.getvalue().splitlines()[1:] == [
        "kurzum: fetching people/bart: 20%.",
        "kurzum: fetching people/bart: 40%.",
    ]


def test_a_result_takes_the_bar_away_while_it_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = terminal(monkeypatch)
    with Progress() as progress:
        progress.watching("a.txt")("translate", 0, 4)
        bars = screen.getvalue().count("0/4")
        emit("A result.")
        assert screen.getvalue().count("0/4") == bars + 1
    assert capsys.readouterr().out == "A result.\n"


def test_messages_that_nobody_can_read_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    note("lost")


def test_names_are_shown_without_what_disturbs_a_terminal() -> None:
    assert printable("a\x1b[31m\n\udcfcß.txt") == "a?[31m??ß.txt"


def test_a_closed_standard_output_is_no_terminal_and_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert (terminal_width(), takes_colour()) == (None, False)
    with pytest.raises(OutputFailed, match="closed"):
        emit("x")


def test_there_is_no_colour_without_a_terminal() -> None:
    assert terminal_styles().doubt("x") == "x"
