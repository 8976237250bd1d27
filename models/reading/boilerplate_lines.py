"""What one line around an article is made of: labels, bylines, dates, credits, addresses, counts.

A line is boilerplate if it is one of these as a whole, or is made of nothing but such parts, as in
"Von Eva Berg · 14. März 2024, 18:32 Uhr · Lesezeit 3 Min.". Sentences and headings match none of the patterns.
"""

import re
from typing import Literal

from models.reading.boilerplate_words import boilerplate_words

# Longer lines hold more than boilerplate. The limit also bounds the time of the patterns below.
MAX_LINE = 220

LineKind = Literal["furniture", "maybe", "beside", None]
"""`maybe` goes beside other boilerplate lines; `beside` is a name or a time, which goes with the rest of its line."""

_NETWORK = r"(?:facebook|twitter|x|whatsapp|linkedin|xing|e-?mail|telegram|pinterest|instagram|threads|bluesky|youtube)"
_NETWORKS = rf"{_NETWORK}(?:(?:,| \||/| und| and| oder| or)? ?{_NETWORK}){{0,5}}"
_NAME = (
    r"(?!(?:A|Bis|Das|Dem|Den|Der|Die|In|Mit|My|Nach|Our|The|To|Und|Zu)\b)"
    r"(?:[A-ZÄÖÜÉÁ][\w.’'\-]*|von|van|de|der|den|zu|und|and|dpa|afp|apa|kna|epd)"
)
_CREDIT = (
    r"(?:[A-ZÄÖÜÉÁ@©\d][\w.’'@&\-]*|von|van|de|via|und|and|by|für|picture|alliance|imago|images|dpa|afp|apa|epa|kna|"
    r"epd|privat|zvg|screenshot|unsplash|pixabay|stock|on|ap|sn|pa)"
)
_BETWEEN_CREDITS = r"(?: ?[,/|:] ?| [–-] | )"
_STOCK = (
    r"(?:Getty ?Images?|iStock(?:photo)?(?:\.com)?|[Ss]hutterstock(?:\.com)?|Adobe ?Stock|IMAGO|[Ii]mago(?: images)?|"
    r"picture[- ]alliance|Unsplash|Pixabay|Fotolia)"
)
# These see the line as it is written, since names and credits are told by their capitals.
_WRITTEN = re.compile(
    "|".join(
        (
            # "Foto: dpa", "(Bild: Max Mustermann / Imago)", "Photo by Jane Doe", "Eva Berg / Getty Images"
            rf"[(\[]?(?:Fotos?|Bild(?:er)?|Bildquelle|Bildnachweis|Bildrechte|Fotocredit|Foto-Credit|Titelbild|"
            rf"Symbolbild|Symbolfoto|Archivbild|Quelle|Photos?|Image|Picture|Credit|Source|Copyright)"
            rf"(?: ?[:©/|]+| by| von) ?{_CREDIT}(?:{_BETWEEN_CREDITS}{_CREDIT}){{0,9}}[)\]]?",
            rf"[(\[]?©? ?(?:{_CREDIT}{_BETWEEN_CREDITS}){{0,5}}{_STOCK}(?:{_BETWEEN_CREDITS}{_CREDIT}){{0,4}}[)\]]?",
            # "Von Max Mustermann", "By Jane Doe and John Doe, London"; one name alone needs the word "Autor".
            rf"(?:Von|By|VON|BY)(?: {_NAME}){{2,5}}(?:, {_NAME}(?: {_NAME})?){{0,3}}",
            r"(?:Von|By) [\w.\- ]{2,40}, (?:aktualisiert|veröffentlicht|updated|published)\b[\w.,: ]{0,60}",
            rf"(?:(?:Autor(?:in|en|\*in|:in)?|Authors?|Verfasser(?:in)?|Redakteur(?:in)?|Text|Redaktion) ?:|"
            rf"Ein (?:Gastb|B)eitrag von|Geschrieben von|Gepostet von|Veröffentlicht von|Eingestellt von|Written by|"
            rf"Posted by|Published by|Reported by|Edited by)(?:,? {_NAME}){{1,6}}",
            r"(?:Name|E-?Mail(?:-Adresse)?|Website|Webseite|Kommentar|Comment|Nachricht|Message) ?\*(?: .{0,20})?",
            r"(?:©|\([cC]\) ?(?:19|20)\d\d|Copyright(?: ?[©:]| by| \([cC]\)| (?:19|20)\d\d)).{0,120}",
            # An address, a mail address or tags, alone on their line.
            r"(?:https?://|www\.)\S+|[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+",
            r"[\w-]+(?:\.[\w-]+)*\.(?i:com|de|at|ch|tv|net|org|info|eu|news|io)(?:/\S*)?",
            r"[#@]\w+(?:[ ,]+[#@]\w+)*",
        )
    )
)
# These see it in small letters, without its ornaments.
_FOLDED = re.compile(
    "|".join(
        (
            r"(?:deine|ihre|eure) e-?mail-?adresse wird nicht veröffentlicht\b.*",
            r"(?:erforderliche|benötigte) felder sind (?:mit|durch) .{0,10}(?:markiert|gekennzeichnet)",
            r"(?:mit .{0,5})?(?:markierte|gekennzeichnete) felder sind pflichtfelder",
            r"felder mit .{0,5} sind pflichtfelder",
            r"your e-?mail address will not be published\b.*|required fields are marked\b.{0,5}",
            r"meinen namen, (?:meine )?e-mail.{0,60} für .{0,20}nächsten? .{0,80}",
            r"save my name, email.{0,120}",
            r"gib (?:deine|ihre) e-?mail-?adresse ein\b.{0,120}",
            r"(?:schreib|hinterlass|verfass)\w*(?: sie| du)? (?:jetzt )?(?:einen|ihren|deinen|den ersten) kommentar"
            r"(?: ab)?",
            r"(?:be the first to|leave a|post a|write a) (?:comment|reply)\b.{0,20}",
            r"\(?\d{1,9}\)? (?:kommentare?|antworten|postings?|comments?|replies|shares|likes|aufrufe|views)",
            r"\d{1,9} (?:antworten|kommentare|gedanken|responses|thoughts|replies|comments) (?:zu|on|to)\b.{0,120}",
            r"(?:kommentare?|comments?|postings) ?[(:]? ?\d{1,9}\)?",
            r"um (?:zu kommentieren|einen kommentar \w+), .{0,40}(?:anmelden|einloggen|angemeldet|registrier).{0,40}",
            r"(?:du musst|sie müssen|you must) (?:angemeldet|eingeloggt|be logged in).{0,60}",
            r"sie sind (?:aktuell |derzeit )?nicht eingeloggt\b.{0,60}",
            rf"(?:(?:jetzt|diesen artikel|artikel|beitrag) )?(?:auf|via|per|bei|mit|über|on) {_NETWORK}"
            r"(?: (?:teilen|folgen|senden|share|posten))?",
            rf"(?:share|follow|tweet|folgen sie|folge|teilen|besuchen sie)(?: uns| us| this| it)?"
            rf"(?: ?:| auf| on| via| per| bei) {_NETWORKS}",
            rf"{_NETWORK}(?:[ ,|/]+{_NETWORK})+",
            r"(?:jetzt |hier )?(?:(?:für|zu) )?(?:den |unseren |unserem |zum |the |our )?(?:kostenlosen |täglichen )?"
            r"newsletter (?:kostenlos )?(?:abonnieren|bestellen|anmelden|sichern)",
            r"(?:subscribe|sign up) (?:to|for) (?:our|the) .{0,30}newsletter.{0,30}",
            r"(?:melden sie sich|mit unserem|abonnieren? (?:sie )?) .{0,40}newsletter\b.{0,140}",
            r"(?:diese|unsere|this|our) (?:web)?(?:seite|site|website) (?:verwendet|benutzt|nutzt|uses) cookies\b.*",
            r"(?:wir|we) (?:verwenden|nutzen|setzen|use) cookies\b.*|we value your privacy\b.{0,20}",
            r"cookies (?:erleichtern|ermöglichen|helfen)\b.*|um unsere webseite für sie\b.*",
            r"(?:lesen sie|lies)(?: hierzu| dazu)?(?: auch| mehr)(?: dazu| zum thema| hier)?(?: ?[:–].{1,160})?",
            r"(?:mehr zum thema|mehr dazu|siehe auch|auch interessant|das könnte (?:sie|dich)(?: auch)? interessieren|"
            r"related|read more|read also|see also|weiterlesen)(?: ?[:–].{1,160}| auf .{1,40})?",
            r"(?:mehr|weitere|alle|more)(?: artikel| beiträge| news| nachrichten| meldungen| posts| stories)? "
            r"(?:von|über|zum thema|from|about|on|aus)(?: dem| der)? "
            r"(?:autor|autorin|thema|author|topic|kolumne|sendung)",
            r".{0,80}\b(?:alle rechte vorbehalten|all rights reserved)\b.{0,40}",
            r"(?:lesezeit|lesedauer|reading time) ?:? ?(?:ca\. ?)?\d{1,3} ?(?:min|minuten?|minutes?)\.?",
            r"(?:ca\. ?)?\d{1,3} ?(?:min|minuten?|minutes?)\.? (?:lesezeit|lesedauer|read|reading time)",
            r"vor \d{1,4} (?:minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?)",
            r"\d{1,4} (?:minutes?|hours?|days?|weeks?|months?) ago",
            r"(?:tags?|schlagworte|schlagwörter|stichworte|kategorien?|categor(?:y|ies)|filed under|keywords) ?:"
            r".{1,160}",
            r"(?:dieser|der) (?:beitrag|eintrag|artikel) wurde (?:am|von|in|unter)\b.{0,80}\b(?:veröffentlicht|"
            r"geschrieben|gepostet|abgelegt|verfasst)\b.{0,80}|this entry was posted\b.{0,180}",
            r"seite \d{1,4}(?: (?:von|/) \d{1,4})?|page \d{1,4}(?: of \d{1,4})?|- ?\d{1,4} ?-",
            r"-?\d{1,3}(?:[,.]\d)? ?°c?",
            r"abdruck (?:honorarfrei|kostenfrei|kostenlos)\b.{0,60}|.{0,40}belegexemplar erbeten",
        )
    )
)
_TIME = re.compile(r"(?:um |seit |ab )?\d{1,2}[:.]\d{2}(?: ?uhr| ?h)?|\d{1,2} uhr")
_SHORT_NAME = re.compile(rf"{_NAME}(?: {_NAME}){{0,3}}")
_SEPARATOR = re.compile(r"[|·•»›‧]| [–—-] | / ")
ORNAMENT = " |*•·‣▪►▶»«<>→←↑:_=~+#-–—…"


