"""Marks of what somebody wants, expects, doubts or only tries: "will zurücktreten" is no "resigned".

German says so by a verb, and one of them may stand for many English ones. As in `markers.py`, one trace is enough to
believe that it was kept, so the English lists are long; they hold what human translators wrote.
"""

import re

from models.checks.claims.markers import ANY_REPORTING_EN, NEGATED_EN, QUOTATION, SUSPECTED_EN, Marker, any_of, english

# Up to where the second part of a verb may stand: "schlägt eine höhere Abgabe vor".
_SO_FAR = r"[^.:;!?]{0,90}?"
# That part ends its clause; "vor Freude" is none.
_LAST = r"\b(?! (?!und\b|oder\b)\w)"
# "Will sie gehört haben": what she says, not what she wants.
_CLAIMED = r"\w+(?:t|en) haben\b"
_SHORT = r"['’](?:ll|d)\b"
_NOT = r"n['’´]t\b"
_WOULD = r"will would could might (?-i:may)"
_LIKELY = r"likel\w* prob\w+ possib\w* potential\w* seem\w*"
_UNSURE = f"{_WOULD} {_LIKELY}"
_WANTED = (
    _WOULD
    + r""" want\w* shall should must plan(?:s|ned|ning)? inten[dt]\w* aim\w* hop(?:e[sd]?|ing) wish\w*
    like[ds]? seek\w* sought tr(?:y|ies|ied|ying) attempt\w* consider\w* prepar\w+ eager keen willing\w* determin\w+
    (?:is|are|was|were|be|been|looks?|looked|have|has|had)\sto let wo(?=n['’´]t) sets?\sout put\sforward
    (?:about|out|going|set|due|ready|looking|mean|means|meant|order|as|up)\sto to(?=[^.!?]*\Z)
    (?:is|are|was|were|be|been|am)\s(?:\w+\s)?\w+ing future soon next tomorrow upcoming look\w*\sforward
    decid\w+ decision pledg\w+ vow\w* promis\w* propos\w+ bid pursu\w+ ambiti\w+ desir\w+ demand\w* insist\w* ask\w*
    call\w* urg\w+ request\w* need\w* expect\w* schedul\w* refus\w* prefer\w* interest\w* announc\w* threat\w*
    suggest\w* goals? target\w* idea\w* think\w* thought choos\w+ chose care[sd]? push\w* purpose\w* tempt\w* warn\w*
    claim\w* alleg\w* agree\w* plot\w* lobb\w+"""
)


def _mark(german: str, traces: str, detail: str, further: str = QUOTATION, besides: str = "") -> Marker:
    """A mark with traces that are words, or such as end otherwise (`further`), or those of another mark (`besides`)."""
    words = "|".join(filter(None, (any_of(traces), besides)))
    return Marker(re.compile(german), english(words, further), f"{detail}: “{{}}”; the text states it as a fact")


