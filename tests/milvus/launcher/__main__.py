"""Run a Milvus server for one test run: `python -m tests.milvus.launcher UNPACKED FOLDER [--cluster]`.

Needs the package milvus, and with --cluster confluent-kafka, whose test broker is the log that the nodes share. It is
kept in memory and gives up what is older than 5 MB.

Prints `READY port pid` of the whole server. Then each line of standard input is a wish: `node` starts a second query
node and prints `NODE pid`. Everything ends when standard input closes.
"""

import signal
import sys
from pathlib import Path

from tests.milvus.launcher.network import enter_own_network, open_door, serve_door
from tests.milvus.launcher.programs import PORT, Programs, unpack


def main() -> None:
    """Serve until standard input closes."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))
    unpacked, folder = Path(sys.argv[1]), Path(sys.argv[2])
    door = open_door()
    try:
        enter_own_network()
    except OSError as error:
        sys.exit(f"{error}")
    broker, address = _broker() if "--cluster" in sys.argv[3:] else (None, None)
    unpack(unpacked)
    programs = Programs(unpacked, folder, broker=address)
    try:
        process = programs.start_server()
        serve_door(door, PORT)
        _say(f"READY {door.getsockname()[1]} {process}")
        for wish in sys.stdin:
            if wish.strip() == "node":
                _say(f"NODE {programs.start_query_node()}")
    finally:
        programs.end()
        del broker


def _broker() -> tuple[object, str]:
    """The test broker of librdkafka, which lives as long as the object, and its address."""
    from confluent_kafka import Producer

    producer = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "replaced.invalid"})
    (broker,) = producer.list_topics(timeout=10).brokers.values()
    return producer, f"{broker.host}:{broker.port}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
