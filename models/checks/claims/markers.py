"""How German marks a claim as hearsay, doubtful, planned, conditional or denied, and what of it English shows.

The English lists are long on purpose: one trace is enough to believe that the mark was kept. They were read off the
human translations of the development sets and made-up sentences.
"""

import re
from dataclasses import dataclass


def any_of(words: str) -> str:
    return "|".join(words.split())


@dataclass(frozen=True, slots=True)
class Marker:
    """How German marks a claim, what of it can be seen in English, and what the reader is told when nothing can."""

    german: re.Pattern[str]
    english: re.Pattern[str]
    detail: str


# Words of others: what is said, thought, asked; a quotation; what only would or may be.
_SAYING = r"""sa(?:ys?|id|ying) t(?:old|ells?|elling) accord\w* report\w* alleg\w* claim\w* stat(?:e[sd]?|ing|ements?)
    expla\w+ add(?:s|ed|ing) announc\w* beli\w+ suspect\w* apparent\w* suppos\w* accus\w* presum\w* purport\w*
    rumou?r\w* assum\w* argu\w+ insist\w* reiterat\w* stress\w* emphasi\w+ warn\w* maintain\w* assert\w* assur\w+
    confirm\w* th(?:ink|inks|ought|inking) consider\w* find\w* f(?:ound|elt|eels?) expect\w* estimat\w* critic\w*
    demand\w* ask\w* question\w* want\w* call\w* wr(?:ote|ites?|itten) not(?:ed|es|ing) point\w* view\w* opinion\w*
    quot\w* mention\w* den(?:y|ies|ied|ying) reject\w* admit\w* conced\w* acknowledg\w* inform\w* declar\w* indicat\w*
    suggest\w* hop(?:e[sd]?|ing) fear\w* doubt\w* complain\w* promis\w* predict\w* conclu\w+ reveal\w* learn\w*
    hear\w* know\w* remark\w* repl\w+ answer\w* comment\w* remind\w* remember\w* recall\w* imagin\w* reason\w*
    testif\w+ describ\w* show\w* surve\w+ stud(?:y|ies) statistic\w* idea\w* messag\w* prosecut\w* charg\w*
    account\sof seem\w* impression blam\w+ convinc\w* sure decid\w+ propos\w+ request\w* urg\w+ advis\w+ recommend\w*
    agree\w* made\sclear see[ns]? highlight\w* underlin\w+ speculat\w* express\w* wish\w* guarantee\w* disclos\w*
    cit(?:e[sd]?|ing) via spok\w+ would could might (?-i:may) should must if whether as\sif"""
# Words that tell of no account given: enough for a subjunctive, not for "laut" or "sagte".
_VAGUE = r"""would could (?-i:may) might should must if whether show\w* want\w* call\w* find\w* see[ns]? know\w*
    hop(?:e[sd]?|ing) fear\w* doubt\w* critic\w* convinc\w* sure wish\w* agree\w* decid\w+ imagin\w* remember\w*
    idea\w* demand\w* request\w* reject\w* promis\w* f(?:ound|elt|eels?) consider\w* question\w* view\w* made\sclear
    charg\w*"""