SELF_REPORT = Marker(
    re.compile(rf"\b(?:will|wollen)\b{_SO_FAR}\b{_CLAIMED}"),
    english(ANY_REPORTING_EN, QUOTATION),
    "the source gives this as somebody's words: “{}”; the text states it as a fact",
)
MODALITY_MARKERS = (
    SELF_REPORT,
    _mark(
        rf"\b(?:(?:will|wollen|wollten?|möchten?)\b(?!{_SO_FAR}\b(?:nicht|{_CLAIMED})\b)|plan(?:t|en|ten?)"
        rf"|(?<!wie )[Gg]eplant|beabsichtig\w+|erwäg(?:t|en)|erwog(?:en)?|streb(?:t|en|ten?)\b{_SO_FAR} an{_LAST}"
        rf"|anstreb(?:t|en|ten?)|kündig(?:t|en|ten?)\b{_SO_FAR} an{_LAST}|angekündigt)\b",
        _WANTED,
        "the source says that this is wanted or planned",
        _SHORT,
    ),
    _mark(
        rf"\b(?:forder(?:t|n|ten?)|verlang(?:t|en|ten?)|schl(?:ägt|agen|ug|ugen)\b{_SO_FAR} vor{_LAST}|vorgeschlagen"
        rf"|empf(?:iehlt|ehlen|ahl|ahlen|ohlen)|plädier(?:t|en|ten?)|spr(?:icht|echen|ach|achen) sich {_SO_FAR}für)\b",
        _WANTED
        + r""" recommend\w* advis\w+ requir\w+ press\w* petition\w* appeal\w* advocat\w+ tak(?:es?|ing) took cost\w*
        t(?:old|ells?) charg\w* fees? challeng\w+ kill\w* lives dead died injur\w* wound\w* casualt\w* victim\w*
        offer\w* nominat\w+ favou?r\w* plead\w* support\w* back\w* argu\w+ order\w* sp(?:oke|eak\w*)""",
        "the source says that this is demanded or proposed",
    ),
    _mark(
        r"\b(?:[Ee]rwarte(?:t|n|ten?)|rechne(?:t|n|ten?) (?:\w+ ){0,4}mit|ge(?:ht|hen) (?:\w+ ){0,5}davon aus"
        r"|prognostizier(?:t|en|ten?)|[Vv]oraussichtlich|hoff(?:t|en|ten?)|befürchte(?:t|n|ten?))\b",
        f"{_WANTED} {_LIKELY}"
        r""" assum\w* believ\w* presum\w* estimat\w* suppos\w* predict\w* await\w* forecast\w* project\w* anticipat\w+
        wait\w* fac(?:e[sd]?|ing) fear\w* worr\w+ concern\w* afraid optimis\w+ welcom\w* greet\w* suspect\w* see[sn]?
        understand\w* count(?:s|ed|ing)? reckon\w* prospect\w* to\sbe due sa(?:ys|id)""",
        "the source says that this is expected",
        _SHORT,
    ),
    _mark(
        r"\bdroh(?:t|en|ten?)\b",
        _UNSURE
        + r""" threat\w* risk\w* danger\w* fac(?:e[sd]?|ing) loom\w* verge warn\w* imminent impend\w+ brink in\sstore
        prospect\w* fear\w* (?:about|set|going)\sto incur\w*""",
        "the source says that this threatens",
        _SHORT,
    ),
    _mark(
        r"\b(?:gilt|gelten|galt|galten)\b[^.,;:!?]{0,60}? als\b(?! (?:vermisst|verschollen))"
        rf"|\b(?:glaub|vermute)(?:t|n|en|ten?)\b|\b(?:hält|halten|hielt|hielten)\b{_SO_FAR} für\b",
        _LIKELY
        + r""" regard\w* deem\w* reput\w* rank\w* count(?:s|ed)? class\w* held hold\w* accept\w* recogni\w+ treat\w*
        label\w* hail\w* widely certain\w* bec[ao]m\w+ appl(?:y|ies|ied) valid as""",
        "the source says that it is held to be so",
        QUOTATION,
        ANY_REPORTING_EN,
    ),
    _mark(
        r"\b(?:(?:be)?zweifel(?:t|n|ten?)|Zweifel an|fraglich|ungewiss|(?:unklar|offen|prüf(?:t|en|ten?)), ob)\b",
        r"""doubt\w* question\w* uncertain\w* disput\w+ s[ck]eptic\w* whether if controver\w+ open debat\w+ remain\w*
        wonder\w* worr\w+ sure clear suspicio\w* believ\w* challeng\w+ consider\w* check\w* test\w* examin\w* review\w*
        investigat\w* assess\w*""",
        "the source leaves this open",
        _NOT,
        NEGATED_EN,
    ),
    _mark(
        r"\b(?:versuch(?:t|en|ten?)|Versuch,)",
        _WOULD
        + r""" tr(?:y|ies|ied|ying) attempt\w* seek\w* sought effort\w* fail\w* aim\w* bid endeavou?r\w* experiment\w*
        test\w* sets?\sout work\w* (?:order|looking|going|out)\sto plea\w* struggl\w* want\w* hop(?:e[sd]?|ing)
        intend\w* (?:is|are|was|were|be|been)\s\w+ing battl\w* fight\w* push\w*""",
        "the source says that this was tried",
    ),
    _mark(
        r"\b(?:[Bb]einahe|[Ff]ast) (?:wäre|hätte)n?\b|\b(?:wäre|hätte)n?\b[^.,;:!?]{0,60}? (?:beinahe|fast)\b",
        r"almost near\w* close verge practically virtually all\sbut would could brink",
        "the source says that this almost happened",
        _SHORT,
    ),
    _mark(
        r"\b(?:schein(?:t|en)|schien(?:en)?)\b",
        _UNSURE
        + r""" appear\w* appar\w+ look\w* impl(?:y|ie[sd]) turn\w* track sh[io]ne?\w* glow\w* sun\w* feels? felt
        as\s(?:if|though) evident\w* obvious\w* clear\w* suggest\w* impression sound\w*""",
        "the source says that it seems so",
    ),
    _mark(
        rf"\b(?:beschuldig(?:t|en|ten?)|w(?:irft|erfen|arf|arfen)\b{_SO_FAR} vor{_LAST}|vorgeworfen"
        rf"|ermittel(?:t|n|ten?) (?:\w+ ){{0,4}}wegen|wegen {_SO_FAR} ermittelt)",
        r"""prob(?:e[ds]?|ing) inquir\w+ enquir\w+ condemn\w* blam\w+ critici\w+ said says think thought incriminat\w*
        prosecut\w* complain\w* lambast\w* castigat\w* reproach\w* sue[sd]? denounc\w* attack\w* fac(?:e[sd]?|ing)""",
        "the source says that somebody is accused of this",
        QUOTATION,
        SUSPECTED_EN,
    ),
    _mark(
        r"\bkaum\b",
        r"""hardly barely scarc\w+ rarely seldom few little no not never none nothing almost nearly minimal\w* limited
        tough next\sto negligib\w* as\ssoon only small\w* slight\w* low difficult\w* hard without unlikel\w* lack\w*
        less cannot any im\w+ible weak\w* poor\w* just un\w+able""",
        "the source says that this is hardly so",
        _NOT,
    ),
    _mark(
        rf"\b(?:lehn(?:t|en|ten?)\b{_SO_FAR} ab{_LAST}|abgelehnt|abzulehnen|ablehn(?:t|en|ten?)|verneint?\w*"
        rf"|(?:ver)?weiger(?:t|n|ten?)|w(?:eist|eisen|ies|iesen)\b{_SO_FAR} (?:zurück|ab){_LAST}|zurückgewiesen"
        r"|abgewiesen|verzicht(?:et|en|eten?)|scheiter(?:t|n|ten?)|gescheitert|miss(?:lang|langen|lungen|lingt))\b",
        r"""declin\w* oppos\w+ against turn\w* dismiss\w* rebuff\w* resist\w* object\w* unwilling spurn\w* disput\w+
        contest\w* refut\w* reluctan\w* thr(?:ew|own?) collaps\w* unsuccess\w* f[eo]ll\w* breakdown repel\w* broken? off
        waiv\w* dispens\w+ do(?:ing|es)?\saway do\swithout forgo\w* forwent gave giv\w+ renounc\w* drop\w* lost
        lose[sr]? out repudiat\w+ rebut\w* push\w* shot\sdown denounc\w*""",
        "the source says that this is refused or failed",
        _NOT,
        NEGATED_EN,
    ),
    _mark(
        r"\b[Nn]ur\b[^.:;!?,]{0,40},? wenn\b|(?:^|[.!?:] |[„“\"])Sollten?\b",
        r"""only if unless depend\w* provid\w+ when long condition\w* requir\w* not until without should case event
        would failing""",
        "in the source this hangs on a condition",
        _NOT,
    ),
)
