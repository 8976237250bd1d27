"""Opposites in both languages: what says one of the two for sure, and all that may say it, by parts of words.

What may say it is taken widely: these lists excuse, and a translator may put one thing in many ways. `opposites.py`
has the rule.
"""

import re
from dataclasses import dataclass

# A word with $ is a particle at the end of its clause: "die Zahl nahm … zu".
_END = r"\b(?=[.,;:!?“\"]|$| und\b| oder\b)"


@dataclass(frozen=True, slots=True)
class Antonym:
    """One of two opposites: words that say it for sure, and all that may say it, in German and in English.

    The patterns are for texts in small letters: regardless of case the search takes about half as long again.
    """

    german: re.Pattern[str]
    english: re.Pattern[str]
    german_like: re.Pattern[str]
    english_like: re.Pattern[str]


def _pole(german: str, english: str, german_like: str, english_like: str) -> Antonym:
    sure = [rf"\b(?:{'|'.join(words.split())})\b" for words in (german, english)]
    like = [
        "|".join([one, *(rf"\b{word[:-1]}{_END}" if word.endswith("$") else word for word in words.split())])
        for one, words in zip(sure, (german_like, english_like), strict=True)
    ]
    return Antonym(*(re.compile(pattern) for pattern in (*sure, *like)))


