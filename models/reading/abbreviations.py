"""German words that decide whether a full stop ends a sentence: abbreviations, and words that open sentences.

Data for `sentences.py`. Matching is by exact spelling unless said otherwise: "Do." is Donnerstag, "do" is no
abbreviation. German writes nouns with a capital, so a capital after an abbreviation says little; a capital on a
word that is small inside a sentence ("Die", "Danach") says nearly everything. Hence the list of openers.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Titles and words that always lead on to something: their full stop never ends a sentence.
NEVER_FINAL = _words("""
    Dr Drs Prof Doz Mag Dipl Ing DI Dkfm Bakk Hr Hrn Fam Frl Bgm Bgmin Vzbgm Hptm Oblt Lt Ltn Gen Kom KomR Präs
    Vors Min.-Rat Pfr Rev Msgr Hl hl St Ste Skt Mr Mrs Ms Messrs Sr vs bzw Bzw ca Ca circa zzgl zzt inkl Inkl exkl
    einschl ausschl lt gem sog bes insb insbes ggf ggfs evtl Evtl event vgl Vgl dgl bzgl Bzgl betr geb gest verh
    verw gesch resp rd mind ung urspr eigtl eigentl vermutl angebl nachm vorm tägl wöchentl jährl monatl zw dt Dt
    frz engl ital span russ türk amerik brit österr Österr schweiz schweizer lat griech poln tschech ungar mex hrsg
    Hrsg übers illustr u od ehem Ehem allg Allg stv stellv Stellv techn wiss Wiss kath evang röm
    jun zus durchschn versch entspr urk Verf Tel Fax Bez Hbf
""")

# These may end a sentence; they do where the next word opens one.
MAY_BE_FINAL = _words("""
    usw etc ff Co Inc Ltd Corp Bros Jr jr sen Sen Mio Mrd Bio Tsd Mill Chr Jh Jhdt Jhd Str Pl Std Min Sek Sec Pers Pkt
    Stk Anm Red Abt Ges Verl Univ Inst Kto Jän Jan Feb Febr Mär Apr Jun Jul Aug Sep Sept Okt Nov Dez
    Mo Di Mi Do Fr Sa So Temp Whg Zi Jg Jgg Ass Akk Kfm Bsp Aufl Ausg
""")

# An abbreviation before a number ("Nr. 5", "Abs. 2"); elsewhere as above, or a word of its own ("dieser Art.").
BEFORE_NUMBER = _words("Nr No Abs Art Kap Ziff Bd Bde Abb Tab lit Lit Rz Rn Fn Pos Pkt Anh Par Jg Vers Max max min S Z")
ALSO_A_WORD = _words("Art Tab Max Vers No Par lit")

# Abbreviations of several parts, without spaces and in small letters.
NEVER_FINAL_PARTS = _words("""
    z.b z.t z.zt z.hd d.h d.i i.d.r i.a i.e i.s.d i.v.m i.h.v i.w m.e m.w s.o s.u u.u u.s s.a v.a o.g e.g h.c b.z.w
    d.j d.ä v.l.n.r
""")
MAY_BE_FINAL_PARTS = _words("""
    u.a u.ä u.v.a u.v.m u.a.m u.s.w o.ä n.chr v.chr a.d e.v i.r m.b.h o.j o.o a.g p.a n.v u.dgl g.m.b.h
""")

# Units carry no full stop of their own, though they look like abbreviations.
UNITS = _words("km m cm mm kg g mg t l dl ml hl kWh MWh GWh TWh W kW MW GW Hz kHz MHz GHz kB MB GB TB px")

# What an ordinal number without an article is usually followed by (in small letters).
ORDINAL_NOUNS = _words("""
    januar jänner februar feber märz april mai juni juli august september oktober november dezember
    jän jan feb febr mär apr jun jul aug sep sept okt nov dez jahrhundert jahrhunderts jahrhunderte jh jhdt jhd
    jahrtausend jahrtausends quartal quartals halbjahr jahrestag geburtstag todestag minute spielminute runde
    spieltag etappe lauf platz rang bezirk bezirks stock stockwerk weltkrieg weltkriegs weltkrieges bundesliga liga
    klasse auflage lebensjahr kapitel teil tag woche monat mal fc fsv ffc cfr sc sv
