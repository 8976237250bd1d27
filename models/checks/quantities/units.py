"""Units and currencies by one name in both languages, and when 550 metres are 1,800 feet.

Translators convert units for their readers, so two values in different units of one dimension agree when they
are the same quantity within a tenth (both are rounded); temperatures within two degrees.
"""

import re
from decimal import Decimal

# name: German forms | English forms; a form may have several words, in lower case.
CURRENCIES = """
EUR: euro euros € eur | euro euros € eur
USD: dollar dollars us-dollar us-dollars $ us$ usd | dollar dollars us-dollar us-dollars $ us$ usd buck bucks
cent: cent cents | cent cents
pound: pfund £ gbp | pound pounds £ gbp lb lbs
CHF: franken chf sfr schweizer-franken fränkli | franc francs chf swiss-franc swiss-francs
JPY: yen ¥ jpy | yen ¥ jpy
RUB: rubel rub | ruble rubles rouble roubles rub
CNY: yuan renminbi cny | yuan renminbi cny rmb
TRY: lira lire | lira lire liras
INR: rupie rupien inr | rupee rupees inr
krona: krone kronen nok dkk czk | krona kronor krone kroner crown crowns koruna korunas sek nok dkk czk
penny: pence penny | pence penny p
peso: peso pesos | peso pesos
PLN: zloty złoty pln | zloty zlotys złoty pln
HUF: forint huf | forint forints huf
ZAR: rand | rand
KRW: won | won
ILS: schekel | shekel shekels
DEM: mark d-mark | mark marks d-mark deutschmark deutschmarks deutsche-mark
ATS: schilling | schilling schillings shilling shillings
UAH: hrywnja griwna hrywna uah | hryvnia hryvnias hryvnya uah
AED: dirham | dirham dirhams
THB: baht | baht
BRL: real reais | real reais
SAR: riyal rial | riyal riyals rial rials
BTC: bitcoin bitcoins | bitcoin bitcoins
"""
UNITS = """
percent: % prozent prozentig prozentige prozentigen prozentiger prozentiges v.h | % percent per-cent pct percentage
points: prozentpunkt prozentpunkte prozentpunkten | percentage-point percentage-points percent-points percent-point
bp: basispunkt basispunkte basispunkten | basis-point basis-points
permille: ‰ promille | ‰ permille per-mille
year: jahr jahre jahren jahres jahrige jährig jährige jährigen jähriger jähriges | year years year-old years-old yr yrs
month: monat monate monaten monats monatige monatigen | month months monthly
week: woche wochen wöchige wöchigen | week weeks
day: tag tage tagen tages tägige tägigen tägiger tägiges | day days
hour: stunde stunden std stündige stündigen stündiger | hour hours hr hrs
minute: minute minuten min minütige minütigen minütiger | minute minutes min mins
second: sekunde sekunden sek | second seconds sec secs
decade: jahrzehnt jahrzehnte jahrzehnten jahrzehnts | decade decades
century: jahrhundert jahrhunderte jahrhunderten jahrhunderts | century centuries
km: kilometer kilometern kilometers km | kilometer kilometers kilometre kilometres km kms
m: meter metern meters m | meter meters metre metres m
cm: zentimeter zentimetern cm | centimeter centimeters centimetre centimetres cm
mm: millimeter millimetern mm | millimeter millimeters millimetre millimetres mm
mile: meile meilen | mile miles mi
nautical-mile: seemeile seemeilen | nautical-mile nautical-miles nmi
light-year: lichtjahr lichtjahre lichtjahren | light-year light-years lightyear lightyears
foot: fuß fuss ft | foot feet ft
inch: zoll inch | inch inches
yard: yard yards | yard yards
km2: quadratkilometer quadratkilometern km² km2 qkm | square-kilometer square-kilometers square-kilometre
km2: | square-kilometres km² km2 sq-km
m2: quadratmeter quadratmetern m² m2 qm | square-meter square-meters square-metre square-metres m² m2 sq-m sqm
ft2: quadratfuß | square-foot square-feet sq-ft
mile2: quadratmeile quadratmeilen | square-mile square-miles
ha: hektar ha | hectare hectares ha
acre: acre acres morgen | acre acres
barrel: barrel barrels fass | barrel barrels
litre: liter litern l | liter liters litre litres
hl: hektoliter hektolitern | hectoliter hectoliters hectolitre hectolitres
ml: milliliter | milliliter milliliters millilitre millilitres ml
m3: kubikmeter kubikmetern m³ | cubic-meter cubic-meters cubic-metre cubic-metres m³
ft3: kubikfuß | cubic-foot cubic-feet
gallon: gallone gallonen | gallon gallons
kg: kilogramm kg kilo kilos | kilogram kilograms kilogramme kilogrammes kg kilo kilos
g: gramm g | gram grams gramme grammes g
ug: mikrogramm µg | microgram micrograms µg mcg
mg: milligramm mg | milligram milligrams mg
t: tonne tonnen t | ton tons tonne tonnes t metric-ton metric-tons metric-tonnes
zentner: zentner zentnern | hundredweight hundredweights cwt
kt: kilotonne kilotonnen | kiloton kilotons kilotonne kilotonnes
ounce: unze unzen | ounce ounces oz
kmh: km/h kmh kph stundenkilometer stundenkilometern kilometer-pro-stunde kilometern-pro-stunde | km/h kmh kph
kmh: | kilometers-per-hour kilometres-per-hour kilometers-an-hour kilometres-an-hour
mph: mph meilen-pro-stunde | mph miles-per-hour miles-an-hour
knot: knoten | knot knots
degree: grad ° °c celsius grad-celsius °f fahrenheit | degree degrees ° °c celsius degrees-celsius degree-celsius
degree: | °f fahrenheit degrees-fahrenheit degree-fahrenheit
hp: ps | hp bhp ps horsepower
kW: kilowatt kw | kilowatt kilowatts kw
MW: megawatt mw | megawatt megawatts mw
GW: gigawatt gw | gigawatt gigawatts gw
W: watt | watt watts
kWh: kilowattstunde kilowattstunden kwh | kilowatt-hour kilowatt-hours kwh
MWh: megawattstunde megawattstunden mwh | megawatt-hour megawatt-hours mwh
GWh: gigawattstunde gigawattstunden gwh | gigawatt-hour gigawatt-hours gwh
TWh: terawattstunde terawattstunden twh | terawatt-hour terawatt-hours twh
MB: megabyte mb | megabyte megabytes mb
GB: gigabyte gb | gigabyte gigabytes gb
TB: terabyte tb | terabyte terabytes tb
MHz: megahertz mhz | megahertz mhz
GHz: gigahertz ghz | gigahertz ghz
dB: dezibel db | decibel decibels db
V: volt | volt volts
Hz: hertz hz | hertz hz
"""
# One unit in the base of its dimension.
UNIT_SIZES = {
    "length": {"mm": 0.001, "cm": 0.01, "inch": 0.0254, "foot": 0.3048, "yard": 0.9144, "m": 1, "km": 1000,
               "mile": 1609.3, "nautical-mile": 1852, "light-year": 9.46e15},
    "area": {"ft2": 0.0929, "m2": 1, "acre": 4047, "ha": 10000, "km2": 1e6, "mile2": 2.59e6},
    "volume": {"ml": 0.001, "litre": 1, "gallon": 3.785, "hl": 100, "barrel": 159, "m3": 1000, "ft3": 28.3},
    "share": {"permille": 0.1, "percent": 1},
    "points": {"bp": 0.01, "points": 1},
    "energy": {"kWh": 1, "MWh": 1000, "GWh": 1e6, "TWh": 1e9},
    "mass": {"ug": 1e-9, "mg": 1e-6, "g": 0.001, "ounce": 0.02835, "pound": 0.4536, "kg": 1, "zentner": 50, "t": 1000,
             "kt": 1e6},
    "speed": {"kmh": 1, "mph": 1.609, "knot": 1.852},
    "time": {"second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30.4, "year": 365,
             "decade": 3650, "century": 36500},
    "power": {"W": 0.001, "hp": 0.74, "kW": 1, "MW": 1000, "GW": 1e6},
}  # fmt: skip
UNIT_SIZE = {
    match_unit: (name, Decimal(str(size))) for name, sizes in UNIT_SIZES.items() for match_unit, size in sizes.items()
}
CONVERSION_TOLERANCE = Decimal("0.1")


