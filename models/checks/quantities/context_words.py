"""Words that stand by numbers, and which of them are the same in German and English: names and cognates by their
beginnings, others by a list."""

import re
import unicodedata
from functools import lru_cache

from models.checks.quantities.numerals import word_set

STEM_LENGTH = 5
# Only the beginning of a word decides; the rest of a long one is not looked at.
MAX_COMPARED_LETTERS = 40
# German = English, by their beginnings.
WORD_PAIRS = """
mensch person leute = people person | tote todes opfer getötet starb = dead death died killed victi
verletzt = injur wound hurt | jahr jährig = year aged | monat = month | woche = week | tag = day | stunde = hour
minut = minut | sekund = secon | kind = child kids | frau = woman women wife | mann männer = man men
schüler = pupil stude | student = stude | mitglied = membe | spieler = playe | spiel partie = game match play
tor treffer = goal | punkt = point | platz rang = place rank spot | sieg gewinn gewann = win won victo
niederlage verlor = loss lost defea | titel = title | minister = minis | land länder = count state
stadt = city town | dorf = villa | haus häuser = house home | wohnung = apart flat
einwohner = inhab resid popul | gast gäste = guest | besucher zuschauer = visit spect audie | fan = fans
beamte polizist = offic | soldat = soldi troop | flüchtling = refug
arbeiter mitarbeiter beschäftigte = worke emplo | stelle arbeitsplatz = job jobs
unternehmen firma firmen = compa firm busin | auto wagen fahrzeug = car cars vehic | schiff = ship
flugzeug = aircr plane | bus = bus | zug züge = train | stimme = vote | sitz = seat
abgeordnet = membe lawma depu mps | wähler = voter | prozent = perce | euro = euro | dollar = dolla
million = milli | seite = page side | buch bücher = book | film = film movie | meter = metre meter | kilo = kilo
grad = degre | höhe hoch = high heigh | lang länge = long lengt | breit = wide | tief = deep depth
alt alter = age aged old | geboren = born | gegründet = found estab | eröffnet = opene | gebaut erbaut = built
halbzeit = half | runde = round | satz sätze = set sets | saison = seaso | liga = leagu | gruppe = group
mannschaft team = team | fall fälle = case | straße = stree road | uhr = clock | abend = eveni night
morgen = morni | nacht = night | nachmittag = after | über mehr = over more than above excee
unter weniger = under less fewer below | fast knapp beinahe = almos nearl just
rund etwa circa ungefähr = about aroun appro some rough | mindestens = least | bis = up to until | seit = since
nach = after | vor = ago befor | von = from | auf = to | gegen = again aroun | insgesamt = total overa
jeweils = each | davon = of which | weitere = more anoth furth other | kosten kostet = cost
preis = price prize | umsatz = sales reven turno | gewinn = profi | verlust = loss | schulden = debt
steuer = tax | stieg gestiegen steigt = rose risen incre climb
fiel sank gesunken gefallen = fell falle drop decli | aktie = share stock | schaden = damag | feuer brand = fire
unfall = accid crash | alkohol = alcoh | haft gefängnis = priso jail | wohn = live living resid
kandidat = candi | schule = schoo | klasse = class grade | lehrer = teach | bett = bed | zimmer = room
etage stock = floor store story | insel = islan | baum bäume = tree | tier = anima | hund = dog | pferd = horse
kirche = churc | jahrhundert = centu | jahrzehnt = decad | startet gestartet = start
beginn begann = begin began start | ende = end | anfang = begin start early | mitte = mid middl
artikel = artic | paragraf paragraph = parag secti | kapitel = chapt | teil = part | nummer nr = numbe no
stufe = level stage | band = volum | sohn = son sons | tochter = daugh | bruder brüder = broth
schwester = siste | eltern = paren | familie = famil | paar = pair coupl | januar = janua | februar = febru
märz = march | juni = june | juli = july | mai = may | oktober = octob | dezember = decem | montag = monda
dienstag = tuesd | mittwoch = wedne | donnerstag = thurs | freitag = frida | samstag = satur | sonntag = sunda
freund = frien | ausgabe = editi issue | prozess = trial | jungen = boys | mädchen = girl girls
männlich = male | weiblich = femal | spieltag = match
"""
STOP_WORDS = word_set(
    """
    der die das den dem des ein eine einen einem einer und in im an am zu zum zur mit für ist war sind wurde wurden
    hat dass sich er sie es the a an of and in on at for with is was were are has had by as it its that this his her
    """
)


def fold_cognate(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold().replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.replace("c", "k").replace("y", "i").replace("ph", "f").replace("z", "s")


def _stem_tables() -> tuple[dict[str, frozenset[int]], dict[str, frozenset[int]]]:
    german: dict[str, set[int]] = {}
    english: dict[str, set[int]] = {}
    for number, entry in enumerate(re.split(r"[|\n]", WORD_PAIRS.strip())):
        here, there = entry.split("=")
        for word in here.split():
            german.setdefault(fold_cognate(word)[:STEM_LENGTH], set()).add(number)
        for word in there.split():
            english.setdefault(fold_cognate(word)[:STEM_LENGTH], set()).add(number)
    return {w: frozenset(n) for w, n in german.items()}, {w: frozenset(n) for w, n in english.items()}


GERMAN_STEMS, ENGLISH_STEMS = _stem_tables()
NO_ENTRIES: frozenset[int] = frozenset()


def context_key(word: str, lang: str) -> tuple[str, frozenset[int]]:
    """Return the beginning of a word, and the entries of the list that it stands in."""
    return _context_key(word[:MAX_COMPARED_LETTERS], lang)


@lru_cache(maxsize=8192)
def _context_key(word: str, lang: str) -> tuple[str, frozenset[int]]:
    folded = fold_cognate(word)
    table = GERMAN_STEMS if lang == "de" else ENGLISH_STEMS
    for length in range(STEM_LENGTH, 2, -1):
        if (entry := table.get(folded[:length])) is not None and (length == STEM_LENGTH or len(folded) - length <= 2):
            return folded[:STEM_LENGTH], entry
    return folded[:STEM_LENGTH], NO_ENTRIES
