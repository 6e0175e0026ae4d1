"""`citewell eval train-safety`: train the safety layer's classifier anew, after its examples or rules have changed."""

import argparse

from eval.commands.options import add_command, add_data_option, add_json_option, print_json
from rag.settings import get_settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands, "train-safety", "train the safety layer's classifier on its examples", "citewell eval train-safety"
    )
    parser.add_argument("--dry-run", action="store_true", help="cross-validate only, write nothing")
    add_data_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Cross-validate, print, and write the weights."""
    from eval.safety_fitting import Features, calibrate, decide_unseen, fit_levels, save, shares
    from eval.safety_training import collect
    from rag.assemble import make_encoder
    from rag.safety.data_files import DATA_DIR
    from rag.safety.weighing import load_limits

    settings = get_settings()
    encoder = make_encoder(settings)
    training = collect(encoder, settings.corpus.path, data=asked.data)
    limits = load_limits(DATA_DIR / "limits.yaml")
    features = Features(training)
    gram = features.likeness()
    scores = decide_unseen(training, gram)
    calibration = calibrate(training, scores)
    tried = sorted({0.1, limits.veto_kept, limits.veto, limits.alarm, 0.5})
    alarmed = shares(training, scores, calibration, tried)
    if not asked.dry_run:
        levels = fit_levels(training, gram, range(len(training.texts)))
        save(features, levels, calibration, DATA_DIR, encoder.name)
    if asked.json:
        print_json({"messages": len(training.texts), "alarmed": alarmed})
        return 0
    print(f"{len(training.texts)} messages; share at or above a limit, in five-fold cross-validation:")
    for limit, by_slice in alarmed.items():
        print(f"  {limit:>5}: " + ", ".join(f"{name} {share:.3f}" for name, share in by_slice.items()))
    return 0
