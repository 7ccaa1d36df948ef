"""Which mailboxes belong to a firm, and which are nobody's: the words a user may want others for."""

from dataclasses import dataclass
from typing import Self

from leadgen_dagster.agency import MailboxWords

_ROLES = """
    info information infos hello hallo hei hej hi hola ola ciao bonjour moi contact contacto contato contatti kontakt
    kontakti mail email office oficina ufficio bureau biuro toimisto kontor post posti team staff all general firma
    company service services servicedesk kundenservice kundendienst kundservice asiakaspalvelu customerservice
    customercare client clients kunden help helpdesk support desk frontdesk reception rezeption receptie
    vastaanotto recepcion recepcja shop store butik sklep laden boutique negozio tienda loja obchod winkel
    booking bookings book bokning varaukset varaus buchung reservation reservations reservierung reservierungen
    reserva reservas prenotazioni rezerwacja rezervace termin termine appointments ajanvaraus order orders bestellung
    bestellungen pedidos commande zakaz tilaukset sales sale verkauf vendas ventas vente myynti commerciale comercial
    enquiries enquiry inquiries inquiry anfrage anfragen admin administration amministrazione verwaltung secretary
    secretariat sekretariat segreteria atendimento atencion accueil welcome willkommen
    praxis kanzlei salon studio atelier werkstatt garage clinic klinik dental zahnarzt hotel restaurant ravintola
    ristorante restaurante cafe kahvila bar pub bistro pizzeria bakery baeckerei bistrot kitchen spa gallery
"""
_OTHER_DUTIES = """
    jobs job career careers karriere bewerbung bewerbungen hr recruiting rekry recruitment rrhh press presse media
    invoice invoices rechnung rechnungen billing buchhaltung accounting accounts laskut laskutus faktura compta
    einkauf purchasing it legal marketing newsletter news feedback security complaints reklamation
"""
_PLACEHOLDER_DOMAINS = """
    example.com example.org example.net example.de example.fi domain.com domain.de domain.tld yourdomain.com
    mydomain.com email.com mail.com mysite.com yoursite.com yourwebsite.com website.com yourcompany.com company.com
    test.com test.de address.com mail.example beispiel.de musterfirma.de mustermann.de esimerkki.fi exemple.fr
    ejemplo.com esempio.it exemplo.com xyz.com abc.com sample.com adresse.de
"""
_TRACKER_DOMAINS = """
    sentry.io wixpress.com sentry-next.wixpress.com bugsnag.com rollbar.com raygun.io logrocket.com getsentry.com
    honeybadger.io trackjs.com datadoghq.com
"""
_PLACEHOLDER_NAMES = """
    name yourname your.name your-name youremail your.email your-email yourmail your user username example test beispiel
    mustermann max.mustermann john.doe johndoe jane.doe someone somebody firstname.lastname vorname.nachname
    etunimi.sukunimi fornamn.efternamn prenom.nom nombre nome ihre ihr.name xxx abc foo me
"""


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRules:
    """What decides whose a mailbox is; all in lower case."""

    roles: frozenset[str] = _words(_ROLES) | _words(_OTHER_DUTIES)
    """First words of mailboxes that belong to the firm and not to a person."""
    other_duties: frozenset[str] = _words(_OTHER_DUTIES)
    """Those of them that are read for something else; used where there is no other."""
    excluded_names: frozenset[str] = _words(_PLACEHOLDER_NAMES)
    """Mailboxes that are nobody's at any domain."""
    excluded_domains: frozenset[str] = _words(_PLACEHOLDER_DOMAINS) | _words(_TRACKER_DOMAINS)
    """Placeholders and error trackers; a domain stands for all below it."""

    @classmethod
    def with_words(cls, words: MailboxWords) -> Self:
        """The rules, and what an agency knows beside them."""
        return cls(
            roles=DEFAULT_RULES.roles | set(words.roles),
            excluded_names=DEFAULT_RULES.excluded_names | set(words.nobodys_names),
            excluded_domains=DEFAULT_RULES.excluded_domains | set(words.nobodys_domains),
        )


DEFAULT_RULES = ContactRules()
