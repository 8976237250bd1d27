"""What stands around an article on its page: forms, buttons, bylines, credits, dates, imprint lines.

Only whole lines go, and only those of a known form: a line that is kept by mistake costs a translation, one that
is dropped by mistake costs content. A sentence, a heading or a list item of the article matches none of these.
"""

import re
from collections.abc import Sequence
from typing import Literal

from models.values import Reason

# Longer lines hold more than furniture. It also bounds the time that the patterns below can take.
_MAX_LINE = 220


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LABELS = frozenset(
    line.strip()
    for line in """
    kommentar schreiben|kommentar verfassen|kommentar abgeben|kommentar hinterlassen|kommentieren
    kommentare anzeigen|alle kommentare anzeigen|kommentar abschicken|kommentar absenden|zu den kommentaren
    antwort abbrechen|pflichtfelder|pflichtfeld|diskutieren sie mit
    leave a comment|leave a reply|post a comment|write a comment|add a comment|reply|view comments
    required fields|join the conversation|show comments
    jetzt teilen|beitrag teilen|artikel teilen|seite teilen|diesen artikel teilen|diesen beitrag teilen
    artikel drucken|seite drucken|artikel merken|auf die merkliste|artikel anhören|vorlesen
    artikel kommentieren|artikel empfehlen|artikel versenden|link kopieren|gefällt mir|folgen sie uns|folge uns
    share this|share this article|share this post|share this story|print|print this article|copy link
    follow us|listen to this article|email this article
    newsletter abonnieren|newsletter bestellen|zum newsletter anmelden|zum newsletter|abonnieren
    jetzt abonnieren|abo abschließen|jetzt testen|jetzt registrieren|jetzt anmelden|hier registrieren
    hier anmelden|einloggen|login|log in|sign in|sign up|logout|mein konto|my account
    subscribe now|subscribe to our newsletter|sign up for our newsletter|get the newsletter
    cookie-einstellungen|alle akzeptieren|alle ablehnen|alle cookies akzeptieren|cookies akzeptieren
    nur notwendige cookies|einstellungen verwalten|accept all|reject all|accept cookies|cookie settings|manage cookies
    mehr lesen|weiterlesen|mehr erfahren|mehr anzeigen|weitere artikel|weitere beiträge|weitere meldungen
    weitere nachrichten|ähnliche artikel|ähnliche beiträge|verwandte artikel|verwandte themen|mehr zum thema
    mehr dazu|mehr zu diesem thema|lesen sie auch|lies auch|auch interessant|meistgelesen|meistgelesene artikel
    lesen sie mehr zum thema|lesen sie dazu auch|empfohlene artikel|neueste artikel|neueste beiträge|vorheriger beitrag
    nächster beitrag|vorheriger artikel|nächster artikel
    read more|continue reading|related articles|related posts|related stories|related topics|see also
    more on this topic|more on this story|you may also like|you might also like|most read|most popular|read also
    read next|next article|previous article|show more|load more|learn more|recommended for you
    impressum|datenschutzerklärung|nutzungsbedingungen|mediadaten
    alle rechte vorbehalten|all rights reserved|imprint|legal notice|privacy policy|terms of use
    terms of service|terms and conditions|about this publication|contact us
    redaktion|von der redaktion|von unserer redaktion|von redaktion|editorial staff|staff writer
    anzeige|werbung|gesponsert|advertisement|sponsored|sponsored content|zum inhalt springen|zur startseite
    nach oben|zurück zur übersicht|zur übersicht|skip to content|skip to main content
    back to top|zur navigation springen
    """.replace("\n", "|").split("|")
    if line.strip()
)
# Buttons that may as well be a heading ("Datenschutz", "Folgen"): they go only beside other furniture.
_MAYBE = _words(
    "abo abonnieren agb anmelden antworten barrierefreiheit close comments cookies datenschutz diskussion drucken "
    "facebook folgen forum home instagram kommentare kontakt like linkedin merken merkliste menu menü navigation "
    "netiquette newsletter posten privacy register registrieren related reply save schließen search share startseite "
    "subscribe suche teilen terms tweet twitter whatsapp xing youtube zurück"
) | {"about us", "über uns", "e-mail", "mehr"}
_AGENCIES = _words("afp ap apa dapd dpa dpa-afx dpa-infocom efe epd kna ots reuters rtr sda sid xinhua")
_IN_BRACKETS = _AGENCIES | _words(
    "ag agenturen awp belga gms idw itar-tass ka kap pa pte ptext red red. redaktion spa tass trend tt upi"
)
_DATE_WORDS = _words(
    "januar jänner februar feber märz april mai juni juli august september oktober november dezember jan jän feb mär "
    "apr jun jul aug sep sept okt nov dez january february march may june july october december mar oct dec "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so monday tuesday "
    "wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
)
_DATE_FILLERS = _words(
    "am um uhr den der vom h st nd rd th at on of the pm gmt cet cest utc mez mesz est edt stand datum date erstellt "
    "veröffentlicht publiziert aktualisiert zuletzt geändert letzte letztes aktualisierung update updated last "
    "published posted modified online seit erschienen von p m a"
)
_NETWORK = r"(?:facebook|twitter|x|whatsapp|linkedin|xing|e-?mail|telegram|pinterest|instagram|threads|bluesky|youtube)"
_NETWORKS = rf"{_NETWORK}(?:(?:,| \||/| und| and| oder| or)? ?{_NETWORK}){{0,5}}"
_NAME = (
    r"(?!(?:A|Bis|Das|Dem|Den|Der|Die|In|Mit|My|Nach|Our|The|To|Und|Zu)\b)"
    r"(?:[A-ZÄÖÜÉÁ][\w.’'\-]*|von|van|de|der|den|zu|und|and|dpa|afp|apa|kna|epd)"
)
_CREDITED = (
    r"(?:[A-ZÄÖÜÉÁ@©\d][\w.’'@&\-]*|von|van|de|via|und|and|by|für|picture|alliance|imago|images|dpa|afp|apa|epa|kna|"
    r"epd|privat|zvg|screenshot|unsplash|pixabay|stock|on|ap|sn|pa)"
)
# These see the line as it is written, since names and credits are told by their capitals.
_WRITTEN = tuple(
    re.compile(pattern)
    for pattern in (
        # "Foto: dpa", "(Bild: Max Mustermann / Imago)", "Photo by Jane Doe"
        rf"[(\[]?(?:Fotos?|Bild(?:er)?|Bildquelle|Bildnachweis|Bildrechte|Fotocredit|Foto-Credit|Titelbild|Symbolbild|"
        rf"Symbolfoto|Archivbild|Quelle|Photos?|Image|Picture|Credit|Source|Copyright)(?: ?[:©/|]+| by| von)"
        rf"(?:[ ,/|:–-]*{_CREDITED}){{1,10}}[)\]]?",
        # "Von Max Mustermann", "By Jane Doe and John Doe, London"; one name alone needs the word "Autor".
        rf"(?:Von|By|VON|BY)(?: {_NAME}){{2,5}}(?:, {_NAME}(?: {_NAME})?){{0,3}}",
        r"(?:Von|By) [\w.\- ]{2,40}, (?:aktualisiert|veröffentlicht|updated|published)\b[\w.,: ]{0,60}",
        rf"(?:(?:Autor(?:in|en|\*in|:in)?|Authors?|Verfasser(?:in)?|Redakteur(?:in)?|Text|Redaktion) ?:|"
        rf"Ein (?:Gastb|B)eitrag von|Geschrieben von|Gepostet von|Veröffentlicht von|Written by|Posted by|Published by|"
        rf"Reported by|Edited by)(?:,? {_NAME}){{1,6}}",
        r"(?:Name|E-?Mail(?:-Adresse)?|Website|Webseite|Kommentar|Comment|Nachricht|Message) ?\*(?: .{0,20})?",
        r"(?:©|\([cC]\) ?(?:19|20)\d\d|Copyright(?: ?[©:]| by| \([cC]\)| (?:19|20)\d\d)).{0,120}",
        # An address, a mail address or tags, alone on their line.
        r"(?:https?://|www\.)\S+|\S+@\S+\.\w{2,}|[\w-]+(?:\.[\w-]+)*\.(?i:com|de|at|ch|tv|net|org|info|eu|news|io)(?:/\S*)?",
        r"[#@]\w+(?:[ ,]+[#@]\w+)*",
    )
)
# These see it in small letters, without its ornaments.
_FOLDED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:deine|ihre|eure) e-?mail-?adresse wird nicht veröffentlicht\b.*",
        r"(?:erforderliche|benötigte) felder sind (?:mit|durch) .{0,10}(?:markiert|gekennzeichnet)",
        r"(?:mit .{0,5})?(?:markierte|gekennzeichnete) felder sind pflichtfelder|felder mit .{0,5} sind pflichtfelder",
        r"your e-?mail address will not be published\b.*|required fields are marked\b.{0,5}",
        r"meinen namen, (?:meine )?e-mail.{0,60} für .{0,20}nächsten? .{0,80}",
        r"save my name, email.{0,120}",
        r"(?:schreib|hinterlass|verfass)\w*(?: sie| du)? (?:jetzt )?(?:einen|ihren|deinen|den ersten) kommentar( ab)?",
        r"(?:be the first to|leave a|post a|write a) (?:comment|reply)\b.{0,20}",
        r"\(?\d+\)? (?:kommentare?|antworten|postings?|comments?|replies|shares|likes|aufrufe|views)",
        r"(?:kommentare?|comments?|postings) ?[(:]? ?\d+\)?",
        r"um (?:zu kommentieren|einen kommentar \w+), .{0,40}(?:anmelden|einloggen|angemeldet|registrier).{0,40}",
        r"(?:du musst|sie müssen|you must) (?:angemeldet|eingeloggt|be logged in).{0,60}",
        rf"(?:(?:jetzt|diesen artikel|artikel|beitrag) )?(?:auf|via|per|bei|mit|über|on) {_NETWORK}"
        r"(?: (?:teilen|folgen|senden|share|posten))?",
        rf"(?:share|follow|tweet|folgen sie|folge|teilen|besuchen sie)(?: uns| us| this| it)?"
        rf"(?: ?:| auf| on| via| per| bei) {_NETWORKS}",
        rf"{_NETWORK}(?:[ ,|/]+{_NETWORK})+",
        r"(?:jetzt |hier )?(?:(?:für|zu) )?(?:den |unseren |unserem |zum |the |our )?(?:kostenlosen |täglichen )?"
        r"newsletter (?:kostenlos )?(?:abonnieren|bestellen|anmelden|sichern)",
        r"(?:subscribe|sign up) (?:to|for) (?:our|the) .{0,30}newsletter.{0,30}|melden sie sich .{0,40}newsletter an",
        r"(?:diese|unsere|this|our) (?:web)?(?:seite|site|website) (?:verwendet|benutzt|nutzt|uses) cookies\b.*",
        r"(?:wir|we) (?:verwenden|nutzen|setzen|use) cookies\b.*|we value your privacy\b.{0,20}",
        r"(?:lesen sie|lies)(?: hierzu| dazu)?(?: auch| mehr)(?: dazu| zum thema| hier)?(?: ?[:–].{1,160})?",
        r"(?:mehr zum thema|mehr dazu|siehe auch|auch interessant|das könnte (?:sie|dich)(?: auch)? interessieren|"
        r"related|read more|read also|see also|weiterlesen)(?: ?[:–].{1,160}| auf seite \d+)?",
        r"(?:mehr|weitere|alle|more)(?: artikel| beiträge| news| nachrichten| meldungen| posts| stories)? "
        r"(?:von|über|zum thema|from|about|on)(?: dem| der)? (?:autor|autorin|thema|author|topic)",
        r".{0,80}\b(?:alle rechte vorbehalten|all rights reserved)\b.{0,40}",
        r"(?:lesezeit|lesedauer|reading time) ?:? ?(?:ca\. ?)?\d+ ?(?:min|minuten?|minutes?)\.?",
        r"\d+ ?(?:min|minuten?|minutes?)\.? (?:lesezeit|lesedauer|read|reading time)",
        r"vor \d+ (?:minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?)",
        r"\d+ (?:minutes?|hours?|days?|weeks?|months?) ago",
        r"(?:tags?|schlagworte|schlagwörter|stichworte|kategorien?|categor(?:y|ies)|filed under|keywords) ?:.{1,160}",
    )
)
_ORNAMENT = " |*•·‣▪►▶»«<>→←↑:_=~+#-–—…"


