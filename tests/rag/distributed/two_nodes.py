"""A cluster of two nodes with one processor each, in this process: `python -m tests.rag.distributed.two_nodes`.

Prints its address. Each line on standard input, `remove` or `add`, takes the second node away without notice or brings
one back; its answer is a line. It ends with its input.
"""

import sys

from ray.cluster_utils import Cluster

OBJECTS = 128 * 1024 * 1024


def main() -> int:
    """Serve requests until the input ends."""
    head = {"num_cpus": 1, "include_dashboard": False, "object_store_memory": OBJECTS}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    second = cluster.add_node(num_cpus=1, object_store_memory=OBJECTS)
    _say(cluster.address)
    for line in sys.stdin:
        if line.strip() == "remove":
            cluster.remove_node(second, allow_graceful=False)
        else:
            second = cluster.add_node(num_cpus=1, object_store_memory=OBJECTS)
        _say("done")
    cluster.shutdown()
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
