"""German, English or neither: alone, among others, and the two neighbours that are easily taken for German."""

import gzip
import random
import time

import pytest

from models.reading.language import detect
from models.values import Lang
from tests.conftest import DATA

DEV = sorted((DATA / "parallel").glob("dev.*.tsv.gz"))

GERMAN = """
Die Bundesregierung hat am Dienstag ein neues Gesetz beschlossen.
Der Vorstand rechnet für das laufende Jahr mit einem Gewinn von 20 Millionen Euro.
Viele Anwohner beschweren sich seit Monaten über den Lärm.
Ob das Geld reicht, weiß im Rathaus niemand.
Die Polizei sucht nach Zeugen des Unfalls.
Am Ende blieb den Gastgebern nur ein Unentschieden.
Forscher aus Wien haben dafür eine Erklärung gefunden.
Im Herbst wird in zwei Ländern gewählt.
""".strip().splitlines()
ENGLISH = """
The government agreed on a new law on Tuesday.
The board expects a profit of 20 million euros for the current year.
Many residents have been complaining about the noise for months.
Nobody at the town hall knows whether the money will last.
Police are looking for witnesses of the accident.
In the end the hosts had to settle for a draw.
Researchers in Vienna have found an explanation for it.
Two states go to the polls in autumn.
""".strip().splitlines()
# Ten sentences each, written for this test; Dutch, Danish and Norwegian are the nearest to German and English.
FOREIGN = {
    "fr": """
Le gouvernement a annoncé hier une nouvelle réforme des retraites.
Les habitants du quartier se plaignent du bruit depuis des mois.
Il a déclaré que son équipe ferait tout pour gagner le match.
La société prévoit d'ouvrir trois usines dans le nord du pays.
Je ne sais pas si nous aurons assez de temps demain.
Selon la police, deux personnes ont été blessées dans l'accident.
Cette décision pourrait coûter plusieurs millions à la ville.
Nous avons marché longtemps avant de trouver un hôtel ouvert.
Le prix du pain augmente encore cette année.
Elle travaille dans un hôpital près de la gare.
""",
    "es": """
El presidente viajará mañana a la capital para firmar el acuerdo.
Los vecinos llevan meses quejándose del ruido en la plaza.
La empresa anunció que cerrará dos fábricas antes del verano.
No sabemos todavía quién ganó las elecciones municipales.
Según la policía, tres personas resultaron heridas en el choque.
Mi hermana trabaja en un hospital cerca de la estación.
El precio del aceite volvió a subir este año.
Dijo que su equipo haría todo lo posible para ganar.
Hemos caminado mucho antes de encontrar un hotel abierto.
Las lluvias causaron graves daños en el sur del país.
""",
    "it": """
Il governo ha approvato ieri una nuova legge sulle pensioni.
Gli abitanti del quartiere si lamentano del rumore da mesi.
La squadra ha vinto la partita con un gol nel finale.
Secondo la polizia, due persone sono rimaste ferite nell'incidente.
Non so se domani avremo abbastanza tempo per parlarne.
L'azienda prevede di aprire tre stabilimenti nel nord del paese.
Mia sorella lavora in un ospedale vicino alla stazione.
Il prezzo del pane è aumentato anche quest'anno.
Questa decisione potrebbe costare milioni alla città.
Abbiamo camminato a lungo prima di trovare un albergo aperto.
""",
    "pt": """
O governo anunciou ontem uma nova reforma das pensões.
Os moradores do bairro queixam-se do barulho há meses.
A empresa vai abrir três fábricas no norte do país.
Segundo a polícia, duas pessoas ficaram feridas no acidente.
Não sei se amanhã teremos tempo suficiente para isso.
A minha irmã trabalha num hospital perto da estação.
O preço do pão voltou a subir este ano.
Ele disse que a equipa faria tudo para ganhar o jogo.
Esta decisão pode custar vários milhões à cidade.
Andámos muito antes de encontrar um hotel aberto.
""",
    "nl": """
De regering heeft gisteren een nieuwe wet over de pensioenen aangekondigd.
De bewoners van de wijk klagen al maanden over het lawaai.
Het bedrijf wil drie fabrieken openen in het noorden van het land.
Volgens de politie zijn twee mensen gewond geraakt bij het ongeluk.
Ik weet niet of we morgen genoeg tijd hebben.
Mijn zus werkt in een ziekenhuis vlak bij het station.
De prijs van het brood is dit jaar weer gestegen.
Hij zei dat zijn ploeg alles zou doen om te winnen.
Dit besluit kan de stad miljoenen kosten.
We hebben lang gelopen voordat we een hotel vonden.
""",
    "da": """
Regeringen har i går fremlagt en ny aftale om pensionen.
Beboerne i kvarteret har klaget over støjen i flere måneder.
Virksomheden vil åbne tre fabrikker i den nordlige del af landet.
Ifølge politiet blev to personer såret ved ulykken.
Jeg ved ikke, om vi har tid nok i morgen.
Min søster arbejder på et hospital tæt ved stationen.
Prisen på brød er steget igen i år.
Han sagde, at holdet ville gøre alt for at vinde kampen.
Beslutningen kan komme til at koste byen mange millioner.
Vi gik længe, før vi fandt et hotel, der havde åbent.
""",
    "sv": """
Regeringen presenterade i går ett nytt förslag om pensionerna.
De boende i området har klagat på bullret i flera månader.
Företaget vill öppna tre fabriker i norra delen av landet.
Enligt polisen skadades två personer vid olyckan.
Jag vet inte om vi har tillräckligt med tid i morgon.
Min syster arbetar på ett sjukhus nära stationen.
Priset på bröd har stigit igen i år.
Han sade att laget skulle göra allt för att vinna matchen.
Beslutet kan kosta staden flera miljoner.
Vi gick länge innan vi hittade ett hotell som var öppet.
""",
    "no": """
Regjeringen la i går frem et nytt forslag om pensjonene.
Beboerne i området har klaget over støyen i flere måneder.
Selskapet vil åpne tre fabrikker i den nordlige delen av landet.
Ifølge politiet ble to personer skadet i ulykken.
Jeg vet ikke om vi har nok tid i morgen.
Søsteren min jobber på et sykehus nær stasjonen.
Prisen på brød har økt igjen i år.
Han sa at laget ville gjøre alt for å vinne kampen.
Beslutningen kan koste byen flere millioner.
Vi gikk lenge før vi fant et hotell som var åpent.
""",
    "pl": """
Rząd ogłosił wczoraj nową reformę emerytur.
Mieszkańcy dzielnicy od miesięcy skarżą się na hałas.
Firma chce otworzyć trzy fabryki na północy kraju.
Według policji w wypadku ranne zostały dwie osoby.
Nie wiem, czy jutro będziemy mieli dość czasu.
Moja siostra pracuje w szpitalu niedaleko dworca.
Cena chleba w tym roku znowu wzrosła.
Powiedział, że jego zespół zrobi wszystko, aby wygrać mecz.
Ta decyzja może kosztować miasto wiele milionów.
Po drodze nie spotkano nikogo i wszystko było zamkniete.
""",
    "cs": """
Vláda včera oznámila novou reformu důchodů.
Obyvatelé čtvrti si už měsíce stěžují na hluk.
Firma chce otevřít tři továrny na severu země.
Podle policie byli při nehodě zraněni dva lidé.
Nevím, jestli budeme mít zítra dost času.
Moje sestra pracuje v nemocnici blízko nádraží.
Cena chleba letos znovu stoupla.
Řekl, že jeho tým udělá všechno, aby vyhrál zápas.
Toto rozhodnutí může město stát mnoho milionů.
Dlouho jsme šli, než jsme našli otevřený hotel.
""",
    "hu": """
A kormány tegnap új nyugdíjreformot jelentett be.
A környék lakói hónapok óta panaszkodnak a zajra.
A cég három gyárat akar nyitni az ország északi részén.
A rendőrség szerint két ember megsérült a balesetben.
Nem tudom, hogy holnap lesz-e elég időnk.
A nővérem egy kórházban dolgozik az állomás közelében.
A kenyér ára idén ismét emelkedett.
Azt mondta, hogy a csapata mindent megtesz a győzelemért.
Ez a döntés sok millióba kerülhet a városnak.
Sokat gyalogoltunk, mire nyitott szállodát találtunk.
""",
    "tr": """
Hükümet dün yeni bir emeklilik reformu açıkladı.
Mahalle sakinleri aylardır gürültüden şikayet ediyor.
Şirket ülkenin kuzeyinde üç fabrika açmak istiyor.
Polise göre kazada iki kişi yaralandı.
Yarın yeterince vaktimiz olup olmayacağını bilmiyorum.
Kız kardeşim istasyona yakın bir hastanede çalışıyor.
Ekmek fiyatı bu yıl yine arttı.
Takımının kazanmak için her şeyi yapacağını söyledi.
Bu karar kente milyonlara mal olabilir.
Bir otel bulana kadar uzun süre yürüdük.
""",
    "ro": """
Guvernul a anunțat ieri o nouă reformă a pensiilor.
Locuitorii cartierului se plâng de zgomot de luni de zile.
Compania vrea să deschidă trei fabrici în nordul țării.
Potrivit poliției, două persoane au fost rănite în accident.
Nu știu dacă mâine vom avea destul timp.
Sora mea lucrează într-un spital aproape de gară.
Prețul pâinii a crescut din nou anul acesta.
El a spus că echipa va face totul pentru a câștiga meciul.
Această decizie poate costa orașul multe milioane.
Am mers mult până am găsit un hotel deschis.
""",
    "ru": """
Правительство объявило вчера о новой пенсионной реформе.
Жители района уже несколько месяцев жалуются на шум.
Компания хочет открыть три завода на севере страны.
По данным полиции, в аварии пострадали два человека.
Я не знаю, хватит ли нам завтра времени.
Моя сестра работает в больнице недалеко от вокзала.
Цена на хлеб в этом году снова выросла.
Он сказал, что команда сделает всё, чтобы победить.
Это решение может стоить городу многих миллионов.
Мы долго шли, прежде чем нашли открытую гостиницу.
""",
    "ar": """
أعلنت الحكومة أمس عن إصلاح جديد لنظام التقاعد.
يشكو سكان الحي من الضوضاء منذ أشهر.
تريد الشركة فتح ثلاثة مصانع في شمال البلاد.
وفقا للشرطة أصيب شخصان في الحادث.
لا أعرف إن كان لدينا وقت كاف غدا.
تعمل أختي في مستشفى قريب من المحطة.
ارتفع سعر الخبز مرة أخرى هذا العام.
قال إن فريقه سيفعل كل شيء للفوز بالمباراة.
قد يكلف هذا القرار المدينة ملايين كثيرة.
مشينا طويلا قبل أن نجد فندقا مفتوحا.
""",
    "zh": """
政府昨天宣布了新的养老金改革。
这个街区的居民几个月来一直抱怨噪音。
公司想在该国北部开设三家工厂。
据警方称,事故中有两人受伤。
我不知道明天我们是否有足够的时间。
我姐姐在车站附近的一家医院工作。
今年面包的价格又上涨了。
他说他的球队会尽一切努力赢得比赛。
这个决定可能会让城市损失数百万。
我们走了很久才找到一家营业的旅馆。
""",
}


