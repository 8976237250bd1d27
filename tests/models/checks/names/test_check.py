"""Names that the source lacks, and the many ways in which it may have one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checks.names.check import name_flags
from models.checks.names.source_index import SourceIndex
from models.checks.names.spelling import consonant_key, differs_by_one_letter, fold, phonetic_key, roman_numerals
from models.checks.texts import SourceSentence
from tests.benchmarks.names import around, measure, names, names_at_start, pairs, rows, whole
from tests.benchmarks.questions import articles
from tests.conftest import DATA


def flagged_names(german: str, english: str) -> list[str]:
    flags = name_flags(SourceIndex([SourceSentence(german, "de")]), english)
    assert all(f.kind == "name" and f.cause == "added" for f in flags)
    return [f.text for f in flags]


@pytest.mark.parametrize(
    ("german", "english"),
    [
        ("Musks Konzern bot mit.", "The Musk group made a bid."),
        ("Der Musk-Konzern bot mit.", "Musk's group made a bid."),
        ("Es bebte in der Südosttürkei.", "There was a quake in southeastern Turkey."),
        ("Sie lebt in Kalifornien.", "She lives in California."),
        ("Er traf Präsident Selenskyj in Kiew.", "He met President Zelensky in Kyiv."),
        ("Boris Jelzin kam nach Köln.", "Boris Yeltsin came to Cologne."),
        ("Die österreichische Regierung lehnt das ab.", "The Austrian government rejects this."),
        ("Die Vereinten Nationen warnen.", "The United Nations warn."),
        ("Die EZB senkt den Zins.", "The European Central Bank is cutting its rate."),
        ("Das Bundesverfassungsgericht entschied.", "The Federal Constitutional Court decided."),
        ("Der Große Preis von Belgien war am Sonntag.", "The Grand Prix of Belgium was on Sunday."),
        ("Der SPD-Chef spricht.", "The head of the SPD is speaking."),
        ("Der Terrorist wurde von der GSG-9 gefasst.", "The terrorist was caught by the GSG 9."),
        ("Dort liegt Schnee. Gestern kam mehr.", "There is snow. Yesterday brought more."),
        ("Mehr Schnee in den Bergen erwartet", "More Snow Expected Soon in the Mountains"),
        ("Er sagte: „Morgen kommt Schnee.“", "He said: “Tomorrow there will be snow.”"),
        ("Im Mai war sie Chefin.", "In May she was CEO."),
        ("Erdogan reiste ab.", "Erdoğan departed."),
        ("Die Straße heißt Goethestraße.", "The street is called Goethestrasse."),
        ("Die Inderin lebt mit einem Dänen in Polen.", "The Indian lives with a Dane in Poland."),
        ("Im Nahen Osten herrscht Ruhe.", "All is quiet in the Middle East."),
        ("Die Wirtschaft der USA und der UKs.", "Now the economy of the US and of the UK."),
        ("Der Perser lebt in Nordkorea.", "The Persian lives in North Korea."),
        ("Die Hauptstadt des Niger liegt am Fluss.", "The capital of Niger lies on the river."),
        ("Er fischt im Nigerdelta.", "He fishes in the Niger delta."),
        ("Die Freiburger gewannen.", "Then Freiburg won."),
        ("Ludwig XIV. baute das Schloss.", "It was Louis XIV who built the palace."),
        ("Ludwig XIV. starb lange vor dem Zweiten Weltkrieg.", "Louis XIV died long before World War II."),
        ("Ludwig der Vierzehnte baute es.", "It was built by Louis XIV."),
        ("Der Verband Österreichischer Banken warnt.", "There is a warning by the VOB."),
        ("Jewgeni Prigoschin traf Scheich Hasina.", "There Yevgeny Prigozhin met Sheikh Hasina."),
        ("In Saporischschja blieb Walerij Saluschnyj.", "Then Valerii Zaluzhnyi stayed in Zaporizhzhia."),
        ("Der Staat hieß Großmähren.", "The state was called Great Moravia."),
        ("Die Ostmelanesier kamen aus dem Süden.", "The eastern Melanesians came from the south."),
        ("Die Moldau fließt durch Budweis.", "Here the Vltava flows through České Budějovice."),
        ("Lucas Cranach der Ältere malte im Mittelalter.", "There Lucas Cranach the Elder painted Medieval scenes."),
        ("Größere Flüsse fließen nach Norden.", "Major rivers flow north."),
        ("Die Romanisierung dauerte lange.", "There the process of Romanization took long."),
        ("Die 1970er brachten Ärger.", "Things got worse in the Seventies."),
        ("Der Bund will sparen, sagt der Finanzminister.", "The state must save, says the Finance Minister."),
    ],
)
def test_a_name_is_found_in_other_spellings_inflections_and_translations(german: str, english: str) -> None:
    assert flagged_names(german, english) == []


@pytest.mark.parametrize(
    ("german", "english", "name"),
    [
        ("Musk bot mit.", "Bezos made a bid.", "Bezos"),
        # Words of a dictionary, used as names at the start of a sentence.
        ("Altman lehnte das Angebot ab.", "Musk rejected the offer.", "Musk"),
        ("Microsoft kauft die Firma.", "Apple is buying the company.", "Apple"),
        ("Bosch streicht 5.000 Stellen.", "Siemens said it would cut 5,000 jobs.", "Siemens"),
        ("Griechenlands Regierung droht.", "Turkey's government is making threats.", "Turkey"),
        ("Der Kanzler lehnte ab: Er will nicht.", "It was refused: Macron has no wish to.", "Macron"),
        ("Elon Musk bot mit.", "Elon Watch made a bid.", "Watch"),
        ("Sie lebt in Kalifornien.", "She lives in Texas.", "Texas"),
        ("Die französische Regierung lehnt ab.", "The Italian government rejects this.", "Italian"),
        ("Die SPD verliert.", "The CDU is losing.", "CDU"),
        ("Die Sportler der Gruppe verlieren.", "The athletes of the SPD are losing.", "SPD"),
        ("Die internationale Presse schreibt.", "The press in Germany writes.", "Germany"),
        ("Das britische Gesundheitssystem ist teuer.", "The British system, the NRA, is expensive.", "NRA"),
        ("Er fuhr auf der A8.", "He drove on the A9.", "A9"),
        ("OpenAI wurde verkauft.", "OpenMind was sold.", "OpenMind"),
        ("Er sprach mit Angela Merkel.", "He spoke to Angela Watch.", "Watch"),
        ("Die Politik in Ungarn ist neu.", "The politics of Poland are new.", "Poland"),
        ("Die Kinder der Industrie in China.", "The children of industry in India.", "India"),
        ("Danach reiste er nach Schweden.", "Then he travelled to Denmark.", "Denmark"),
        ("Im Irak starben 20 Personen.", "In Iran, 20 people died.", "Iran"),
        ("Die besten Firmen im Westen.", "The best firms in Estonia.", "Estonia"),
        ("Die Ermittler nahmen ihn fest.", "He was held in the Middle East.", "East"),
        ("Südkorea gewann.", "This time North Korea won.", "North"),
        ("Er reiste nach Nigeria.", "He travelled to Niger.", "Niger"),
        ("Der Nigerianer fischt.", "He fishes in Niger.", "Niger"),
        ("Er reiste nach Niger.", "He travelled to Nigeria.", "Nigeria"),
        ("Sie lebt in Freiberg.", "She lives in Freiburg.", "Freiburg"),
        ("Sie lebt in Homburg.", "She lives in Homberg.", "Homberg"),
        ("Ludwig XIV. baute das Schloss.", "It was Louis XV who built the palace.", "XV"),
        ("Karl V. dankte ab.", "It was Charles IV who abdicated.", "IV"),
        ("Franz I. regierte lange.", "Francis II reigned for long.", "II"),
        ("Die Grünen gaben ihr Geld der Bank.", "The money was given to the GGB.", "GGB"),
        # Names of several words, whose other words are borne out.
        ("Das Bundesarbeitsgericht entschied.", "The Federal Constitutional Court decided.", "Constitutional"),
        ("Die Welthandelsorganisation tagt.", "The World Health Organization is meeting.", "Health"),
        ("Das Verteidigungsministerium schweigt.", "The Ministry of Finance is silent.", "Finance"),
        ("Das Bundeskartellamt prüft den Kauf.", "The Federal Reserve is looking at the deal.", "Reserve"),
        ("Am Genfer See ist es warm.", "It is warm on Lake Lucerne.", "Lucerne"),
    ],
)
def test_another_name_is_flagged(german: str, english: str, name: str) -> None:
    assert name in flagged_names(german, english)


@pytest.mark.parametrize(
    "english",
    [
        "Rice prices are rising.",
        "Apple growers are worried.",
        "Total sales fell.",
        "Fox and hare sleep.",
        "Strong: that's what it is.",
        "Bird kept by a farmer escapes.",
        "Reading is fun.",
    ],
)
def test_an_ordinary_word_at_the_start_of_a_sentence_is_not_a_name(english: str) -> None:
    assert name_flags(SourceIndex([SourceSentence("Das ist so.", "de")]), english) == ()


def test_first_name_and_surname_get_one_flag() -> None:
    assert flagged_names("Ein Mann kam.", "Then a man called Jeff Bezos came.") == ["Jeff Bezos"]


def of_summary(summary: str, german: str, translation: str | None = None) -> list[str]:
    return [f.text for f in name_flags(SourceIndex([SourceSentence(german, "de", translation)]), summary)]


def test_a_name_in_the_translation_is_enough() -> None:
    german, summary = "Die Berliner Elf gewann.", "It was a win for Hertha."
    assert of_summary(summary, german) == ["Hertha"]
    assert of_summary(summary, german, "Hertha won.") == []


def test_a_name_of_several_words_may_come_from_the_translation_or_the_german() -> None:
    german, summary = "Die Welthandelsorganisation tagt.", "Now the World Health Organization is meeting."
    assert of_summary(summary, german) == ["Health"]
    assert of_summary(summary, german, "The World Health Organization meets.") == []
    assert flagged_names("Sie las vom White House Dinner.", "She read about the White House dinner.") == []


def test_words_in_small_letters_in_the_translation_support_no_name() -> None:
    german, summary = "Die Behörden warnen.", "The warning came from Germany."
    assert of_summary(summary, german, "Then the federal authorities issued a warning.") == ["Germany"]
    assert of_summary(summary, german, "Then the German authorities issued a warning.") == []


def test_spelling_keys_ignore_transliteration_only() -> None:
    assert phonetic_key(fold("Jelzin")) == phonetic_key(fold("Yeltsin"))
    assert consonant_key(fold("Selenskyj")) == consonant_key(fold("Zelensky"))
    assert fold("Köln") == fold("Koeln") == "koln"
    assert differs_by_one_letter("lorch", "loch")
    assert not differs_by_one_letter("merkel", "markus")
    assert phonetic_key(fold("Berlin")) != phonetic_key(fold("Bern"))
    assert not differs_by_one_letter("freiberg", "freiburg")


def test_a_roman_numeral_has_a_value_only_after_a_word() -> None:
    found = roman_numerals("Karl V. und Franz I. schrieben auf X; Ludwig XIV. und Leo XXIX, II. Teil, Israel IIII")
    assert [(match.group(), value) for match, value in found] == [("V", 5), ("I", 1), ("XIV", 14), ("XXIX", 29)]


@given(st.text(max_size=80), st.text(max_size=80))
def test_flags_name_words_of_the_target(german: str, english: str) -> None:
    assert all(part in english for part in flagged_names(german, english))


@given(st.text(alphabet='ABEIMNabeilmnorstuß.,:-’ "', max_size=80))
def test_every_text_supports_its_own_words(text: str) -> None:
    assert flagged_names(text, text) == []


def test_the_benchmark_finds_names_by_its_own_rules() -> None:
    german, english = "Angela Merkel traf die SPD in Berlin.", "Then Angela Merkel met the SPD in Berlin."
    found = list(names(german, english))
    assert [(n.kind, n.text) for n in found] == [
        ("first name and surname", "Angela Merkel"),
        ("surname", "Merkel"),
        ("acronym", "SPD"),
        ("place", "Berlin"),
    ]


def test_the_benchmark_counts_names_at_the_start_of_a_sentence_separately() -> None:
    german, english = "Merz sagte ab. Das Team auch. Griechen jubeln.", "Merz cancelled. Team too. Greece cheers."
    found = [(name.kind, name.text) for name in names_at_start(german, english, frozenset({"team"}))]
    assert found == [("one word at the start", "Merz"), ("country at the start", "Greece")]


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(DATA.glob("parallel/dev.*.tsv.gz")), ids=lambda p: p.name)
def test_exchanged_names_are_found_and_human_translations_are_not_flagged(path: Path) -> None:
    """At least 90 % of exchanged names are found, and at most 5 % of human translations are flagged."""
    table = rows(path)
    lines, flagged, made, seen = measure(pairs(table), [german for german, _ in table])
    assert flagged <= 0.05 * lines
    assert seen.total() >= 0.9 * made.total()
    assert made.total() > 500
    lines, flagged, made, seen = measure(around(table), [german for german, _ in table])
    assert flagged <= 0.05 * lines
    assert seen.total() >= 0.9 * made.total()
    if len(found := articles(path)) > 1:
        lines, flagged, made, seen = measure(whole(found), [german for article in found for german, _ in article])
        assert flagged <= 0.05 * lines
        assert seen.total() >= 0.9 * made.total()
