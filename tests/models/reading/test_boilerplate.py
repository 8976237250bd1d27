"""Lines that stand around articles go; lines of articles stay, however short."""

import gzip
import json
import time

import pytest

from models.reading.boilerplate import find_boilerplate
from models.reading.sentences import split_sentences
from tests.conftest import DATA

NEWS = DATA / "news" / "gnad_200.jsonl.gz"

BOILERPLATE = """
Kommentar schreiben
Kommentar verfassen
* Pflichtfelder.
Schreiben Sie einen Kommentar
Deine E-Mail-Adresse wird nicht veröffentlicht. Erforderliche Felder sind mit * markiert
Mit * gekennzeichnete Felder sind Pflichtfelder
Name *
E-Mail-Adresse *
Leave a Reply
Your email address will not be published. Required fields are marked *
12 Kommentare
Auf Facebook teilen
Teilen: Facebook | Twitter
Folgen Sie uns auf Instagram
Share this article
Jetzt unseren Newsletter abonnieren
Subscribe to our newsletter!
Diese Website verwendet Cookies, um Ihnen das beste Erlebnis zu bieten.
Alle Cookies akzeptieren
Jetzt anmelden
Lesen Sie auch: Warum alles teurer wird
Lesen Sie mehr zum Thema
Mehr zum Thema
Das könnte Sie auch interessieren
Read more: Why everything costs more
Related articles
© 2024 Musterverlag GmbH
Alle Rechte vorbehalten.
Copyright 2024 Musterverlag
Impressum | Datenschutz | AGB
About this publication
Foto: dpa
(Foto: Max Mustermann/Imago)
Bild: APA/Erika Musterfrau
Photo by Jane Doe on Unsplash
Quelle: Statistik Austria
Von Max Mustermann
Von Max Mustermann und Erika Musterfrau, Berlin
VON MAX MUSTERMANN
By Jane Doe
Autor: Laura
Author: Jane Doe
Ein Gastbeitrag von Erika Musterfrau
| Redaktion
3. Dezember 2024
Dienstag, 3. Dezember 2024, 14:30 Uhr
Stand: 03.12.2024, 14:30 Uhr
Aktualisiert am 3.12.2024 um 9 Uhr
December 3, 2024
Tue, Dec 3, 2024 at 10:30 am
vor 3 Stunden
Lesezeit: 4 Minuten
5 min read
(APA, 3.12.2024)
(APA/dpa, 3.12.2024)
(hol, 3.12.2024)
(red)
dpa/afp
https://www.beispiel.de/artikel/1
beispiel.at
redaktion@beispiel.de
#Klima #Politik
Schlagwörter: Klima, Politik
Anzeige
""".strip().splitlines()

CONTENT = """
Kapitalschlacht…
… und juristische Scharmützel
Rivalität in der KI-Branche
Datenschutz
Kommentar: Warum der Kanzler irrt
Kommentar schreiben will hier keiner mehr.
Folgen
Von Hamburg nach Berlin
Von wegen Klimaschutz
Von der Leyen tritt wieder an
Bild: Merkel tritt zurück
Foto: Das neue Rathaus in Wien
Autor Peter Handke
Dezember 2024
24. Dezember
Teilen und herrschen
Lesen Sie, was wir dazu wissen.
Wien (APA) - Die Regierung hat beschlossen, was sie schon lange wollte.
Die Fotos: dpa hat sie verbreitet, sagt der Sprecher.
Trend
Red Bull
SPÖ/ÖVP
- Erstens gibt es kein Geld.
1. Die Kontrolle über das Unternehmen
Was bedeutet das für die Zukunft?
Wir verwenden Geld, das wir nicht haben.
Sharing is caring
By the sea
Sources say that he will resign.
About the author of the bill
Alle Rechte der Frauen
""".strip().splitlines()


@pytest.mark.parametrize("line", BOILERPLATE)
def test_a_line_of_the_page_goes(line: str) -> None:
    assert find_boilerplate(["Die Regierung hat es beschlossen.", line, "Sie will es bald tun."])[1] == "furniture"


@pytest.mark.parametrize("line", CONTENT)
def test_a_line_of_the_article_stays(line: str) -> None:
    assert find_boilerplate(["Die Regierung hat es beschlossen.", line, "Sie will es bald tun."]) == [None, None, None]


@pytest.mark.parametrize("line", ["<--", "2024-12-24", "| 03.12.2024", "***", "1.", "14:30", "…", "→ 12 ←"])
def test_a_line_without_a_letter_goes_for_that_reason(line: str) -> None:
    assert find_boilerplate([line]) == ["no letters"]


def test_a_blank_line_is_neither_kept_nor_dropped() -> None:
    assert find_boilerplate(["", "   "]) == [None, None]


def test_a_word_that_may_be_a_heading_goes_only_beside_other_furniture_or_at_the_end() -> None:
    assert find_boilerplate(["Ein Satz.", "Datenschutz", "Noch ein Satz."])[1] is None
    assert find_boilerplate(["Ein Satz.", "Datenschutz", "", "Impressum", "Noch ein Satz."])[1] == "furniture"
    assert find_boilerplate(["Ein Satz.", "Teilen", "Drucken", "Merken", "Noch ein Satz."])[1:4] == ["furniture"] * 3
    assert find_boilerplate(["Ein Satz.", "Datenschutz"])[1] == "furniture"


@pytest.mark.parametrize(
    "line",
    [
        "Foto: " + "A" * 26 + "!",
        "Foto: " + "A-" * 100 + "!",
        "Quelle: IBAN DE89370400440532013000 bei der Sparkasse",
        "Von " + "Ab " * 60 + "!",
        "Autor: " + "Ab, " * 50 + "!",
        "a" * 100 + "@" + "b." * 50 + "!",
        "#a " * 70 + "!",
        "twitter, " * 24 + "!",
    ],
)
def test_a_line_that_nearly_matches_costs_nothing(line: str) -> None:
    """A pattern with two ways to take the same words would take seconds or hours."""
    started = time.process_time()
    find_boilerplate([line])
    assert time.process_time() - started < 0.2


def test_ten_times_the_lines_cost_ten_times_the_time() -> None:
    """The square would cost a hundred times."""
    lines = [f"{n} Von {'Ab ' * 60}" for n in range(2_000)] + ["Tel.: 0999 / 1"] * 2_000 + ["Mehr zum Thema"] * 2_000
    find_boilerplate(lines[:10])
    started = time.process_time()
    find_boilerplate(lines[::10])
    tenth = time.process_time() - started
    started = time.process_time()
    find_boilerplate(lines)
    assert time.process_time() - started <= 30 * tenth + 0.5


if NEWS.exists():

    def test_at_most_one_character_in_two_hundred_of_real_news_goes() -> None:
        dropped = total = 0
        with gzip.open(NEWS, "rt", encoding="utf-8") as lines:
            articles = [json.loads(line)["article"] for line in lines]
        for article in articles:
            # The articles stand on one line each: sentence by sentence is the harder trial.
            sentences = [article[start:end] for start, end in split_sentences(article)]
            for sentence, reason in zip(sentences, find_boilerplate(sentences), strict=True):
                size = len("".join(sentence.split()))
                total += size
                dropped += size if reason else 0
        assert dropped <= 0.005 * total