def lines(language: str) -> list[str]:
    return FOREIGN[language].strip().splitlines()


def test_german_and_english_sentences_are_told_apart_line_by_line() -> None:
    mixed = [sentence for pair in zip(GERMAN, ENGLISH, strict=True) for sentence in pair]
    assert detect(mixed) == ["de", "en"] * len(GERMAN)


@pytest.mark.parametrize("language", FOREIGN)
def test_a_foreign_language_is_neither_german_nor_english(language: str) -> None:
    assert detect(lines(language)) == ["other"] * 10


@pytest.mark.parametrize("language", FOREIGN)
def test_a_single_foreign_sentence_is_found_in_a_german_article(language: str) -> None:
    found = [detect([*GERMAN, sentence])[-1] for sentence in lines(language)]
    assert found == ["other"] * 10


@pytest.mark.parametrize("language", FOREIGN)
def test_foreign_sentences_take_nothing_from_the_german_beside_them(language: str) -> None:
    assert detect(GERMAN + lines(language))[: len(GERMAN)] == ["de"] * len(GERMAN)


@pytest.mark.parametrize(
    "line", ["Why Musk Really Wants OpenAI", "About this publication", "Read more", "The winner takes it all"]
)
def test_a_single_english_line_is_found_in_a_german_article(line: str) -> None:
    assert detect([line, *GERMAN]) == ["en"] + ["de"] * len(GERMAN)


