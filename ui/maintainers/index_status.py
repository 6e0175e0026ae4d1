"""The maintainers' page about the index: what answers now, what was refused, and a run that brings it up to date."""

from collections.abc import Sequence

import streamlit as st

from rag.errors import CitewellError
from rag.index.last_build import LastBuild, load_last_build
from rag.index.source import IndexSource
from rag.index.store import IndexReader
from rag.settings import Settings
from ui.maintainers.rebuild import BuildState, Rebuild, shared_rebuild
from ui.notices import problem_html
from ui.resources import Engine, current_engine
from ui.shown_text import as_html

POLL_S = 0.7
REBUILD_KEY = "citewell_rebuild"
"""A page may be handed its own run under this name of its session state."""


def show_index_status() -> None:
    """Show the index that answers, the last run of the indexer, and the buttons that start one."""
    st.title("Index", anchor=False)
    engine = current_engine()
    engine.start()
    try:
        st.html(facts_html(_facts(engine.reader(), engine.source, engine.settings)))
    except CitewellError as error:
        st.html(problem_html(str(error)))
    last = load_last_build(engine.settings.index.path)
    if last is not None:
        st.html(last_build_html(last))
    _show_run(engine)


def facts_html(facts: Sequence[tuple[str, str]]) -> str:
    """Return names and values as a table."""
    rows = "".join(f'<tr><th scope="row">{as_html(name)}</th><td>{as_html(value)}</td></tr>' for name, value in facts)
    return f'<div class="cw-scroll"><table class="cw-table">{rows}</table></div>'


def last_build_html(last: LastBuild) -> str:
    """Return the last run and what it refused as HTML."""
    counts = ", ".join(f"{count} {name}" for name, count in last.counts.items())
    parts = [
        '<h2 class="cw-kicker">Last run of the indexer</h2>',
        f"<p>{as_html(last.finished[:16].replace('T', ' '))} UTC, {last.seconds:.1f} s: {as_html(counts)}, "
        f"{len(last.refused)} refused; {last.embedded} texts embedded.</p>",
    ]
    if last.refused:
        rows = "".join(f"<li><b>{as_html(one.path)}</b>: {as_html(one.reason)}</li>" for one in last.refused)
        parts.append(f'<h2 class="cw-kicker">Refused files</h2><ul>{rows}</ul>')
    return "".join(parts)


def _facts(reader: IndexReader, source: IndexSource, settings: Settings) -> list[tuple[str, str]]:
    manifest = reader.manifest
    newest, answers = source.generation(), reader.generation
    return [
        (
            "Generation that answers",
            answers + ("" if answers == newest else f" (a newer one is being loaded: {newest})"),
        ),
        ("Built", manifest.created[:16].replace("T", " ") + " UTC"),
        ("Articles", f"{manifest.articles:,}"),
        ("Passages", f"{manifest.chunks:,}"),
        ("Sentences and questions", f"{manifest.sentences:,}"),
        ("Model", manifest.recipe.model),
        ("Width of its vectors", str(manifest.recipe.dimension)),
        ("Passages are closed after", f"{manifest.recipe.target_tokens} word pieces"),
        ("Place", source.place),
        ("Collection", str(settings.corpus.path)),
    ]


def _show_run(engine: Engine) -> None:
    rebuild = st.session_state.get(REBUILD_KEY) or shared_rebuild()
    state = rebuild.state
    with st.container(horizontal=True):
        for label, key, from_nothing in (
            ("Bring it up to date", "index-update", False),
            ("Build it from nothing", "index-rebuild", True),
        ):
            st.button(
                label,
                key=key,
                disabled=state.running,
                on_click=_start,
                args=(rebuild, engine, from_nothing),
            )
    if state.running:
        _follow(rebuild)
    else:
        _show_end(state)


def _start(rebuild: Rebuild, engine: Engine, from_nothing: bool) -> None:
    rebuild.start(engine.settings, from_nothing=from_nothing)


@st.fragment(run_every=POLL_S)
def _follow(rebuild: Rebuild) -> None:
    state = rebuild.state
    if not state.running:
        st.rerun()
    if state.total:
        st.progress(state.done / state.total, text=f"{state.done:,} of {state.total:,} texts embedded")
    else:
        st.html('<p class="cw-status" role="status">Reading the articles…</p>')


def _show_end(state: BuildState) -> None:
    if state.problem is not None:
        st.html(problem_html(state.problem))
    elif state.report is not None:
        st.html('<p class="cw-status" role="status">Done. Questions move to the new index as soon as it is loaded.</p>')
