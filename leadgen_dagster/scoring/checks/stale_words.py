"""What stands on a page that nobody looks after, in lower case: templates' own words, notices and news of long ago."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from leadgen_dagster.scoring.lexicon import IN_TEXT


@dataclass(frozen=True, slots=True)
class Passages:
    """What to look for. First for words and marks, one of which it cannot do without: that is quick."""

    words: frozenset[str]
    pattern: re.Pattern[str]
    marks: frozenset[str] = frozenset()
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Marks that are looked for where a word stands on the page."""

    def __post_init__(self) -> None:
        IN_TEXT.words(*chain.from_iterable(self.beside.values()))

    @property
    def signs(self) -> frozenset[str]:
        """Without one of these words none stands on a page, but for the marks."""
        return self.words | self.beside.keys()


_PLACEHOLDERS_WORDS = """
    lorem dolor blindtext typoblindtext mustertext beispieltext platzhaltertext wordpress wordpressiin paragraph
    esimerkkiteksti
    napsauttamalla rubriktext
"""
PLACEHOLDERS = Passages(
    words=frozenset(_PLACEHOLDERS_WORDS.split()),
    beside={
        "here": (
            *(f"{thing} here" for thing in ("text", "content", "goes", "slogan", "tagline", "name", "title")),
            *("headline here", "here to edit", "here to add"),
        ),
        "hier": (
            "text hier",
            "hier ihr text",
            "steht ihr text",
            "überschrift hier",
            "hier deine",
            "kommt hier hin",
        ),
        "hierher": ("gehört hierher",),
        "ici": ("va ici", "texte ici", "titre ici"),
        "aquí": ("va aquí", "texto aquí", "aquí tu texto"),
        "tähän": ("teksti tähän", "tekstisi tähän", "tekstiä tähän", "otsikko tähän", "tähän voit"),
        "här": ("text här", "rubrik här", "titel här"),
        "button": ("button to change", "button to edit"),
        "idea": ("all begins with an idea",),
    },
    pattern=re.compile(
        r"lorem ipsum|dolor sit amet|(?:just another|eine weitere|toinen|ännu en|un autre|otro sitio(?: de)?) "
        r"wordpress|(?:welcome to|willkommen bei|willkommen zur deutschen version von|"
        r"tervetuloa|välkommen till|bienvenue (?:sur|dans)|bienvenido a|te damos la bienvenida a) wordpress(?:iin)?\b|"
        r"this is an example page\. it[\u2019']s different|"
        r"\byour (?:text|content|slogan|tagline|company name|title|headline) (?:goes )?here\b|"
        r"\badd (?:your|a) (?:text|heading text|content|title|subheading)(?: text)? here\b|"
        r"click (?:here|the edit button|edit button) to (?:edit|add|change)(?: the| this| your| your own)? "
        r"(?:text|content)|i[\u2019']m a paragraph\. click here|this is a paragraph\. click|"
        r"i am text block\. click edit|insert (?:your )?text here|enter your (?:text|description) here|"
        r"it all begins with an idea\. maybe|"
        r"hier steht ihr text|hier kommt ihr text|ihr text hier|ihr (?:titel|inhalt) kommt hier hin|"
        r"(?:ihr|dein) (?:titel|inhalt) gehört hierher|füge hier deine überschrift|"
        r"dies ist ein (?:blind|typoblind|muster|beispiel)text|text hier (?:einfügen|eingeben)|platzhaltertext|"
        r"muokkaa tekstiä napsauttamalla|kirjoita teksti(?:si)? tähän|tämä on esimerkkiteksti|tähän voit kirjoittaa|"
        r"lisää (?:teksti|tekstiä|otsikko) tähän|lägg till din (?:rubriktext|text) här|din (?:titel|text) här|"
        r"votre (?:titre|contenu|texte) va ici|(?:insérez|ajoutez|tapez) votre (?:texte|titre) ici|"
        r"(?:tu|su) (?:título|contenido|texto) va aquí|(?:escribe|añade|añada) (?:aquí )?(?:tu|su) texto"
    ),
)
_SAMPLES_WORDS = """
    musterstraße musterstrasse musterstadt mustermann esimerkkikatu mysite terry
"""
SAMPLES = Passages(
    words=frozenset(_SAMPLES_WORDS.split()),
    marks=IN_TEXT.words(
        *("123-456", "123) 456", "123 456", "123.456", "234 567"),
        *("domain.", "yoursite", "yourcompany", "yourwebsite"),
    ),
    pattern=re.compile(
        r"(?<!\d)\(?123\)?[-. ]456[-. ]7890?(?!\d)|\+?1?[ (]*234\)? 567[ -]?890\b|500 terry fran[cç]\w+ st\w*|"
        r"[\w.+-]+@(?:your-?(?:domain|site|company|website|email)|mysite|my-?domain|ihre-?domain|deine-?domain|"
        r"musterfirma|mustermann|example-?domain)\.\w{2,3}\b|"
        r"\bmusterstra(?:ß|ss)e \d+\b|\b\d{5} musterstadt\b|\bmax mustermann\b|\besimerkkikatu \d+\b"
    ),
)
_UNFINISHED_WORDS = """
    construction construcción aufbau überarbeitet rakenteilla työn uppbyggnad konstruktion ombyggnad rebuilt
    soon folgt folgen kürze demnächst tulossa snart bientôt venir préparation próximamente breve
"""
_PARTS = (
    r"(?:photo ?|image ?|bilder|foto|kuva)?(?:galler\w+|galerie|galería|pictures|photos|price ?list|prices|page|"
    r"website|content|online ?shop|more details|testimonials|preisliste|preise|bilder|fotos|inhalte?|seite|kuvia|"
    r"hinnasto|sivu|"
    r"sisältöä|prislista|sida|tarifs|contenu|precios|página|contenido)"
)
_TO_COME = (
    r"(?:coming (?:very )?soon|to follow soon|folg(?:t|en)(?: in kürze| bald| demnächst)?|(?:kommt )?in kürze|"
    r"demnächst|tulossa(?: pian)?|kommer snart|bientôt(?: disponibles?)?|à venir|en préparation|próximamente|en breve)"
)
UNFINISHED = Passages(
    words=frozenset(_UNFINISHED_WORDS.split()),
    marks=IN_TEXT.words("being built"),
    pattern=re.compile(
        r"(?:page|website|web site|(?:this|our) site) (?:is )?(?:still |currently )?under construction|"
        r"(?:this |our )(?:page|website|site) is (?:still )?being (?:built|rebuilt)|"
        r"(?:diese |unsere )?(?:web)?seite (?:befindet sich |ist )?(?:noch |derzeit |gerade |zur ?zeit )*im aufbau|"
        r"(?:diese |unsere )(?:web)?seite wird (?:gerade|derzeit|zur ?zeit) überarbeitet|"
        r"(?:sivu|sivusto|sivut|kotisivut) (?:on |ovat )?(?:vielä )?(?:rakenteilla|työn alla)|"
        r"(?:sidan|webbplatsen|hemsidan) är under (?:uppbyggnad|konstruktion|ombyggnad)|"
        r"(?:page|site)(?: web)? (?:est )?en (?:cours de )?construction|"
        r"(?:página|sitio)(?: web)? (?:está )?en construcción|"
        rf"(?m:^(?:(?:our|the|die|unsere?) )?{_PARTS}\W{{0,3}}(?:is |are )?{_TO_COME}\W*$)"
    ),
)
_PANDEMIC_WORDS = """
    covid maskenpflicht maskipakko maskisuositus wear wearing coverings
"""
PANDEMIC = Passages(
    words=frozenset(_PANDEMIC_WORDS.split()),
    marks=IN_TEXT.words("corona", "korona"),
    pattern=re.compile(
        r"(?:covid|corona)[\s-]*(?:19|virus)?[\s-]*(?:update|notice|information|measures|guidelines|restrictions|"
        r"safety|"
        r"policy|protocols?|precautions|rules|lockdown|regel\w*|maßnahmen|verordnung\w*|hinweise?|schutz\w*|auflagen|"
        r"beschränkungen|situation|tilanne\w*)\b|korona\w*(?:rajoitu|ohje|tilan|tiedot)\w*|"
        r"(?:due to|because of|owing to|aufgrund (?:von|der)|wegen(?: der)?) (?:the )?(?:current |ongoing |aktuellen )?"
        r"(?:covid|corona)[\w-]*[^.\n]{0,60}\b(?:we are|we will|our|please|bitte|bleib\w*|sind wir|haben wir|derzeit)"
        r"|covid[- ]?19\s*[:!\u2013]|\b[23]g-(?:regel\w*|plus|nachweis)\b|masken?pflicht|maskipakko|maskisuositu\w*"
        r"|\bface coverings (?:are|must)|\bwear(?:ing)? (?:a )?(?:face )?masks?\b"
    ),
)
ALL_SIGNS = PLACEHOLDERS.signs | SAMPLES.signs | UNFINISHED.signs | PANDEMIC.signs

