"""The countries whose emergency numbers are known."""

from functools import lru_cache

from rag.safety.data_files import DATA_DIR, fields_of


@lru_cache(maxsize=1)
def region_names() -> dict[str, str]:
    """Return the name of each region by its code, by name.

    Raises:
        SafetyDataError: the number table is malformed.
    """
    rows = fields_of(DATA_DIR / "regions.yaml").mapping("regions")
    names = {code: rows.mapping(code).text("name") for code in rows.keys()}
    return dict(sorted(names.items(), key=lambda row: row[1]))
