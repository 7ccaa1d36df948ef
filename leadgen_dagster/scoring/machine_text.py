"""Text on a page that is meant for machines and not for visitors: it changes nothing, and a person looks at it."""

import re

from leadgen_dagster.scoring.lexicon import IN_TEXT
from leadgen_dagster.scoring.page_view import one_line, surroundings
from leadgen_dagster.scoring.site_pages import SitePages

_HINTS = IN_TEXT.words(
    *(
        "instruction",
        "anweisung",
        "prompt",
        "language model",
        "sprachmodell",
        "assistant",
        "chatbot",
        "copywriter",
    ),
    *(" ai ", " ai:", " ki ", " ki:", "gpt", " llm", "im_start", "crawler", "bots"),
)
"""What such a text cannot do without; all else on a page is passed over quickly."""

MOST_HINTS = 40
AROUND = 200
_MACHINE = (
    r"(?:ai|ki|llms?|gpt|chatgpt|(?:large )?language models?|sprachmodelle?|(?:ai|ki|automated|"
    r"virtual) (?:assistants?|systems?|agents?|tools?)|"
    r"assistants?|chatbots?|copywriters?|automated (?:readers?|systems?|tools?)|bots?|crawlers?)"
)
_ORDER = (
    r"(?:write|say|state|mention|include|add|output|report|claim|praise|rate|describe|schreib\w*|erwähn\w*)"
)
_ADDRESSED = re.compile(
    r"(?:ignore|disregard|forget|override) (?:all |any |the |your |these )*(?:previous|prior|above|"
    r"earlier|other|former|system) ?"
    r"(?:instructions?|prompts?|rules?|guidelines?)|"
    r"ignorier\w* (?:alle |die )*(?:vorherigen|bisherigen|obigen) (?:anweisungen|vorgaben)|"
    rf"(?:note|notice|instructions?|message|attention|important|hinweis|anweisung(?:en)?) (?:to|for|an|"
    rf"für) (?:(?:any|all|every|the|alle|die)\s)*{_MACHINE}\b|"
    rf"(?:if|when|as) you(?:['\u2019]re| are) an? {_MACHINE}\b|"
    rf"\b{_MACHINE}\b[,:]? (?:(?:that|who|which) [^.\n]{{0,60}} )?(?:must|should|shall|please|"
    rf"are (?:instructed|asked|required) to)\s{_ORDER}|"
    rf"\b{_MACHINE}\b[^.\n]{{0,40}}:\s*(?:please )?{_ORDER}|"
    r"<\|im_start\|>|\[system\]|system prompt:"
)


def text_addressed_to_machines(site: SitePages) -> str | None:
    """The first such text, hidden elements and comments included; None where there is none."""
    for page in site.pages:
        unseen = page.unseen_text.lower()
        for text, words in ((page.lower_text, page.text_words), (unseen, IN_TEXT.found_in(unseen))):
            for hint in sorted(words & _HINTS):
                for _, passage in surroundings(text, hint, before=AROUND, after=AROUND, most=MOST_HINTS):
                    if match := _ADDRESSED.search(one_line(passage)):
                        return one_line(passage)[match.start() : match.end() + AROUND]
    return None
