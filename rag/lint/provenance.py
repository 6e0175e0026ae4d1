"""Rules on where an article's statements come from; all are held against the collection's registry."""

from collections.abc import Iterator

from rag.lint.findings import Flaw
from rag.lint.header import entries, names
from rag.lint.page import Page
from rag.lint.registry import READ_TAGS, Registry
from rag.lint.rule_set import RuleSet

EMPTY = Registry()


def topics_known(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """topic-known: every topic is in the registry."""
    known = (rules.registry or EMPTY).topics
    for topic in names(page, "topic") if known else ():
        if topic not in known:
            yield Flaw(page.header_line("topic:"), f"topic '{topic}' is not known", "correct the id")


def sources_known(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """source-known: every source is in the registry."""
    known = (rules.registry or EMPTY).sources
    for key in _source_keys(page) if known else ():
        if key not in known:
            yield Flaw(
                _source_line(page, key),
                f"source '{key}' is not in the registry",
                "correct the key, or add the document to the registry",
            )


def sources_repeated(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """source-repeated: no source is listed twice."""
    keys = _source_keys(page)
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Flaw(_source_line(page, key), f"source '{key}' is listed more than once", "keep one entry")


def sources_match(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """source-matches: year and address of a source are those of the registry."""
    known = (rules.registry or EMPTY).sources
    for entry in entries(page, "sources"):
        key = str(entry.get("key"))
        for name in ("year", "url"):
            wanted = known.get(key, {}).get(name)
            if wanted and str(entry.get(name) or "") != wanted:
                yield Flaw(
                    _source_line(page, key),
                    f"{name} of source '{key}' is '{entry.get(name) or ''}'",
                    f"write '{wanted}' as in the registry",
                )


def facts_known(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """fact-known: every fact is in the registry."""
    known = (rules.registry or EMPTY).facts
    for fact in names(page, "facts") if known else ():
        if fact not in known:
            yield Flaw(page.header_line("facts:", fact), f"fact '{fact}' is not known", "correct the id")


def fact_sources(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """fact-sources: the documents behind the listed facts are all listed as sources."""
    listed = set(_source_keys(page))
    facts = (rules.registry or EMPTY).facts
    missing: dict[str, list[str]] = {}
    for name in names(page, "facts"):
        for key in facts[name].sources if name in facts else ():
            if key not in listed:
                missing.setdefault(key, []).append(name)
    for key, needed_by in missing.items():
        yield Flaw(
            page.header_line("sources:"),
            f"source '{key}' of {', '.join(needed_by)} is not listed",
            f"add '{key}' to sources, or leave the fact out",
        )


def fact_support(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """fact-support: at least one listed fact was read in a document that is listed."""
    facts = (rules.registry or EMPTY).facts
    if not facts:
        return
    listed = set(_source_keys(page))
    known = [facts[name] for name in names(page, "facts") if name in facts]
    if not any(fact.tag in READ_TAGS and listed.intersection(fact.sources) for fact in known):
        yield Flaw(
            page.header_line("facts:"),
            "no listed fact was read in a listed source (tag R or R*)",
            "rest the article on at least one such fact",
        )


def claims_known(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """claim-known: every claim is in the registry."""
    known = (rules.registry or EMPTY).claims
    for entry in entries(page, "seed_claims") if known else ():
        claim = str(entry.get("id"))
        if claim not in known:
            yield Flaw(_claim_line(page, claim), f"claim '{claim}' is not known", "correct the id")


def claim_verdicts(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """claim-verdict: the verdict on a claim is the registry's, or one of them where there are several."""
    known = (rules.registry or EMPTY).claims
    for entry in entries(page, "seed_claims"):
        claim, verdict = str(entry.get("id")), entry.get("verdict")
        if claim in known and verdict not in known[claim]:
            yield Flaw(
                _claim_line(page, claim),
                f"the verdict on {claim} is '{verdict}'",
                f"write '{' or '.join(known[claim])}', and let the text say so",
            )


def _source_keys(page: Page) -> list[str]:
    return [str(entry["key"]) for entry in entries(page, "sources") if entry.get("key")]


def _source_line(page: Page, key: str) -> int:
    return page.header_line("sources:", key)


def _claim_line(page: Page, claim: str) -> int:
    return page.header_line("seed_claims:", claim)