""")

# What an ordinal stands behind (in small letters); possessives are matched by their stem.
BEFORE_ORDINAL = _words("""
    der die das dem den des am im vom zum zur beim ins ans aufs fürs übers ein eine einem einen einer eines
    jeder jede jedes jedem jeden dieser diese dieses diesem diesen jener jene jenes jenem jenen beide beiden
    mit nach vor ab seit zu bis und oder sowie vs kein keine keinen
""")
POSSESSIVES = ("mein", "dein", "sein", "ihr", "unser", "euer", "eure", "deren", "dessen")
FILLERS = _words("bereits schon inzwischen mittlerweile nun erst insgesamt")

# Company names and titles that carry an exclamation mark.
EXCLAIMED = _words("Yahoo FRITZ Jeopardy Joomla")

# Words that are small inside a sentence and so show, with a capital, that one begins (in small letters).
OPENERS = _words("""
    der die das dem den des ein eine einem einen einer eines kein keine keinem keinen keiner
    er sie es ich wir ihr du man ihm ihn ihnen uns euch mir mich dir dich sich
    mein meine meiner meinem meinen sein seine seiner seinem seinen seines ihre ihrer ihrem ihren ihres
    unser unsere unserer unserem unseren euer eure
    dieser diese dieses diesem diesen jener jene jenes jenem jenen derselbe dieselbe dasselbe
    derjenige diejenige dasjenige diejenigen solche solcher solches solch welche welcher welches welchem welchen
    alle alles allen aller allem allein beide beides beiden viele vieles vielen manche mancher manches manchen
    einige einiges einigen etliche mehrere wenige weniger weniges jeder jede jedes jedem jeden jedermann
    jemand niemand nichts etwas andere anderer anderes anderen anders
    wer was wem wen wessen wie wo wann warum weshalb wieso weswegen wohin woher womit wofür wodurch woran worauf
    ab an am auf aus außer bei beim bis dank durch entlang für gegen gegenüber hinter im in ins infolge innerhalb
    außerhalb laut mangels mit mithilfe mittels nach neben ob oberhalb ohne pro samt seit statt anstatt trotz über
    um ungeachtet unter von vom vor während wegen wider zu zufolge zugunsten zum zur zwischen anhand angesichts
    anlässlich aufgrund bezüglich hinsichtlich inmitten jenseits diesseits seitens unweit zwecks gemäß
    und oder aber doch denn sondern dass weil da damit obwohl obgleich wenn falls sofern sobald solange sooft als
    bevor ehe nachdem indem sodass sowohl weder entweder zwar nicht auch nur noch schon bereits erst immer nie
    niemals selten oft häufig meist meistens manchmal bisher bislang bald jetzt nun heute gestern vorgestern
    übermorgen damals dann danach davor dabei dadurch dafür dagegen daher dahin dahinter daneben daran
    darauf daraufhin daraus darin darüber darum darunter davon dazu dazwischen deshalb deswegen demnach
    demzufolge dennoch derzeit dessen deren dort dorthin hier hierbei hierfür hierher hiermit hierzu hingegen
    jedoch trotzdem allerdings außerdem überdies zudem ferner weiters weiterhin ebenso ebenfalls gleichzeitig
    zugleich inzwischen indes indessen mittlerweile unterdessen seither seitdem später früher zuvor vorher nachher
    zunächst zuerst zuletzt schließlich endlich letztlich letztendlich kürzlich neulich jüngst vielleicht
    wahrscheinlich vermutlich offenbar anscheinend scheinbar angeblich möglicherweise glücklicherweise
    üblicherweise normalerweise beispielsweise natürlich selbstverständlich freilich tatsächlich eigentlich
    wirklich sicher sicherlich gewiss immerhin jedenfalls übrigens vielmehr insgesamt insbesondere besonders
    etwa rund knapp fast beinahe kaum mindestens wenigstens höchstens sogar selbst so somit sonst
    stattdessen teils teilweise überhaupt ungefähr weitere weiterer weiteres wieder wiederum ziemlich zwei drei vier
    fünf sechs sieben acht neun zehn elf zwölf hunderte tausende wäre war waren ist sind hat haben hatte hatten
    wird werden wurde wurden kann können konnte konnten soll sollen sollte sollten will wollen wollte wollten muss
    müssen musste mussten darf dürfen durfte mag ja nein na nämlich ach oh genau eben gerade bitte danke
""")
