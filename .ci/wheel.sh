#!/usr/bin/env bash
# Build the wheel, install it into a new environment, and use it from an empty folder.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

.venv/bin/python -m build --wheel --outdir "$work/dist" . >/dev/null
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip install -q "$work"/dist/*.whl
"$work/env/bin/python" -m pip check

mkdir "$work/empty" && cd "$work/empty"
"$work/env/bin/python" -c 'import rag, ui, eval.dataset; print(rag.__version__)'
for module in rag ui eval; do "$work/env/bin/python" -m "$module" --help >/dev/null; done
mkdir articles
cat > articles/tea.md <<'TEXT'
# Green tea

## How hot should green tea be brewed?

Green tea tastes best when it is brewed with water well below boiling. Boiling water makes green tea bitter.
TEXT
"$work/env/bin/citewell" index articles --index index
"$work/env/bin/citewell" ask "How hot should I brew green tea?" --index index --json | grep -q '"behavior": "answer"'
echo "wheel: installed, indexed and answered in a new environment"
