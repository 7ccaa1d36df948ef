"""The terminal's words for states, classes, reasons and faults: short, so that a table fits eighty columns."""

from collections.abc import Mapping

from leadgen_dagster.discovery.businesses import ExclusionReason
from leadgen_dagster.discovery.notes import NoteKind
from leadgen_dagster.scoring.scores import LeadClass, WebsiteScore, WebsiteState

STAGE_WORDS: Mapping[str, str] = {
    "businesses": "discovering businesses",
    "page_snapshots": "looking at websites",
    "contacts": "reading contacts",
    "page_audits": "looking again",
    "website_scores": "scoring websites",
    "generated_sites": "generating demo sites",
    "outreach_campaigns": "writing drafts",
    "lead_export": "exporting",
}
COUNT_WORDS: Mapping[str, str] = {
    "businesses": "businesses",
    "page_snapshots": "pages",
    "contacts": "contacts",
    "page_audits": "second looks",
    "website_scores": "leads",
    "generated_sites": "demo sites",
    "outreach_campaigns": "drafts",
    "lead_export": "exported",
}
CLASS_WORDS: Mapping[LeadClass, str] = {
    LeadClass.READY_TO_MAIL: "ready to mail",
    LeadClass.READY_TO_CALL: "ready to call",
    LeadClass.CHECK_FIRST: "check first",
    LeadClass.LEAVE_ALONE: "leave alone",
}
CLASS_STYLES: Mapping[LeadClass, str] = {
    LeadClass.READY_TO_MAIL: "green",
    LeadClass.READY_TO_CALL: "green",
    LeadClass.CHECK_FIRST: "yellow",
    LeadClass.LEAVE_ALONE: "dim",
}
STATUS_STYLES: Mapping[str, str] = {"completed": "green", "failed": "red", "pending": "dim"}
STATE_WORDS: Mapping[WebsiteState, str] = {
    WebsiteState.OK: "looked at",
    WebsiteState.WEBSITE_UNKNOWN: "none found",
    WebsiteState.SOCIAL_ONLY: "social only",
    WebsiteState.OTHER_DOMAIN: "other firm's",
    WebsiteState.PARKED: "parked",
    WebsiteState.UNDER_CONSTRUCTION: "unfinished",
    WebsiteState.SHELL: "scripts only",
    WebsiteState.BLOCKED: "off limits",
    WebsiteState.NOT_FOUND: "page missing",
    WebsiteState.UNREACHABLE: "not reached",
    WebsiteState.NOT_HTML: "not a page",
    WebsiteState.TOO_LARGE: "too large",
}
EXCLUSION_WORDS: Mapping[ExclusionReason, str] = {
    ExclusionReason.CHAIN: "one of a chain",
    ExclusionReason.CLOSED: "closed for good",
    ExclusionReason.INSTITUTION: "institution",
    ExclusionReason.COMPETITOR: "competitor",
    ExclusionReason.EXCLUSION_LIST: "on your list",
    ExclusionReason.NOT_A_BUSINESS: "not a business",
    ExclusionReason.OPTED_OUT: "opted out",
    ExclusionReason.TAKEN_DOWN: "taken down",
}
LEFT_OUT_WORDS: Mapping[NoteKind, tuple[str, str]] = {
    NoteKind.FAILED_SOURCE: ("source that failed", "sources that failed"),
    NoteKind.INCOMPLETE_SOURCE: ("source that broke off", "sources that broke off"),
    NoteKind.REJECTED: ("record", "records"),
    NoteKind.UNREAD: ("detail", "details"),
}
FAULT_WORDS: Mapping[str, str] = {
    "accessibility.access_key_doubled": "shortcut doubled",
    "accessibility.autoplay_with_sound": "sound by itself",
    "accessibility.button_text_missing": "mute buttons",
    "accessibility.form_label_missing": "form labels missing",
    "accessibility.frame_title_missing": "frames untitled",
    "accessibility.heading_order": "heading order",
    "accessibility.image_alt_missing": "image texts missing",
    "accessibility.image_button_alt_missing": "mute image button",
    "accessibility.label_target_missing": "label without field",
    "accessibility.lang_missing": "language missing",
    "accessibility.lang_wrong": "wrong language",
    "accessibility.link_text_missing": "link texts missing",
    "accessibility.list_structure": "broken lists",
    "accessibility.low_contrast": "low contrast",
    "accessibility.meta_refresh": "page reloads itself",
    "accessibility.select_label_missing": "choice unlabelled",
    "accessibility.submit_text_missing": "mute form button",
    "accessibility.tab_order_forced": "tab order forced",
    "accessibility.table_headers_missing": "tables unheaded",
    "conversion.booking_missing": "booking missing",
    "conversion.contact_form_missing": "no contact form",
    "conversion.contact_missing": "no way to write",
    "conversion.email_not_clickable": "e-mail not a link",
    "conversion.first_step_missing": "no first step",
    "conversion.menu_is_image": "menu is a picture",
    "conversion.menu_is_pdf": "menu is a PDF",
    "conversion.navigation_is_dead": "dead navigation",
    "conversion.navigation_is_pictures": "pictured navigation",
    "conversion.phone_not_clickable": "phone not a link",
    "conversion.prices_missing": "prices missing",
    "freshness.copyright_outdated": "old year in footer",
    "freshness.deprecated_markup": "old markup",
    "freshness.doctype_missing": "doctype missing",
    "freshness.flash": "Flash",
    "freshness.frames": "frames",
    "freshness.old_news": "old news",
    "freshness.outdated_cms": "old CMS",
    "freshness.outdated_library": "old library",
    "freshness.pandemic_notice": "pandemic notice",
    "freshness.placeholder_contact": "sample address left",
    "freshness.placeholder_text": "filler text left",
    "freshness.table_layout": "table layout",
    "freshness.under_construction": "page unfinished",
    "local.address_missing": "address missing",
    "local.data_disagrees": "data disagrees",
    "local.hours_missing": "hours missing",
    "local.map_missing": "map missing",
    "local.name_missing": "name missing",
    "local.phone_missing": "phone missing",
    "local.structured_data_missing": "no structured data",
    "local.town_missing": "town not named",
    "mobile.asks_permission": "asks at once",
    "mobile.fixed_width": "fixed width",
    "mobile.text_too_pale": "pale text",
    "mobile.text_too_small": "tiny text",
    "mobile.viewport_missing": "viewport missing",
    "mobile.viewport_wide": "viewport too wide",
    "mobile.width_undeclared": "no width for phones",
    "mobile.zoom_forbidden": "zoom forbidden",
    "reachability.broken_link": "broken link",
    "reachability.error_page": "page not found",
    "reachability.mistyped_link": "mistyped link",
    "reachability.picture_missing": "picture missing",
    "reachability.redirect_chain": "many redirects",
    "search.blocked_from_index": "hidden from search",
    "search.canonical_broken": "canonical broken",
    "search.canonical_elsewhere": "canonical elsewhere",
    "search.charset_missing": "charset missing",
    "search.description_missing": "description missing",
    "search.description_too_short": "description short",
    "search.doubled_tags": "title doubled",
    "search.h1_missing": "heading missing",
    "search.hreflang_broken": "hreflang broken",
    "search.icon_missing": "tab icon missing",
    "search.images_undescribed": "images undescribed",
    "search.link_words_empty": "links called “here”",
    "search.links_not_followable": "links need scripts",
    "search.preview_missing": "no link preview",
    "search.title_missing": "title missing",
    "search.title_too_long": "title too long",
    "security.certificate_expired": "certificate expired",
    "security.form_over_http": "form not secure",
    "security.headers_missing": "headers missing",
    "security.mixed_content": "mixed content",
    "security.no_https": "no HTTPS",
    "security.outdated_server": "old server",
    "security.paste_forbidden": "no pasting",
    "speed.blocking_scripts": "blocking scripts",
    "speed.blocking_styles": "blocking styles",
    "speed.discouraged_calls": "old script calls",
    "speed.first_image_heavy": "heavy first picture",
    "speed.heavy_html": "heavy HTML",
    "speed.heavy_images": "heavy pictures",
    "speed.heavy_inline_code": "code in the page",
    "speed.images_add_up": "pictures add up",
    "speed.images_not_lazy": "pictures too early",
    "speed.images_without_size": "jumping text",
    "speed.large_page": "many elements",
    "speed.many_files": "many files",
    "speed.many_fonts": "many fonts",
    "speed.many_scripts": "many scripts",
    "speed.many_third_parties": "many other hosts",
    "speed.old_image_formats": "old image formats",
    "speed.slow_first_byte": "slow server",
    "speed.uncompressed": "not compressed",
    "trust.about_missing": "nobody introduced",
    "trust.free_mail_address": "free mailbox",
    "trust.imprint_missing": "imprint missing",
    "trust.privacy_page_missing": "no privacy page",
    "trust.reviews_missing": "reviews missing",
    "trust.social_link_dead": "dead social link",
    "trust.tracking_without_consent": "tracking unasked",
}
FLAG_WORDS: Mapping[str, str] = {
    "address_discrepancy": "addresses differ",
    "doubtful_duplicate": "perhaps a twin",
    "email_needs_consent": "needs consent",
    "hours_discrepancy": "hours differ",
    "name_discrepancy": "names differ",
    "phone_discrepancy": "phones differ",
    "record_outdated": "old record",
    "sensitive_niche": "sensitive trade",
    "text_addressed_to_machines": "text to machines",
}
CAUSE_WORDS: Mapping[str, str] = {
    "captcha": "captcha first",
    "dns": "name not resolved",
    "robots": "robots.txt says no",
    "timeout": "no answer in time",
    "tls": "no safe connection",
}


def fault_words(check_id: str | None) -> str:
    """A fault in two or three words; a check that has none here is called by its own name."""
    if check_id is None:
        return ""
    return FAULT_WORDS.get(check_id) or check_id.partition(".")[2].replace("_", " ")


def seen_words(score: WebsiteScore, fault: str | None) -> str:
    """The one thing to know of a website: why to check first, else the fault to speak of, else why it was not read."""
    if score.lead_class is LeadClass.CHECK_FIRST and score.flags:
        return FLAG_WORDS.get(score.flags[0], score.flags[0].replace("_", " "))
    return fault_words(fault) or CAUSE_WORDS.get(score.state_cause or "", "")
