"""Logging for entry points: one handler on stderr; libraries stay quiet."""

import logging


def configure_logging(level: str) -> None:
    """Send the project's own records from `level` up to stderr.

    Args:
        level: DEBUG, INFO, WARNING or ERROR.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in ("rag", "ui", "eval"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