def find_boilerplate(lines: Sequence[str]) -> list[Reason | None]:
    """For each line why it is not of the article, or None where it is or may be."""
    known = {line: _classify(line) for line in dict.fromkeys(lines)}
    verdicts = [known[line] for line in lines]
    run: list[int] = []
    for index, verdict in enumerate([*verdicts, "content"]):
        if verdict == "content" or (verdict is None and lines[index].strip()):
            _resolve_doubtful(run, verdicts, at_end=index == len(lines))
            run = []
        elif verdict:
            run.append(index)
    return [None if verdict == "maybe" else verdict for verdict in verdicts]


_Verdict = Reason | Literal["maybe"] | None


def _resolve_doubtful(run: list[int], verdicts: list[_Verdict], at_end: bool) -> None:
    """Decide over the doubtful lines of a run without any content between them."""
    doubtful = [index for index in run if verdicts[index] == "maybe"]
    if at_end or len(doubtful) >= 3 or any(verdicts[index] == "furniture" for index in run):
        for index in doubtful:
            verdicts[index] = "furniture"


def _classify(line: str) -> _Verdict:
    if not any(map(str.isalpha, line)):
        return "no letters" if line.strip() else None
    if len(line) > _MAX_LINE:
        return None
    written = " ".join(line.split()).lstrip("|*•·»«<>→← ").rstrip("|»«<>→← ")
    folded = written.casefold().strip(_ORNAMENT).rstrip("!…")
    if " " in folded or line.lstrip().startswith("*"):
        folded = folded.rstrip(".")
    parts = [part.strip(_ORNAMENT) for part in re.split(r"[|·•/»›]", folded)]
    if all(part in _LABELS or part in _MAYBE or not part for part in parts):
        return "furniture" if len(parts) > 2 or any(part in _LABELS for part in parts) else "maybe"
    if any(pattern.fullmatch(written) for pattern in _WRITTEN) or any(pattern.fullmatch(folded) for pattern in _FOLDED):
        return "furniture"
    return "furniture" if _is_date(folded) or _is_agency(written) else None


