"""What stands on a page that nobody looks after, in lower case: templates' own words, notices and news of long ago.

Each pattern comes with marks, one of which a match cannot do without: looking for those is quick.
"""

import re

PLACEHOLDER_MARKS = (
    *("lorem ipsum", "wordpress", "example page", " here", "m a paragraph", "blindtext"),
    *("goes here", "text block", "ihr text", "platzhalter", "esimerkkiteksti", "tähän", "describe your"),
    *("mustertext", "beispieltext", "kirjoita", "muokkaa", "this is the heading", "votre texte", "tu texto"),
)
PLACEHOLDERS = re.compile(
    r"lorem ipsum|just another wordpress site|welcome to wordpress\. this is your first post|"
    r"this is an example page\. it[\u2019']s different|"
    r"\byour (?:text|content|slogan|tagline|company name|title|headline) (?:goes )?here\b|"
    r"\badd (?:your|a) (?:text|heading text|content|title|subheading)(?: text)? here\b|"
    r"click (?:here|the edit button|edit button) to (?:edit|add|change)(?: the| this| your| your own)? "
    r"(?:text|content)|"
    r"i[\u2019']m a paragraph\. click here|i am text block\. click edit|insert (?:your )?text here|"
    r"enter your (?:text|description) here|describe your (?:image|service) here|"
    r"hier steht ihr text|hier kommt ihr text|ihr text hier|dies ist ein (?:blind|typoblind|muster|beispiel)text|"
    r"text hier (?:einfügen|eingeben)|platzhaltertext|muokkaa tekstiä napsauttamalla|"
    r"kirjoita teksti(?:si)? tähän|tämä on esimerkkiteksti|lisää tekstiä tähän|"
    r"(?:insérez|ajoutez|tapez) votre texte ici|escribe (?:aquí )?tu texto"
)
SAMPLE_MARKS = (
    "123-456",
    "123) 456",
    "234 567",
    "terry fran",
    "domain.",
    "mysite.com",
    "yoursite",
    "muster",
    "yourcompany",
    "yourwebsite",
    "esimerkkikatu",
)
SAMPLES = re.compile(
    r"(?<!\d)\(?123\)?[-. ]456[-. ]7890?(?!\d)|\+?1?[ (]*234\)? 567[ -]?890\b|500 terry fran[cç]\w+ st\w*|"
    r"[\w.+-]+@(?:your-?(?:domain|site|company|website|email)|mysite|my-?domain|ihre-?domain|deine-?domain|"
    r"musterfirma|mustermann|example-?domain)\.\w{2,3}\b|"
    r"\bmusterstra(?:ß|ss)e \d+\b|\b\d{5} musterstadt\b|\bmax mustermann\b|\besimerkkikatu \d+\b"
)
UNFINISHED = re.compile(
    r"(?:this |our |the |web ?)?(?:page|website|web site|site) (?:is )?(?:still |currently )?under construction|"
    r"(?:this |our )(?:page|website|site) is (?:still )?being (?:built|rebuilt)|"
    r"(?:diese |unsere )?(?:web)?seite (?:befindet sich |ist )?(?:noch |derzeit |gerade |zur ?zeit )*im aufbau|"
    r"(?:diese |unsere )(?:web)?seite wird (?:gerade|derzeit|zur ?zeit) überarbeitet|"
    r"(?:sivu|sivusto|sivut|kotisivut) (?:on |ovat )?(?:vielä )?(?:rakenteilla|työn alla)|"
    r"(?:sidan|webbplatsen|hemsidan) är under (?:uppbyggnad|konstruktion|ombyggnad)|"
    r"(?:page|site)(?: web)? (?:est )?en (?:cours de )?construction|"
    r"(?:página|sitio)(?: web)? (?:está )?en construcción"
)
UNFINISHED_MARKS = (
    "construction",
    "im aufbau",
    "überarbeitet",
    "rakenteilla",
    "työn alla",
    "under upp",
    "ombyggnad",
    "construcción",
    "being ",
)
PANDEMIC = re.compile(
    r"(?:covid|corona)[\s-]*(?:19|virus)?[\s-]*(?:update|notice|information|measures|guidelines|"
    r"restrictions|safety|policy|protocols?|precautions|regel\w*|maßnahmen|verordnung\w*|"
    r"hinweise?|schutz\w*|auflagen|beschränkungen|rajoitu\w*|ohje\w*|tiedote)\b"
    r"|\b[23]g-(?:regel\w*|plus|nachweis)\b|masken?pflicht|maskipakko|maskisuositu\w*"
    r"|\bface (?:masks|coverings) (?:are|must|required)"
)
PANDEMIC_MARKS = (
    "covid",
    "corona",
    "korona",
    "maske",
    "maski",
    "face mask",
    "face cover",
    "g-regel",
    "g-nachweis",
)

NEWS = re.compile(
    r"(?:latest |our |unsere |aktuelle |upcoming )?(?:news|events?|what[\u2019']s on|aktuelles|"
    r"neuigkeiten|termine|veranstaltungen|nachrichten|ajankohtaista|uutiset|tapahtumat|"
    r"nyheter|aktuellt|evenemang|actualités|agenda|événements|noticias|eventos|novedades)\W*"
)
_MONTH_NAMES = """
    january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec januar februar märz mai juni juli oktober dezember okt dez januari februari mars maj augusti
    janvier février avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio
    julio agosto septiembre octubre noviembre diciembre tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta
    kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
"""
_MONTHS = f"(?:{'|'.join(_MONTH_NAMES.split())})"
DATE = re.compile(
    rf"\b\d{{1,2}}\. ?\d{{1,2}}\. ?((?:19|20)\d\d)\b|\b\d{{1,2}}[/-]\d{{1,2}}[/-]((?:19|20)\d\d)\b"
    rf"|\b((?:19|20)\d\d)-\d\d-\d\d\b|\b{_MONTHS}\.?,? (?:\d{{1,2}}(?:st|nd|rd|th)?,? )?((?:19|20)\d\d)\b"
)
YEAR = re.compile(r"(?<![\d-])((?:19|20)\d\d)(?!\d)")