ANY_REPORTING_EN = any_of(_SAYING)
_TOLD = "|".join(w for w in _SAYING.split() if w not in _VAGUE.split())
QUOTATION = r"[“”\"„«»]|‘[^’]{12,}’"
UNCERTAIN_EN = any_of(
    r"""(?-i:may|May(?=\sbe\b)) maybe might can could would should will shall must if perhaps possib\w* probab\w*
    likel\w* unlikel\w* seem\w* appear\w* appar\w+ obvious\w* evident\w* clear\w* potential\w* presum\w* suspect\w*
    suppos\w* assum\w* expect\w* believ\w* thought think\w* alleg\w* reported\w* suggest\w* arguabl\w* certain\w*
    doubt\w* looks? looked able allow\w* said indicat\w* conceivab\w* plausib\w* estimat\w* speculat\w* indeed
    chance\w* set threaten\w*"""
)
_GUESS = re.sub(r"\b(?:can|will|shall|must|set|able|said)\|", "", UNCERTAIN_EN)
PLANNED_EN = any_of(
    r"""will would should shall must (?-i:may) might could can
    (?:is|are|was|were|be|been|ought|has|have|had)\sto to\sbe to(?=[^.!?]*\Z) seek\w* intention\w* ensur\w*
    plan(?:s|ned|ning)? expect\w* suppos\w* intend\w* due schedul\w*
    aim\w* meant said alleg\w* reported\w* propos\w* set designed want\w* need\w* going hop\w+ believ\w* thought
    accord\w* destin\w* goal target\w* purpose asked called ordered urg\w+ for help\w* let accus\w* suspect\w*"""
)
SUSPECTED_EN = any_of(
    r"""suspect\w* suspici\w* alleg\w* accus\w* presum\w* suppos\w* believ\w* thought apparent\w* purport\w* claim\w*
    charg\w* likel\w* probab\w* possib\w* reported\w* assum\w* potential\w* would-be might could (?-i:may) seem\w*
    self-styled so-called investigat\w* indict\w* defendant\w* trial\w* rumou?r\w* estimat\w*"""
)
NEGATED_EN = any_of(
    r"""no not non none never nobody nothing nowhere neither nor cannot cant without lack\w* fail\w* refus\w*
    den(?:y|ies|ied|ying|ial) reject\w* avoid\w* prevent\w* stop\w* exclu\w+ except\w* until unless hardly barely
    scarcely rarely seldom few little miss(?:es|ed|ing)? absen\w+ ban(?:s|ned)? forbid\w* forbidden prohibit\w*
    ceas\w+ struggl\w+ ignor\w+ instead keeps? kept difficult hard\sto
    dis(?:agree|approv|allow|regard|miss|like|mantl)\w* wrong ill less insufficient\w* inadequate\w* incap\w+
    inexplic\w+ incom\w+ inconceiv\w* inde\w+ inap\w+ inac\w+ ineff\w+ inel\w+ inv(?:alid|isible)\w*
    im(?:poss|prob|mutab|prop)\w* ir(?:rel|reg|resp|rev)\w* il(?:leg|log)\w* withdr\w+ witho\w+ neglect\w* omit\w*
    halt\w* contradict\w* contrary despite empty abandon\w* cancel\w* unable yet\sto too\s\w+\s(?:\w+\s){0,3}to n['’´]t
    no-one non-\w+ obsolete loath \w+less"""
    + r" un(?!der|it|til|i[oqfv]|cle|veil|anim)\w{3,}"
)
_IF = any_of(
    r"""if unless when\w* wherever once whether should would could might (?-i:may) provided as where until assum\w+
    suppos\w* otherwise had were even while by with without after before for though although so until despite how
    that or upon"""
)


def english(words: str, further: str = "") -> re.Pattern[str]:
    words = words.replace("n['’´]t|", "")
    return re.compile(rf"\b(?:{words})\b" + (f"|{further}" if further else ""), re.IGNORECASE)