def classify_line(line: str) -> LineKind:
    """What a line with a letter is, by itself; None for content and for a blank line."""
    if len(line) > MAX_LINE or not line.strip():
        return None
    written = " ".join(line.split()).lstrip("|*•·»«<>→← ").rstrip("|»«<>→← ")
    kind = _whole(written, marked=line.lstrip().startswith("*"))
    if kind is not None:
        return kind
    for pieces in (_SEPARATOR.split(written), _SEPARATOR.sub(",", written).split(",")):
        parts = [part.strip(ORNAMENT + ",") for part in pieces]
        kinds = [_part(part) for part in parts if part]
        if len(kinds) > 1 and all(kinds) and "furniture" in kinds and kinds.count("beside") <= 2:
            return "furniture"
    return None


def fold(written: str, *, marked: bool = False) -> str:
    """The line in small letters, without the ornaments and stops around it."""
    folded = written.casefold().strip(ORNAMENT).rstrip("!…")
    return folded.rstrip(".").strip(ORNAMENT) if " " in folded or marked else folded


def _whole(written: str, *, marked: bool = False) -> LineKind:
    words = boilerplate_words()
    folded = fold(written, marked=marked)
    parts = [part.strip(ORNAMENT) for part in re.split(r"[|·•/»›]", folded)]
    if all(part in words.labels or part in words.maybe or not part for part in parts):
        return "furniture" if len(parts) > 2 or any(part in words.labels for part in parts) else "maybe"
    if _WRITTEN.fullmatch(written) or _FOLDED.fullmatch(folded):
        return "furniture"
    if _is_date(folded) or _is_agency(written):
        return "furniture"
    return "maybe" if folded in words.sections else None


