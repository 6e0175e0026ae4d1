"""Tell English from other languages by its commonest words; never used to silence a rule."""

import re
import unicodedata

_LETTERS = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    """a about after again all am an and any are as at back bad be because been before but by can cant could
    day days did do does dont down feel feels for from get getting go going got had has have having he help her
    his how hurts i if im in is it its ive just know last leg legs like massage me more my need no not now of off
    on only or our out pain really she should since so some sore that the their them then there they this to too
    up was we week weeks went what when where which while who why will with would you your""".split()
)
_OTHER = frozenset(
    """de la el que los las una con por para mi tengo duele mucho desde espalda y en un del pero der die das und ich
    nicht ist mein meine habe sehr schmerzen le les je ne pas une est dans jai mal dos tres et du des che di per sono
    schiena il mi ho een het niet ik van mijn rug nao uma dor minhas minha meu costas jag inte och min ar jest nie sie
    mam boli plecy moje na ve bir benim agri cok""".split()
)
"""Common words of other languages in Latin script."""

_FOREIGN = frozenset(
    """duele dolor espalda pierna pecho ayuda tengo estoy jai douleur jambe aidez schmerzen
    rucken hilfe brust nicht meine ich habe schiena gamba dolore aiuto costas dor perna ajuda pijn
    boli plecy noga pomocy agri bacak rygg hjalp""".split()
)
"""Words that no English message has by chance; one of them decides a short message."""

FEWEST_WORDS = 4
"""Shorter messages are taken for English unless they hold a foreign word and no English one."""

LEAST_SHARE = 0.12
"""Least share of common English words; English messages to a help line have 0.3 and more (2026)."""


def _plain(word: str) -> str:
    """Return a word without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


def is_probably_english(text: str) -> bool:
    """Return whether a text may be English.

    Text without letters counts as English, and so do fewer than four words of which none is known to be foreign.
    """
    words = [word.lower() for word in _LETTERS.findall(text.replace("'", "").replace("’", "")[:8_000])]
    if not words:
        return True
    latin = sum(1 for word in words if word[0] < "\u0250")
    if latin * 2 < len(words):
        return False
    english = sum(word in _ENGLISH for word in words)
    if len(words) < FEWEST_WORDS:
        return english > 0 or not _FOREIGN.intersection(_plain(word) for word in words)
    return english >= LEAST_SHARE * len(words) and english >= sum(word in _OTHER for word in words)
