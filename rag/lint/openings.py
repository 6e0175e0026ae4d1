"""Find the openings of sentences that lean on a sentence before."""

import re

CONNECTIVES = re.compile(
    r"(?:and|but|so|yet|or|also|however|still|then|instead|therefore|thus|otherwise|even so|for example)\b"
    r"[,:]?\s+",
    re.IGNORECASE,
)
"""Words that may stand before the true opening: "But it …" leans as much as "It …"."""

ALWAYS = frozenset(
    "they them their theirs he him his she her hers its such others this that these those they're he's "
    "she's that's they'll it'll they've".split()
)
EXEMPT = re.compile(
    r"(?:this article|these articles|those (?:who|whose|with|without|living|taking)|such as)\b",
    re.IGNORECASE,
)
"""Openings that name what they point to, or point to the article itself."""

_ADJECTIVES = (
    "known|unknown|unclear|clear|uncertain|certain|safe|safer|safest|unsafe|best|better|wise|wiser|"
    "sensible|advisable|common|uncommon|normal|usual|unusual|possible|impossible|important|vital|essential|useful|"
    "helpful|hard|harder|easy|easier|fine|rare|true|natural|reasonable|difficult|good|bad|tempting|dangerous|"
    "risky|worth|wrong|right|fair|necessary|kind|polite|too early|too soon|no surprise|a good idea|a bad idea"
)
EXPLETIVE = re.compile(
    r"it(?:'s| is| was| seems| remains| feels| (?:may|can|might|could|will|would)(?: also| still)? be) "
    r"(?:(?:not|often|usually|sometimes|generally|also|still|very|quite|more|most|always|never|far|much) )*"
    rf"(?:(?:{_ADJECTIVES})(?: for [\w' -]{{2,40}})? (?:to|that|whether|how|if|why|when|which|what|who|where)"
    r"|(?:likely|unlikely|thought|believed|recommended) that|worth \w+ing|time to)\b",
    re.IGNORECASE,
)
"""An "it" that stands for the rest of its own sentence: "It is not known whether …", "It is safe to …"."""

QUANTIFIER = re.compile(
    r"(?P<word>both|some|either|neither|many|most|few|several|all|none|each|one|another|any|much|more|"
    r"the former|the latter|the same|the other|the others|the first|the second)\s+(?P<next>[\w']+)",
    re.IGNORECASE,
)
_VERBS = frozenset(
    "is are was were has have had can could may might will would shall should must do does did don't doesn't "
    "also often only usually sometimes never still even then too seem seems feel feels help helps make makes "
    "find finds say says need needs report reports use uses get gets give gives take takes come comes go "
    "goes last lasts improve improves recover recovers prefer prefers think thinks cause causes show shows "
    "work works start starts involve involves aim aims rely relies hurt hurts and or but".split()
)
"""After one of these, the word before it had no noun of its own: "Both can …" but "Both legs …"."""

_QUOTES = " \"'([*_-\u2013\u2014\u201c\u201d\u2018\u2019"
_POINTERS = frozenset("them these those this it".split())


def unbound_opening(sentence: str) -> str | None:
    """Return the opening word that stands for something in another sentence, None when there is none."""
    text = sentence.lstrip(_QUOTES).replace("\u2019", "'")
    while connective := CONNECTIVES.match(text):
        text = text[connective.end() :]
    if EXEMPT.match(text):
        return None
    first = re.match(r"[\w']+", text)
    if not first:
        return None
    word = first.group()
    if word.lower() in ALWAYS:
        return word
    if word.lower() in ("it", "it's"):
        return None if EXPLETIVE.match(text) else word
    return _bare_quantifier(text)


def _bare_quantifier(text: str) -> str | None:
    """Return "Both", "Some" and the like when no noun follows."""
    match = QUANTIFIER.match(text)
    if not match:
        return None
    following = match.group("next").lower()
    leans = following in _VERBS
    if following == "of":
        after = re.match(r"\s+(\w+)", text[match.end() :])
        leans = bool(after) and after.group(1).lower() in _POINTERS if after else False
    return match.group("word") if leans else None