def _part(written: str) -> LineKind:
    kind = _whole(written)
    if kind is not None:
        return "beside" if kind == "maybe" else kind
    return "beside" if _TIME.fullmatch(written.casefold()) or _SHORT_NAME.fullmatch(written) else None


def _is_date(folded: str) -> bool:
    """A day with its year, alone or with words such as "Stand:"; "Dezember 2024" may be a heading and stays."""
    known = boilerplate_words()
    tokens = re.findall(r"\d+|[^\W\d_]+", folded)
    words = [token for token in tokens if not token.isdigit()]
    numbers = [token for token in tokens if token.isdigit()]
    named = any(word in known.date_words for word in words)
    year = any(re.fullmatch(r"(?:19|20)\d\d", number) for number in numbers)
    return (
        len(numbers) >= (2 if named else 3)
        and (year or len(numbers) >= 3)
        and all(word in known.date_words or word in known.date_fillers for word in words)
    )


def _is_agency(written: str) -> bool:
    """ "(APA/dpa, 3.12.2024)", "dpa/afp", "(red)", or an author's letters with a date: "(hol, 3.12.2024)"."""
    words = boilerplate_words()
    inside = written.strip("()[]– -").casefold()
    tokens = [token for token in re.split(r"[\s,/;:+&]+", inside) if token]
    names = [token for token in tokens if not re.fullmatch(r"[\d.]+|uhr|mit|und", token)]
    bracketed = written.startswith(("(", "["))
    known = words.agencies | words.in_brackets if bracketed else words.agencies
    if names and all(name in known for name in names):
        return True
    dated = any(re.fullmatch(r"\d{1,2}\.\d{1,2}\.(?:\d{2}|\d{4})?", token) for token in tokens)
    return written.startswith("(") and dated and len(names) <= 4 and all(len(name) <= 8 for name in names)