NEWS = re.compile(
    r"(?:latest |our |unsere |aktuelle |upcoming |next )?(?:news|events?|courses?|what[\u2019']s on|aktuelles|"
    r"neuigkeiten|termine|veranstaltungen|kurse|nachrichten|ajankohtaista|uutiset|tapahtumat|"
    r"nyheter|aktuellt|evenemang|actualités|agenda|événements|noticias|"
    r"eventos|novedades)\W*"
)
_NEWS_WORDS = """
    news event events course courses what aktuelles neuigkeiten termine veranstaltungen kurse nachrichten ajankohtaista
    uutiset tapahtumat nyheter aktuellt evenemang actualités agenda événements noticias eventos novedades
"""
NEWS_WORDS = frozenset(_NEWS_WORDS.split())
_MONTH_NAMES = """
    january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec januar februar märz mai juni juli oktober dezember okt dez januari februari mars maj augusti
    janvier février avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio
    julio agosto septiembre octubre noviembre diciembre tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta
    kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
"""
_YEAR = r"((?:19|20)\d\d)(?!\d)"
_DAY_OR_MONTH = (
    rf"(?:\d{{1,2}}\. ?\d{{1,2}}\. ?|\d{{1,2}}[/-]\d{{1,2}}[/-]|"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of |de )?)?(?:{'|'.join(_MONTH_NAMES.split())})\.?,? "
    r"(?:de |(?:\d{1,2}(?:st|nd|rd|th)?,? ))?)"
)
DATE = re.compile(rf"\b{_DAY_OR_MONTH}{_YEAR}|\b{_YEAR}-\d\d-\d\d\b")
DATED = re.compile(
    r"\b(?:valid (?:until|till|to|from)|until|gültig (?:bis|ab)|buchbar bis|anmeldung bis|noch bis(?: zum)?|bis zum|"
    r"voimassa|"
    r"gäller (?:till|t\.o\.m\.)|valables? jusqu['\u2019]au|válid[oa] hasta(?: el)?|last (?:updated|modified)|"
    r"zuletzt (?:aktualisiert|geändert)|letzte (?:aktualisierung|änderung)|stand|päivitetty|senast uppdaterad|"
    r"mise? à jour|última actualización|next (?:course|event|class|date)s?|"
    r"nächste[rn]? (?:kurs|termin|veranstaltung)e?|"
    r"seuraava kurssi|nästa kurs|prochain (?:cours|stage)|próximo curso)"
    rf"\W{{0,4}}(?:on |am |vom |le |el |du |den |starts |begins |beginnt )*(?:the |zum )?{_DAY_OR_MONTH}{_YEAR}"
    r"|(?:angebote?|\bpreise|preisliste|saison|season|kurse|programm|prices?|price list|special offers?|"
    r"hinnasto|hinnat|joulu|lounas(?:lista)?(?: viikko| vko)?|christmas|easter|"
    r"weihnachten|ostern|priser|vecka|tarifs?|noël|soldes|precios|temporada|navidad|stundenplan|"
    r"timetable)"
    rf" ?(?:(?:für|for|der|de|kw) )?(?:\d{{1,2}} ?[/.-] ?)?{_YEAR}(?! ?[-\u2013/] ?\d)"
)
DATED_STEMS = IN_TEXT.words(
    *("valid", "until", "gültig", "buchbar", "anmeldung bis", "noch bis", "bis zum", "voimassa", "gäller"),
    *("valable", "válid", "last updated", "last modified", "zuletzt", "letzte", "stand", "päivitetty"),
    *("senast uppdaterad", "à jour", "última", "next ", "nächste", "seuraava", "nästa kurs", "prochain"),
    *("próximo curso", "angebot", "preis", "saison", "season", "kurse", "programm", "price", "special offer"),
    *("hinna", "joulu", "lounas", "christmas", "easter", "weihnachten", "ostern", "priser", "vecka", "tarif"),
    *("noël", "soldes", "precios", "temporada", "navidad", "stundenplan", "timetable"),
)
"""Such a date has one of these before it, and looking for them is quick."""
ANY_YEAR = re.compile(r"20(?<![\d-]20)\d\d(?!\d)")
"""Of this millennium: what is older is history."""
