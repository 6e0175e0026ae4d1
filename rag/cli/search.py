"""`citewell search`: ranked passages for a query."""

import argparse

from rag.cli.options import add_command, add_index_option, add_json_option, print_json
from rag.settings import get_settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands, "search", "print the passages that match a query best", 'citewell search "foam roller" -k 5'
    )
    parser.add_argument("query", metavar="QUERY", help="what to look for")
    parser.add_argument("-k", type=_positive, default=10, metavar="K", help="number of passages (default: 10)")
    parser.add_argument(
        "--method", choices=("hybrid", "dense", "lexical"), default="hybrid", help="how to rank (default: hybrid)"
    )
    add_index_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Search and print."""
    from rag.assemble import make_retriever  # the parts behind it take a second to import
    from rag.chain.answer_json import SECTION_SEPARATOR
    from rag.retrieve.hybrid import Method

    retriever = make_retriever(get_settings(), index=asked.index, method=Method(asked.method))
    hits = retriever.retrieve(asked.query, k=asked.k)
    if asked.json:
        print_json(
            [
                {
                    "rank": hit.rank,
                    "score": round(hit.score, 6),
                    "stage": hit.stage,
                    "chunk_id": hit.chunk.chunk_id,
                    "source": hit.chunk.article_id,
                    "title": hit.chunk.title,
                    "section": SECTION_SEPARATOR.join(hit.chunk.headings),
                    "start": hit.chunk.span.start,
                    "end": hit.chunk.span.end,
                    "text": hit.chunk.text,
                }
                for hit in hits
            ]
        )
        return 0
    for hit in hits:
        place = SECTION_SEPARATOR.join((hit.chunk.title, *hit.chunk.headings))
        preview = " ".join(hit.chunk.text.split())[:160]
        print(f"{hit.rank:>3}  {hit.score:.4f}  {hit.chunk.article_id}  {place}\n     {preview}")
    if not hits:
        print("nothing found")
    return 0


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("expected a whole number from 1 up")
    return value
