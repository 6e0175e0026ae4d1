"""Check articles against the rules of their collection, and say line by line what to mend."""

from rag.lint.check import check_articles
from rag.lint.coverage import Coverage, coverage
from rag.lint.findings import Finding
from rag.lint.registry import Registry, load_registry
from rag.lint.rule_set import RuleSet, load_rules
from rag.lint.template import new_article_template

__all__ = [
    "Coverage",
    "Finding",
    "Registry",
    "RuleSet",
    "check_articles",
    "coverage",
    "load_registry",
    "load_rules",
    "new_article_template",
]