ANTONYM_PAIRS = (
    (
        _pole(
            r"""gesunken\w* sink(?:t|en|end\w*) sank(?:en)? (?:zu)?rückgegangen\w* rückgang\w* rückläufig\w*
                geschrumpft\w* schrumpf(?:t|te|ten|en) verringer(?:t|te|ten|n) abgenommen\w* abnahme eingebrochen\w*
                einbruch""",
            r"""falls? falling fell fallen declin(?:e[sd]?|ing) drop(?:s|ped|ping)? decreas(?:e[sd]?|ing) sinks?
                sinking sank sunk shr[aiu]nk(?:s|ing)? slump(?:s|ed|ing)? plung(?:e[sd]?|ing) plummet(?:s|ed|ing)?
                dwindl(?:e[sd]?|ing)""",
            r"""sink senk sank fall gefallen fäll fiel rück nieder weniger gering kürz reduz minder einbu einbr
                verl[uio] abwärts schwäch schwach schlecht schrumpf tief minus halbier nachl rezession abnehm nahm
                abschwung absteig abstieg abgestieg kürzer kleiner untergrab \bab\w*t\b ab$ unter$ aus$""",
            r"""\bless\b fewer lower \bdown \bcut reduc loss \blos[et] weak negativ slow recession minus tumbl crash
                collaps \beas \bback\b \bdip slash halv no\slonger wors deteriorat erod slid retreat \boff\b shed
                contract reced narrow smaller abat under diminish""",
        ),
        _pole(
            r"""(?:an)?steig(?:t|en|end\w*) (?:an)?stieg(?:en)? (?:an)?gestiegen\w* anstieg\w* zunahme zugenommen\w*
                wächst wuchs(?:en)? gewachsen\w* \w*wachstum\w* erhöh(?:t|te|ten|en|ung\w*) zuwachs""",
            r"""rise[sn]? rising rose increas(?:e[sd]?|ing) surg(?:e[sd]?|ing) spik(?:e[sd]?|ing) soar(?:s|ed|ing)?
                grew grow(?:s|n|ing|th)? skyrocket(?:ed|ing)?""",
            r"""steig stieg wachs wuchs wächs zuwa zunehm erhöh höher hoch höch mehr kletter plus\b verdoppel verdreif
                verbess verstärk ausbau ausweit boom auftrieb aufschwung sprung sprang größer gewinn gewann entwick
                steiger vermehr teur verschärf aufgeh geht anheb hebt stärk schwell wird auf$ zu$ an$""",
            r"""climb jump higher \bup\b more rall gain doubl tripl upswing upturn uptick boost expan rais improv
                strength widen better high ascend escalat intensif addition mount swell inflat enhanc larger bigger
                greater""",
        ),
    ),
    (
        _pole(
            r"gewann(?:en)? gewonnen siegt(?:e|en)? sieg",
            r"won wins winning victory victories",
            r"""sieg gew[aio]nn besieg bezw schlug schläg schlag triumph durchgesetzt setzt erob erfolg holt titel
                meister behaupt glück übertr""",
            r"\bwin won\b victor beat defeat triumph success gain succeed prevail title champion first",
        ),
        _pole(
            r"verlor(?:en)? verliert verlieren \w*niederlage\w* unterlag(?:en)? unterlegen",
            r"lost loses? losing loss(?:es)?",
            r"""verl[ioeu] niederl unterl schlug schlag schläg besieg bezw geschl scheiter pleite kost weg fehl tod
                tot einbu büß abgab gefall ohne schwund los\b raub abnahm miss defizit minus ausgesch rück aus$""",
            r"los[st] los[es]\b losing defeat beat fail without",
        ),
    ),
    (
        _pole(
            r"(?:ge|auf|an)?kauf(?:t|te|ten|en) erworben erwarb(?:en)?",
            r"buys? bought buying purchas(?:e[sd]?|ing) acquir(?:e[sd]?|ing)",
            r"(?<!ver)kauf käuf erw[oae]rb übern leist anschaff holt beschaff bezieh bezog",
            r"buy bought purchas acqui \btak took \bget \bgot shop customer consumer",
        ),
        _pole(
            r"verkauf(?:t|te|ten|en) veräußer(?:t|te|ten|n)",
            r"sells? sold selling",
            r"""verk[aä]u veräuß absatz abgesetz vertr[ie] abgab abgeb abst[oi]ß vermarkt handel ang[e]?bo anbiet
                bietet absetz los\b""",
            r"\bsell sold \bsale dispos divest",
        ),
    ),
    (
        _pole(
            r"nord(?:en|ens|osten|westen)? nördlich\w*",
            r"north(?:ern|wards?|east\w*|west\w*)?",
            r"nord nörd \bno\b \bnw\b",
            r"north nord \bn\b",
        ),
        _pole(
            r"süd(?:en|ens|osten|westen)? südlich\w*",
            r"south(?:ern|wards?|east\w*|west\w*)?",
            r"süd",
            r"south süd sud",
        ),
    ),
    (
        _pole(r"osten?s? östlich\w*", r"east(?:ern|wards?)?", r"ost öst orient", r"east orient ost"),
        _pole(r"westens? westlich\w*", r"west(?:ern|wards?)?", r"west", r"west"),
    ),
    (
        _pole(
            r"links(?:extrem|radikal|populist|partei|au(?:ß|ss)en|gerichtet)?\w* linken?",
            r"left-wing\w* leftist\w* the\sleft",
            r"link sozialist kommunist",
            r"left linke socialist communist",
        ),
        _pole(
            r"rechts(?:extrem|radikal|populist|partei|au(?:ß|ss)en|gerichtet)\w*",
            r"(?:far|extreme|radical)[\s-]right right-wing\w*",
            r"recht nazi konservativ fpö afd",
            r"right conservative nazi extrem",
        ),
    ),
    (
        _pole(
            r"geöffnet\w* öffnet(?:e|en)? eröffnet(?:e|en)? eröffnung",
            r"open(?:ed|s|ing)?",
            r"öffn offen start beg einweih auf$",
            r"open start begin began launch inaugurat set kick",
        ),
        _pole(
            r"geschlossen\w* schließt schloss(?:en)? schließung\w*",
            r"clos(?:ed|es|ing|ure)",
            r"schl[ieo] sperr dicht zumach ende eng\b nah stillg zu$",
            r"""clos shut end\b conclu lock sign join finali seal enter agree made rul exclud complet finish reach
                struck bring wrap link clinch includ form forge""",
        ),
    ),
    (
        _pole(
            r"beginn(?:t|en)? begann(?:en)? begonnen",
            r"beg[aiu]n(?:s|ning)? start(?:s|ed|ing)?",
            r"""beg[aio]n start anf[aäi]ng eröff auftakt einleit fing früh seit grund ursprün zunächst entsteh gehen
                geht ging neu tr[ae]t los$ an$ auf$ ein$""",
            r"beg[aiu]n start commenc launch open kick initiat onset outset since early set\b embark",
        ),
        _pole(
            r"beendet\w* endet(?:e|en)? beendigung",
            r"end(?:s|ed|ing)? finish(?:ed|es)?",
            r"""ende schl[uioü] letzt fertig absch abgesch vor[bü] ziel zweck vollend einstell stop halt folg tod
                bis\b ablauf abgel gelang komm kam aus$ auf$ ab$""",
            r"end finish conclu complet over stop clos terminat ceas last final",
        ),
    ),
    (
        _pole(
            r"befürwort(?:et|ete|eten|en|er\w*) unterstütz(?:t|te|ten|en|er\w*|ung)",
            r"support(?:s|ed|ers?|ing)? advocat(?:e[sd]?|ing) proponents?",
            r"""befürw unterst förder für\b anh[aä]ng beistand fans? träg hilf helf gunst zust plädi einsetz eintret
                begleit stütz getragen trug ermutig spons stimm aussprach""",
            r"support advocat propon back favo help assist aid endors promot behind fund agree",
        ),
        _pole(
            r"gegner\w* widerstand\w* ablehnung ablehn(?:t|te|ten|en) abgelehnt\w* widersetz(?:t|te|ten|en)",
            r"oppos(?:e[sd]?|ing|ition) opponents? reject(?:s|ed|ing)? refus(?:e[sd]?|ing|al)",
            r"""gegn wider lehn weis wies weiger oppos gegen kontra entgegen nein kontrahent zurück rival feind kritik
                verwarf verworf veto verwehr versag""",
            r"oppos opponen reject refus against resist declin rival enemy critic adversar \bden dismiss turn",
        ),
    ),
    (
        _pole(r"geboren\w*", r"born", r"gebor gebur stamm kind", r"born birth nativ né"),
        _pole(
            r"gestorben starb(?:en)? verstarb verstorben\w*",
            r"died dies dead death",
            r"""st[ae]rb storb \btot \btod töd töt leben leich mord hingericht umkomm umgek erl[aei]g opfer ertr
                verungl gefall verst beiset letal kost""",
            r"died dead death \bdie\b dies late decease pass kill dying fatal murder",
        ),
    ),
    (
        _pole(
            r"\w*vaters? \w*väter[ns]? papa",
            r"(?:grand|step|god)?fathers? dad",
            r"vater väter papa eltern",
            r"father dad parent",
        ),
        _pole(
            r"\w*mutter \w*mütter[ns]? mama",
            r"(?:grand|step|god)?mothers? mum mom",
            r"mutter mütter mama eltern",
            r"mother mum mom parent",
        ),
    ),
    (
        _pole(r"\w*sohn(?:es|e|s)? \w*söhnen?", r"(?:grand|step)?sons?", r"sohn söhn kind", r"\bson child kid"),
        _pole(
            r"\w*tochter \w*töchtern?",
            r"(?:grand|step|god)?daughters?",
            r"tochter töchter kind",
            r"daughter child kid subsidiar",
        ),
    ),
    (
        _pole(r"\w*br[uü]der[ns]?", r"(?:grand|step|god)?brothers?", r"br[uü]der geschwister", r"brother sibling"),
        _pole(r"\w*schwestern?", r"(?:grand|step|god)?sisters?", r"schwester", r"sister sibling"),
    ),
    (
        _pole(
            r"\w*gewinn(?:e|en|s|es)? \w*überschuss(?:es)?",
            r"profits? surplus(?:es)?",
            r"gewinn überschuss profit plus\b ertr[aä]g verdien rendite nutzen",
            r"profit surplus gain earn income winn positive return",
        ),
        _pole(
            r"\w*verluste?n? \w*defizite?[ns]? \w*fehlbetr[aä]g\w*",
            r"loss(?:es)? deficits?",
            r"""verl[uio] niederl defizit fehlbetr minus einbu schwund rote[rn]? schaden ausfall abgang schuld tot tod
                opfer""",
            r"loss los[et] deficit negative shortfall damage red\b debt",
        ),
    ),
    (
        _pole(r"\w*arbeitgeber\w*", r"employers?", r"arbeitgeb unternehm firm betrieb", r"employer compan business"),
        _pole(
            r"arbeitnehmer\w*",
            r"employees? workers?",
            r"arbeitnehm arbeiter mitarbeit beschäftigt angestellt personal beleg kräfte",
            r"employee worker staff labou?r workforce personnel",
        ),
    ),
    (
        _pole(
            r"täter(?:s|n|in|innen)?",
            r"perpetrators? offenders?",
            r"täter verbrecher",
            r"perpetrat offend culprit attacker",
        ),
        _pole(
            r"opfer[ns]?",
            r"victims?",
            r"opfer geschädigt verletzt tot getötet leid betroffen",
            r"victim casualt dead",
        ),
    ),
    (
        _pole(r"\w*import(?:e|en|iert\w*)? einfuhr\w*", r"import(?:s|ed|ing)?", r"import einf[uü]", r"import"),
        _pole(r"\w*export(?:e|en|iert\w*)? ausfuhr\w*", r"export(?:s|ed|ing)?", r"export ausf[uü]", r"export"),
    ),
    (
        _pole(r"schuldig\w*", r"guilty", r"schuld verurteil", r"guilt blam convict"),
        _pole(r"unschuldig\w* freigesprochen\w*", r"innocent acquitted", r"unschuld freig freisp", r"innocen acquit"),
    ),
    (
        _pole(r"\w*sommers?", r"summers?", r"sommer", r"summer"),
        _pole(r"\w*winters?", r"winters?", r"winter", r"winter"),
    ),
    (
        _pole(r"reiche[nrsm]?", r"rich wealthy", r"reich vermög wohlhab", r"rich wealth affluent"),
        _pole(r"arme[nrsm]?", r"poor", r"arm schlecht schwach bedürft", r"poor impoverish"),
    ),
    (
        _pole(
            r"ehem[aä]nn\w* ehegatten?",
            r"husbands?",
            r"mann männ gatte partner verheirat",
            r"husband spouse partner",
        ),
        _pole(
            r"ehefrau\w* ehegattin\w*",
            r"wife wives",
            r"frau gattin partner verheirat",
            r"wife wives spouse partner",
        ),
    ),
    (
        _pole(
            r"mann(?:es|s)? männern?",
            r"man men",
            r"mann männ mensch leut person herr jung bub kerl kind paar man\b einer jemand wer\b",
            r"\bman\b \bmen\b husband male boy guy person people human gentlem",
        ),
        _pole(
            r"frau(?:en)?",
            r"woman women",
            r"frau mädchen dame weib mensch leut person kind paar in\b innen\b",
            r"wom[ae]n wife wives female girl lady ladies person people mrs\b ms\b human",
        ),
    ),
)  # fmt: skip
