"""`citewell settings`: every setting with its value."""

import argparse
from typing import Any

from pydantic import SecretStr

from rag.cli.options import add_command, add_json_option, print_json
from rag.settings import Settings, get_settings, setting_names


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands, "settings", "show every setting, its value and what it is for", "citewell settings --json"
    )
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the settings; secrets are not shown."""
    settings = get_settings()
    rows = [
        {"name": name, "value": _value(settings, name), "default": default, "meaning": meaning}
        for name, (default, meaning) in setting_names().items()
    ]
    if asked.json:
        print_json(rows)
        return 0
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        print(f"{row['name']:<{width}}  {row['value'] or '-'}\n{'':<{width}}  {row['meaning']}")
    return 0


def _value(settings: Settings, name: str) -> str:
    section, field = name.removeprefix("CITEWELL_").lower().split("__")
    value: Any = getattr(getattr(settings, section), field)
    if isinstance(value, SecretStr):
        return "(set)"
    return "" if value is None else str(value)