_CLAUSE = r"[^.,;:!?]{0,120}?"
_DONE = r"(?:ge\w{2,}(?:t|en)|\w{2,}ge\w{2,}(?:t|en)|(?:be|ver|er|ent|zer)\w{3,}(?:t|en)|\w{3,}iert|\w{2,}zu\w{3,}t"
_DONE += r"|(?:unter|über|wider|miss|zurück|auf|an|ab|aus|ein|vor|nach)\w{4,}(?:t|en)|\w+standen|gewesen|worden)"
_HEARSAY_SOLL = rf"\bsoll(?:en)?\b{_CLAUSE}\b{_DONE} (?:haben|sein)\b|\b{_DONE} (?:haben|sein) soll(?:en)?\b"
_SUBJUNCTIVE = any_of(
    r"""sei seien habe werde könne müsse solle wolle dürfe gebe gehe komme stehe bleibe wisse liege brauche bestehe
    führe halte finde nehme sehe lasse handele handle gelte fehle mache bringe erhalte fahre spreche plane rechne
    steige sinke wachse drohe zeige biete arbeite hoffe glaube verfüge gehöre enthalte verliere leide helfe trage
    treffe beginne setze erwarte verstehe kenne wohne lebe sorge fordere unterstütze"""
)
_NOT_A_SUBJUNCTIVE = (
    r"\b(?:es sei denn|sei es|sei dank|dem auch sei|sei gesagt|sei erwähnt|seien Sie"
    r"|als (?:ob|sei|habe)|habe ich|ich \w+)"
)
_DENIED = (
    r"\b(?:nicht|kein\w*|nie|niemals|niemand(?!sland)\w*|nirgend\w*|nichts|weder|ohne|bestreite[nt]|bestritt"
    r"|dementier\w*)\b"
)
NOT_A_NEGATION_DE = re.compile(
    r"\b(?:nicht (?:nur|zuletzt|allein|bloß|wenige?|weniger als|selten|mehr als|umsonst|zu überhören"
    r"|zu übersehen)|nicht wahr"
    r"|nichts ander\w+ als|kein\w* ander\w+ als|(?:wie|als|denn) (?:noch )?nie|nie zuvor|oder nicht"
    r"|nichtsdestotrotz|oben ohne|wie kein\w* (?:zweite|andere)\w*"
    r"|kein Wunder|ohne Grenzen|ob\b[^,.]{0,40}oder nicht)\b",
    re.IGNORECASE,
)
# What English tells by a word that else is the trace of a denial: "keinen Stopp" is no "stop".
NEGATIVE_WORD_DE = re.compile(
    r"\b(?:Stopps?|stopp\w+|gestoppt\w*|\w*[vV]erbot\w*|verbiet\w*|abgewiesen\w*|abgelehnt\w*|abzulehnen|Ablehnung"
    r"|verhinder\w+|vermieden|vermeiden|abgesagt\w*|Absage|gescheitert\w*|scheiter\w+)\b"
)
NEGATION_EN = re.compile(
    r"\b(?:not|never|nobody|neither|cannot|without|none|no(?! longer than| matter|\.? ?\d| doubt))\b"
    r"|n['’´]t\b|\bno[- ]one\b",
    re.IGNORECASE,
)
NOT_A_NEGATION_EN = re.compile(
    r"\bnot (?:only|just|least|merely|to mention|far|long)\b|\b(?:if|or|why|whether or) not\b|\bnever before\b"
    r"|n['’]t (?:\w+ )?\?|No[.:]|\bno[,!?]|^\W*no\b(?= )(?=.{0,3}[,.])|\bdo(?:es)? without|doing without",
    re.IGNORECASE,
)
# Whatever in German can be said with "not" in English.
ANY_NEGATION_DE = re.compile(
    _DENIED + r"|\b(?:un[a-zäöü]\w{3,}|\w+(?:los|frei)(?:e[mnrs]?|igkeit)?|miss\w+|fehl\w+|\w*mangel\w*|außer\w*"
    r"|statt(?= \w)|anstatt|kaum|wenige?r?\w*"
    r"|nur|erst|erstmals|sondern|nein|verneint\w*|lehn\w+|\w*abgelehnt\w*|\w*weiger\w+|scheiter\w+|gescheitert\w*"
    r"|verbiet\w*|verbot\w*"
    r"|\w*hinder\w+|vermeid\w+|vermied\w*|leugne\w*|verzicht\w+|ausgeschlossen|ausschließ\w+|bevor|bis"
    r"|leer\w*|gegen|dagegen"
    r"|selten\w*|bleib\w*|blieb\w*|sonst|egal|hüte\w+|schwer|schwierig\w*|blieben? \w+ aus|vergeblich"
    r"|verpass\w+|versäum\w+"
    r"|offen|nur leicht|irr\w+|in(?:kompet|kons|toler|akzept|div|off)\w+|anders|dis\w+|verlor\w*|verlier\w*"
    r"|entgeh\w+|entgangen|ehe"
    r"|\w*weg|warnt?\w*|vergess\w*|verschon\w+|schwieg\w*|schweig\w*|abgesehen|zu \w+, um|lehnt\w*"
    r"|wehrt\w*|bewahr\w+|oder)\b|\?",
    re.IGNORECASE,
)
_POSITIVE = {
    "unmöglich": "possible", "unbekannt": "known", "unklar": "clear", "unwahrscheinlich": "likely|probable",
    "unzufrieden": "satisfied|happy", "unsicher": "safe|sure|certain|secure", "ungewöhnlich": "usual|ordinary",
    "unverletzt": "injured|hurt|wounded", "ungültig": "valid", "unverändert": "changed", "unbegründet": "justified",
    "ungerecht": "fair|just", "ungesund": "healthy", "unerwartet": "expected", "unbezahlt": "paid",
    "unnötig": "necessary|needed", "unwichtig": "important", "unbeliebt": "popular", "ungelöst": "solved",
    "unvollständig": "complete", "unfähig": "able|capable", "unversehrt": "harmed|damaged",
}  # fmt: skip
NEGATED_ADJECTIVE = re.compile(rf"\b({'|'.join(_POSITIVE)})(?:e[mnrs]?)?\b")
POSITIVE_ADJECTIVES = {
    german: re.compile(rf"\b(?:{english})\b", re.IGNORECASE) for german, english in _POSITIVE.items()
}

