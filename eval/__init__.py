"""Evaluation: questions and labels in, measures with intervals out. Always write `from eval.x import y`."""
