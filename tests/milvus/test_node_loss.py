"""Two query nodes with a replica each; one is killed under load and comes back."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from tests.milvus.load import MEASURED, Asked, Load, recall, summary
from tests.milvus.made import SHARDS, Made, fill, search
from tests.milvus.server import MilvusServer

if TYPE_CHECKING:  # where it is not installed these tests skip
    from pymilvus import MilvusClient

NAME, ALIAS = "passages_1", "passages"
TIMEOUT_S = 1.0
PAUSE_S = 0.2
MOST_BACK_S = 60.0

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass(frozen=True, slots=True)
class Loss:
    """What readers met.

    Attributes:
        before: asked while both nodes served.
        without: asked from the kill on, until the node was started again.
        settling: asked while it came back.
        after: asked once it served again.
        retried: how many questions had to be asked twice.
        leaders_before: the servers' numbers of the nodes that lead each shard, for each replica.
        leaders_after: the same at the end; a node that comes back has a new number.
        made: the questions.
    """

    before: list[Asked]
    without: list[Asked]
    settling: list[Asked]
    after: list[Asked]
    retried: int
    leaders_before: list[list[set[int]]]
    leaders_after: list[list[set[int]]]
    made: Made


@pytest.fixture(scope="module")
def loss(milvus_cluster: MilvusServer) -> Iterator[Loss]:
    """A second node that is killed under load, and started again."""
    from pymilvus import MilvusClient

    made = Made.of(4000)
    node = milvus_cluster.start_query_node()
    client = MilvusClient(milvus_cluster.uri)
    fill(client, NAME, made.vectors, replicas=2)
    client.create_alias(NAME, ALIAS)
    leaders_before = _leaders(client)
    first_failures: list[str] = []

    def once(question: int) -> list[int]:
        return search(client, ALIAS, made.questions[question], timeout_s=TIMEOUT_S)

    def ask(question: int) -> list[int]:
        try:
            return once(question)
        except Exception as error:
            first_failures.append(str(error))
            sleep(PAUSE_S)
            return once(question)

    with Load(ask, len(made.questions)) as load:
        before = load.go_on(seconds=5)
        os.kill(node, signal.SIGKILL)
        without = load.go_on(seconds=45)
        milvus_cluster.start_query_node()
        back = len(load.asked())
        leaders_after = _wait_until_back(client)
        load.go_on(seconds=5)
        settling = load.asked()[back:]
        after = load.go_on(seconds=10)
    MEASURED.extend([
        f"both nodes: {summary(before)}, recall {recall(before, made.right):.3f}",
        f"one killed: {summary(without)}, recall {recall(without, made.right):.3f}",
        f"it comes back: {summary(settling)}, recall {recall(settling, made.right):.3f}",
        f"both again: {summary(after)}, recall {recall(after, made.right):.3f}",
        f"asked twice: {len(first_failures)}",
    ])  # fmt: skip
    yield Loss(before, without, settling, after, len(first_failures), leaders_before, leaders_after, made)
    client.close()


def test_no_question_fails_when_a_node_is_killed(loss: Loss) -> None:
    every = [*loss.before, *loss.without, *loss.settling, *loss.after]

    assert len(loss.without) > 500
    assert [one.error for one in every if one.error] == []


def test_recall_is_that_of_both_nodes_while_one_is_gone(loss: Loss) -> None:
    right = loss.made.right

    assert recall(loss.before, right) >= 0.99
    assert recall(loss.without, right) == pytest.approx(recall(loss.before, right), abs=0.002)


def test_node_that_comes_back_leads_a_replica_of_every_shard(loss: Loss) -> None:
    replicas = [set.union(*one) for one in loss.leaders_after]
    before = set.union(*(shard for one in loss.leaders_before for shard in one))

    assert [len(one) for one in loss.leaders_after] == [SHARDS, SHARDS]
    assert len(replicas) == 2
    assert not replicas[0] & replicas[1]
    assert len((replicas[0] | replicas[1]) - before) == 1


def test_recall_is_as_before_once_the_node_is_back(loss: Loss) -> None:
    right = loss.made.right

    assert recall(loss.after, right) == pytest.approx(recall(loss.before, right), abs=0.002)


def test_no_question_waits_longer_than_two_tries(loss: Loss) -> None:
    assert max(one.seconds for one in loss.without) < 2 * TIMEOUT_S + PAUSE_S + 1


def _wait_until_back(client: "MilvusClient") -> list[list[set[int]]]:
    """Wait until two replicas have leaders for every shard, and return these."""
    deadline = monotonic() + MOST_BACK_S
    while True:
        found = _leaders(client)
        if len(found) == 2 and all(one and all(one) for one in found):
            return found
        assert monotonic() < deadline, f"the node was no replica after {MOST_BACK_S:.0f} s: {found}"
        sleep(0.5)


def _leaders(client: "MilvusClient") -> list[list[set[int]]]:
    """The nodes that lead each shard, for each replica; nothing while a replica has no node."""
    from pymilvus import MilvusException

    try:
        return [[set(shard.shard_nodes) for shard in one.shards] for one in client.describe_replica(NAME)]
    except MilvusException:
        return []