HEARSAY = "the source reports this as hearsay: “{}”; the text states it as a fact"
MARKERS = (
    Marker(re.compile(_HEARSAY_SOLL), english(_TOLD + "|seem\\w*|to have|could|might|(?-i:may)", QUOTATION), HEARSAY),
    Marker(
        re.compile(r"\bsoll(?:en)?\b"),
        english(PLANNED_EN + "|" + ANY_REPORTING_EN, QUOTATION),
        "the source says that this is planned, wanted or reported: “{}”; the text states it as a fact",
    ),
    Marker(
        re.compile(r"\b(?:(?:angeblich|vorgeblich)\w*|dem Vernehmen nach)\b", re.IGNORECASE),
        english(_TOLD, QUOTATION),
        HEARSAY,
    ),
    Marker(
        re.compile(r"\b(?:mutmaßlich\w*|verdächtigt|im Verdacht|unter Verdacht)\b", re.IGNORECASE),
        english(SUSPECTED_EN),
        "the source calls this suspected: “{}”; the text states it as a fact",
    ),
    Marker(
        re.compile(
            r"\b(?:Laut (?=\w)|laut (?=[A-ZÄÖÜ]|de[mrn]\b|eine[mr]\b)|zufolge\b"
            r"|[Nn]ach (?:\w+ ){0,2}(?:\w*[Aa]ngaben|Informationen"
            r"|Darstellung|Ansicht|Auffassung|Einschätzung|Auskunft|Aussagen?|Überzeugung)\b)"
        ),
        english(_TOLD, QUOTATION),
        "the source gives this as somebody's account: “{}”; the text states it as a fact",
    ),
    Marker(
        re.compile(
            r"\b(?:sagt(?:e|en)?(?! (?:ab|zu)\b)|teilt(?:e|en)?\b[^.;]{0,60}? mit\b|erklärt(?:e|en)"
            r"|berichte(?:t|n von|n über|ten?)|[Ww]ie\b[^.,;]{0,50}? (?:mitteil|melde)(?:t|te|ten)|betont(?:e|en)?"
            r"|behauptet(?:e|en)?|hei(?:ß|ss)t es|hieß es|, so (?:der|die|das)(?= [A-ZÄÖÜ]))\b"
        ),
        english(_TOLD + "|detail\\w*|speak\\w*|spoke|talk\\w*|saw|hold\\w*|held", QUOTATION),
        "the source gives this as somebody's words: “{}”; the text states it as a fact",
    ),
    Marker(re.compile(rf"\b(?:{_SUBJUNCTIVE})\b"), english(ANY_REPORTING_EN, QUOTATION), HEARSAY),
    Marker(
        re.compile(r"\b(?:[Oo]ffenbar|[Vv]ermutlich|[Aa]nscheinend|[Mm]öglicherweise|[Ww]ahrscheinlich|[Ww]omöglich)\b"),
        english(UNCERTAIN_EN),
        "the source is not sure: “{}”; the text is",
    ),
    Marker(
        re.compile(r"\b(?:wird|werden|hat|haben|ist|sind|war) (?:\w+ ){0,6}wohl(?! kaum)\b(?! fühl)"),
        english(_GUESS),
        "the source is not sure: “{}”; the text is"),
    Marker(
        re.compile(r"\b(?:könnten?|dürften?)\b"),
        english(_GUESS + "|set|able"),
        "the source says only that it may be so: “{}”; the text states it as a fact",
    ),
    Marker(
        re.compile(r"\bwürden?\b"),
        english(UNCERTAIN_EN + "|" + ANY_REPORTING_EN, QUOTATION),
        "the source says what would be: “{}”; the text states it as a fact",
    ),
    Marker(re.compile(r"\b(?:[Ff]alls|Wenn|sofern)\b"), english(_IF + "|\\w+ing|want\\w*"),
         "in the source this hangs on a condition: “{}”; the text states it as a fact"),
    Marker(
        re.compile(_DENIED, re.IGNORECASE),
        english(NEGATED_EN, r"n['’´]t\b"),
        "the source denies this: “{}”; the text does not",
    ),
)  # fmt: skip
SUBJUNCTIVE, NEGATION = MARKERS[6], MARKERS[-1]
# Of others' words: "soll … haben", "angeblich", "laut".
HEARSAY_MARKERS = (MARKERS[0], MARKERS[2], MARKERS[4])
# What is told may itself be a saying, and its word in English is then no trace: "soll gesprochen haben" is no "spoke".
REPORTED_VERBS = tuple(
    (re.compile(german), re.compile(rf"\b(?:{english})\b", re.IGNORECASE))
    for german, english in (
        (r"\bVerdächtige[nr]?\b", r"suspect\w*"),
        (r"\b(?:gesprochen|sprach(?:en)?)\b", r"spoken?|talked"),
        (r"\b(?:gefragt|fragten?)\b", r"asked"),
        (r"\b(?:geschrieben|schrieb(?:en)?)\b", r"wrote|written"),
        (r"\b(?:gewarnt|warnten?)\b", r"warned"),
        (r"\b(?:gefunden|fand(?:en)?)\b", r"found"),
        (r"\b(?:angerufen|gerufen)\b", r"called"),
        (r"\b(?:gesehen|sah(?:en)?)\b", r"seen"),
        (r"\b(?:gehört|hörten?)\b", r"heard"),
        (r"\b(?:gefordert|forderten?)\b", r"demanded"),
        (r"\b(?:kritisiert(?:en?)?)\b", r"criticized|criticised"),
        (r"\b(?:[Dd]er|[Ee]in) Bericht\b", r"report"),
    )
)
NOT_A_SUBJUNCTIVE = re.compile(_NOT_A_SUBJUNCTIVE, re.IGNORECASE)
FIRST_PERSON = re.compile(r"\b(?:ich|mir|mich)\b", re.IGNORECASE)
