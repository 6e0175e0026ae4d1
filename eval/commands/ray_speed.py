"""`citewell eval ray`: how fast workers of Ray index beside one process."""

import argparse
import tempfile
from pathlib import Path

from eval.commands.options import Counter, add_command, add_index_option, add_json_option, positive, print_json
from rag.index.vector_cache import Progress
from rag.settings import get_settings

ARTICLES = 480
WORKERS = (1, 2)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "ray",
        "measure passages per second of Ray workers beside one process, over made articles; judges nothing",
        "citewell eval ray --workers 1 2",
    )
    parser.add_argument(
        "--workers", type=positive, nargs="+", metavar="N", default=WORKERS, help="numbers of workers (default: 1 2)"
    )
    parser.add_argument(
        "--articles", type=positive, metavar="N", default=ARTICLES, help=f"made articles (default: {ARTICLES})"
    )
    parser.add_argument(
        "--ray", metavar="ADDRESS", help="a running cluster, HOST:PORT or auto (default: one on this machine)"
    )
    add_index_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure and print; nothing is judged."""
    from eval.ray_speed import ray_speed_tables, run_ray_speed, write_articles  # these take seconds to import
    from rag.assemble import open_reader
    from rag.assemble_index import make_ray_preparation
    from rag.embed.encoder import load_encoder
    from rag.index.prepared import Preparation

    settings = get_settings()

    def preparation(workers: int, progress: Progress) -> Preparation:
        return make_ray_preparation(settings, asked.ray, workers=workers, progress=progress)

    preparation(1, Progress())  # says at once when Ray is missing
    words = sorted(
        {word for article in open_reader(settings, index=asked.index).articles() for word in article.text.split()}
    )
    with tempfile.TemporaryDirectory(prefix="citewell-ray-speed-") as name:
        articles, indexes = Path(name) / "articles", Path(name) / "indexes"
        articles.mkdir()
        write_articles([word for word in words if word.isalpha()], articles, asked.articles)
        report = run_ray_speed(
            articles,
            indexes,
            load_encoder(settings.encoder.model, batch_size=settings.encoder.batch_size),
            workers=asked.workers,
            preparation=preparation,
            progress=Counter("runs"),
        )
    if asked.json:
        print_json(report)
    else:
        print(ray_speed_tables(report))
    return 0
