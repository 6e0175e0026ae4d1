"""Check articles: which rules there are, and the walk over files that applies them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rag.errors import UnreadableFileError
from rag.ingest.articles import find_files
from rag.lint import header, provenance, readability, sections, sentences, wording
from rag.lint.findings import Finding, Flaw
from rag.lint.page import Page, load_page
from rag.lint.rule_set import CONFIG_NAME, RuleSet, load_rules

ARTICLE_RULES: Mapping[str, Callable[[Page, RuleSet], Iterable[Flaw]]] = {
    "file-readable": header.readable,
    "header-fields": header.required_fields,
    "header-types": header.field_types,
    "header-unknown": header.unknown_fields,
    "title-length": header.title_length,
    "id-matches-file": header.id_matches_file,
    "topic-known": provenance.topics_known,
    "source-known": provenance.sources_known,
    "source-repeated": provenance.sources_repeated,
    "source-matches": provenance.sources_match,
    "fact-known": provenance.facts_known,
    "fact-sources": provenance.fact_sources,
    "fact-support": provenance.fact_support,
    "claim-known": provenance.claims_known,
    "claim-verdict": provenance.claim_verdicts,
    "safety-groups": sections.safety_groups,
    "help-last": sections.help_last,
    "heading-repeated": sections.repeated,
    "heading-vague": sections.vague,
    "heading-level": sections.levels,
    "section-empty": sections.empty,
    "section-noted": sections.noted,
    "section-stray": sections.stray,
    "section-evidence": sections.evidence,
    "section-questions": sections.questions,
    "sentence-length": sentences.length,
    "sentence-opening": sentences.opening,
    "item-length": sentences.item_length,
    "list-lead-in": sentences.list_lead_in,
    "reading-grade": readability.reading_grade,
    "article-length": readability.article_length,
    "no-dose": wording.dose,
    "no-contact": wording.contact,
    "shared-words": wording.shared_words,
}
"""Rules that look at one article, by id."""

COLLECTION_RULES: Mapping[str, Callable[[Sequence[Page], RuleSet], Iterable[tuple[Page, Flaw]]]] = {
    "id-unique": header.unique_ids,
    "question-repeated": sections.questions_repeated,
    "sentence-repeated": sentences.repeated,
}
"""Rules that compare articles, by id."""


def check_articles(paths: Sequence[Path], rules: RuleSet | None = None) -> list[Finding]:
    """Return what is wrong with the articles, sorted by file and line.

    Args:
        paths: files and folders. An article given by its file is compared with the others of its folder,
            and only its own findings are returned.
        rules: what to look for; without it, the configuration beside the first path, else profile "basic".

    Raises:
        SettingsError: the configuration cannot be used.
        UnreadableFileError: a path does not exist.
    """
    _refuse_missing(paths)
    used = rules if rules is not None else load_rules(collection_of(paths[0])) if paths else RuleSet()
    _refuse_missing(used.against)
    own = load_pages(paths)
    neighbours: list[Page] = []
    if used.enabled.intersection(COLLECTION_RULES):
        known = {page.path for page in own}
        folders = list(dict.fromkeys(path.parent for path in paths if path.is_file()))
        neighbours = [page for page in load_pages(folders) if page.path not in known]
    findings = [
        Finding(str(page.path), flaw.line, rule, flaw.message, flaw.mend)
        for rule, page, flaw in _flaws(own, neighbours, used)
    ]
    return sorted(set(findings))


def _flaws(own: Sequence[Page], neighbours: Sequence[Page], rules: RuleSet) -> Iterator[tuple[str, Page, Flaw]]:
    """Apply the rules that are on to `own`, which some of them compare with `neighbours`."""
    for rule, look in ARTICLE_RULES.items():
        if rule in rules.enabled:
            yield from ((rule, page, flaw) for page in own if _applies(rule, page) for flaw in look(page, rules))
    asked = {page.path for page in own}
    for rule, compare in COLLECTION_RULES.items():
        if rule in rules.enabled:
            found = compare([*own, *neighbours], rules)
            yield from ((rule, page, flaw) for page, flaw in found if page.path in asked)


def _applies(rule: str, page: Page) -> bool:
    """Tell whether a rule has anything to look at; of a broken header only that is known."""
    return rule == "file-readable" or not page.problem or bool(page.header)


def load_pages(paths: Sequence[Path]) -> list[Page]:
    """Read the files among the paths and in the folders among them; hidden ones and links stay out.

    Raises:
        UnreadableFileError: a path does not exist.
    """
    _refuse_missing(paths)
    files, _ = find_files(paths)
    return [load_page(file.path, root=file.root) for file in files]


def collection_of(path: Path) -> Path:
    """Return the folder whose configuration holds for a file or folder: the nearest one that has any."""
    folder = path if path.is_dir() else path.parent
    upwards = (folder, *folder.resolve().parents)
    return next((place for place in upwards if (place / CONFIG_NAME).is_file()), folder)


def _refuse_missing(paths: Iterable[Path]) -> None:
    for path in paths:
        if not path.exists():
            raise UnreadableFileError(f"{path} does not exist; expected a file or a folder")