def _is_date(folded: str) -> bool:
    """A day with its year, alone or with words such as "Stand:"; "Dezember 2024" may be a heading and stays."""
    tokens = re.findall(r"\d+|[^\W\d_]+", folded)
    words = [token for token in tokens if not token.isdigit()]
    numbers = [token for token in tokens if token.isdigit()]
    named = any(word in _DATE_WORDS for word in words)
    year = any(re.fullmatch(r"(?:19|20)\d\d", number) for number in numbers)
    return (
        len(numbers) >= (2 if named else 3)
        and (year or len(numbers) >= 3)
        and all(word in _DATE_WORDS or word in _DATE_FILLERS for word in words)
    )


def _is_agency(written: str) -> bool:
    """ "(APA/dpa, 3.12.2024)", "dpa/afp", "(red)", or an author's letters with a date: "(hol, 3.12.2024)"."""
    inside = written.strip("()[]– -").casefold()
    tokens = [token for token in re.split(r"[\s,/;:+&]+", inside) if token]
    names = [token for token in tokens if not re.fullmatch(r"[\d.]+|uhr|mit|und", token)]
    known = _IN_BRACKETS if written.startswith(("(", "[")) else _AGENCIES
    if names and all(name in known for name in names):
        return True
    dated = any(re.fullmatch(r"\d{1,2}\.\d{1,2}\.(?:\d{2}|\d{4})?", token) for token in tokens)
    return written.startswith("(") and dated and len(names) <= 4 and all(len(name) <= 8 for name in names)
