"""Keep the exchange in README.md equal to what the program prints: `--check` compares, `--write` renews it."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(
    r"(<!-- exchange: (?P<question>.*?) -->\n```text\n)(?P<shown>.*?)(\n```\n<!-- /exchange -->)", re.DOTALL
)


def current_output(question: str) -> str:
    """Return what `citewell ask` prints for a question in a narrow pipe."""
    environment = {**os.environ, "COLUMNS": "96"}
    command = [sys.executable, "-m", "rag", "ask", question]
    result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=README.parent)
    return f'$ citewell ask "{question}"\n{result.stdout.rstrip()}'


def main() -> int:
    """Compare or renew; 0 when the README is right."""
    text = README.read_text(encoding="utf-8")
    renewed = BLOCK.sub(lambda match: match[1] + current_output(match["question"]) + match[4], text)
    if renewed == text:
        return 0
    if "--write" in sys.argv:
        README.write_text(renewed, encoding="utf-8")
        return 0
    sys.stderr.write("README.md shows an answer that the program no longer gives; run: python .ci/readme.py --write\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
