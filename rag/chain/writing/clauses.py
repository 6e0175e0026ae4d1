"""Parts of a sentence that claim something of their own."""

import regex

_BOUNDARY = regex.compile(
    r"(?<=[.!?])\s+|\s*[;:—]\s+|\s*,\s+(?:and|or|but|so|while|whereas|which|who|although|though|because|since|yet|as|with)\s+|"
    r"\s+(?:and|but|so|while|whereas|although|though|because|since|which|who|that)\s+|\s*,\s+|\s+–\s+|\s*\(|\)\s*",
    regex.IGNORECASE,
)
_AND = regex.compile(
    r"(?<=[.!?])\s+|\s*;\s+|\s*,\s+(?:and|so)\s+|"
    r"\s+and\s+(?=(?:it|they|he|she|can|may|might|must|should|will|is|are|was|were|has|have|does|do)\b)",
    regex.IGNORECASE,
)


def fragments(text: str) -> list[str]:
    """Return the smallest pieces between joining words and signs."""
    return [part for part in _BOUNDARY.split(text) if part and part.strip()]


def independent_parts(text: str) -> list[str]:
    """Return what a sentence says beside each other; a "but" or "although" holds its parts together."""
    return [part for part in _AND.split(text) if part and part.strip()]