def _unit_forms(table: str, side: int) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for row in table.strip().splitlines():
        name, forms = row.split(":", 1)
        found |= {tuple(re.split(r"-", form)): name for form in forms.split("|")[side].split()}
    return found


UNIT_FORMS = {"de": _unit_forms(UNITS.strip() + CURRENCIES, 0), "en": _unit_forms(UNITS.strip() + CURRENCIES, 1)}
CURRENCY_NAMES = frozenset(row.split(":")[0] for row in CURRENCIES.strip().splitlines())
MAX_UNIT_WORDS = 3
# Currencies by name, and by far more often something else: "he won".
AMBIGUOUS_CURRENCIES = frozenset({"won", "real", "rand"})


def match_unit(words: list[str], lang: str) -> tuple[str, int]:
    """The unit that lower-case words begin with, and how many words it takes; "" and 0 where there is none."""
    for length in range(min(MAX_UNIT_WORDS, len(words)), 0, -1):
        if name := UNIT_FORMS[lang].get(tuple(words[:length])):
            return name, length
    return "", 0


def compatible(one: str, other: str) -> bool:
    """Whether two units may be the same: equal, or one is not named."""
    return one == other or not one or not other


def same_dimension(one: str, other: str) -> bool:
    """Whether two units measure the same: kilometres and feet."""
    return one in UNIT_SIZE and other in UNIT_SIZE and UNIT_SIZE[one][0] == UNIT_SIZE[other][0]


def equal_after_conversion(value: Decimal, one: str, other_value: Decimal, other: str) -> bool:
    """Whether two values are the same quantity in different units, or the same temperature on different scales."""
    if one == other == "degree":
        return any(abs(a * 9 / 5 + 32 - b) <= 2 for a, b in ((value, other_value), (other_value, value)))
    here, there = UNIT_SIZE.get(one), UNIT_SIZE.get(other)
    if here is None or there is None or here[0] != there[0] or one == other:
        return False
    first, second = value * here[1], other_value * there[1]
    return value != other_value and abs(first - second) <= CONVERSION_TOLERANCE * max(first, second)
