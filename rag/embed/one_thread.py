"""One thread for the model, where many processes embed side by side."""

import os


def use_one_thread() -> None:
    """Let this process embed with one thread, whatever its surroundings say; call before anything is embedded."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    import torch  # only now: it looks at those names when it is imported

    torch.set_num_threads(1)