@pytest.mark.parametrize("line", ["Barack Obama, Angela Merkel", "sam altman vs elon musk", "Rijeka.", "Astra Labs"])
def test_names_take_the_language_of_their_article(line: str) -> None:
    assert detect([line, *GERMAN])[0] == "de"
    assert detect([*ENGLISH, line])[-1] == "en"


def test_text_without_letters_is_neither() -> None:
    assert detect(["2024", "***", "", *GERMAN])[:3] == ["other"] * 3


def test_a_headline_in_capitals_is_read_like_any_other() -> None:
    assert detect(["DIE REGIERUNG HAT EIN NEUES GESETZ BESCHLOSSEN"]) == ["de"]
    assert detect(["THE GOVERNMENT HAS AGREED ON A NEW LAW"]) == ["en"]


def test_nothing_has_no_language() -> None:
    assert detect([]) == []


def test_a_sentence_without_an_end_and_many_equal_ones_take_no_longer_than_others() -> None:
    detect(["warm"])
    started = time.perf_counter()
    detect(["a" * 400_000, "Das ist gut. " * 30_000, *["Ein Satz"] * 100_000])
    assert time.perf_counter() - started < 5


if DEV:

    def _column(number: int) -> list[str]:
        rows: list[str] = []
        for path in DEV:
            with gzip.open(path, "rt", encoding="utf-8") as file:
                rows += [line.rstrip("\n").split("\t")[number] for line in file]
        return rows

    def _share(sentences: list[str], lang: Lang) -> float:
        """The share of sentences that are right, in documents of 25."""
        found = [lang for at in range(0, len(sentences), 25) for lang in detect(sentences[at : at + 25])]
        return found.count(lang) / len(found)

    @pytest.mark.parametrize(("column", "lang", "least"), [(0, "de", 0.998), (1, "en", 0.995)])
    def test_real_news_are_told(column: int, lang: Lang, least: float) -> None:
        assert _share(_column(column), lang) >= least

    @pytest.mark.parametrize(("column", "lang", "least"), [(0, "de", 0.998), (1, "en", 0.98)])
    def test_the_first_words_of_a_sentence_are_told_like_a_headline(column: int, lang: Lang, least: float) -> None:
        chance = random.Random(1)
        sentences = _column(column)[:1500]
        heads = [" ".join(sentence.split()[: chance.randint(3, 6)]) for sentence in sentences]
        mixed = [line for pair in zip(sentences, heads, strict=True) for line in pair]
        assert _share(mixed, lang) >= least
