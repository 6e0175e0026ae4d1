"""Two query nodes with a replica each; one is killed under load and comes back."""

import os
import signal
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from tests.milvus.load import MEASURED, Asked, Load, counted, recall, summary
from tests.milvus.made import SHARDS, Made, fill, search
from tests.milvus.server import StartedServer

if TYPE_CHECKING:  # where it is not installed these tests skip
    from pymilvus import MilvusClient

NAME = "made"
TIMEOUT_S = 2.0
RETRY_S = 0.25
MOST_BACK_S = 60.0
LOADED = 4
"""Collections: the made one, and Citewell's passages, sentences and articles."""

LAST = 60
"""So many questions in a row must be answered as before."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass
class Readers:
    """Readers of one kind, by what happened to the node meanwhile.

    Attributes:
        right: what each question should find.
        before: asked while both nodes served.
        without: asked from the kill on, until the node was started again.
        settling: asked while it came back: a server without milvus-io/milvus#36549 asks a node that does not search its
            segments yet, so these may find too little.
        after: asked once it served again.
    """

    right: Sequence[Sequence[object]]
    before: list[Asked] = field(default_factory=list)
    without: list[Asked] = field(default_factory=list)
    settling: list[Asked] = field(default_factory=list)
    after: list[Asked] = field(default_factory=list)

    @property
    def every(self) -> list[Asked]:
        """Everything asked."""
        return [*self.before, *self.without, *self.settling, *self.after]


@dataclass(frozen=True, slots=True)
class Loss:
    """What readers met, and who served.

    Attributes:
        answers: readers who ask Citewell and get whole answers; each should be that of the index in a folder.
        passages: the ten nearest passages by Citewell's reader, beside an exact search.
        plain: the ten nearest of made vectors in an HNSW index, by the bare client, which asks once; beside exact ones.
        leaders_before: the server's numbers of the nodes that lead each shard, for each replica.
        leaders_after: the same at the end; a node that comes back has a new number.
    """

    answers: Readers
    passages: Readers
    plain: Readers
    leaders_before: list[list[set[int]]]
    leaders_after: list[list[set[int]]]


@pytest.fixture(scope="module")
def loss(milvus_cluster: StartedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loss]:
    """A second node that is killed under load, and started again."""
    from pymilvus import MilvusClient

    from rag.index.milvus.server import MilvusServer
    from tests.milvus.articles import Articles, answerer_over

    node = milvus_cluster.start_query_node()
    client, made = MilvusClient(milvus_cluster.uri), Made.of(4000)
    fill(client, NAME, made.vectors, replicas=2)
    server = MilvusServer(milvus_cluster.uri, replicas=2, shards=SHARDS, timeout_s=TIMEOUT_S)
    articles = Articles(server, tmp_path_factory.mktemp("articles"))
    articles.build()
    reader, exact = articles.source().open(), articles.in_folder()
    answerer, beside = answerer_over(reader), answerer_over(exact)
    numbers = range(len(articles.questions))
    answers = Readers([[beside.invoke(text).text] for text in articles.questions])
    passages = Readers([articles.nearest(exact, number) for number in numbers])
    plain = Readers(made.right)
    loads = {
        "answers": (answers, Load(lambda one: [answerer.invoke(articles.questions[one]).text], len(numbers))),
        "passages": (passages, Load(lambda one: articles.nearest(reader, one), len(numbers), readers=1)),
        "bare client": (
            plain,
            Load(
                lambda one: search(client, NAME, made.questions[one], timeout_s=TIMEOUT_S), len(made.right), readers=1
            ),
        ),
    }
    leaders_before = _leaders(client, NAME)
    with ExitStack() as stack:
        retries = stack.enter_context(counted("rag.index.milvus.server"))
        for _, load in loads.values():
            stack.enter_context(load)
        sleep(5)
        for readers, load in loads.values():
            readers.before = load.asked()
        os.kill(node, signal.SIGKILL)
        sleep(45)  # a lost node is struck off after 30
        milvus_cluster.start_query_node()
        for readers, load in loads.values():
            readers.without = load.asked()[len(readers.every) :]
        started = monotonic()
        leaders_after = _wait_until_back(client)
        sleep(10)  # meanwhile it is asked
        _wait_until_right(loads.values())
        MEASURED.append(f"node loss: all right {monotonic() - started:.0f} s after the node was started again")
        for readers, load in loads.values():
            readers.settling = load.asked()[len(readers.every) :]
        sleep(10)
    for name, (readers, load) in loads.items():
        readers.after = load.asked()[len(readers.every) :]
        for phase in ("before", "without", "settling", "after"):
            asked = getattr(readers, phase)
            MEASURED.append(f"node loss, {name}, {phase}: {summary(asked)}, right {recall(asked, readers.right):.3f}")
    MEASURED.append(f"node loss: {len(retries)} requests of Citewell's were sent twice")
    yield Loss(answers, passages, plain, leaders_before, leaders_after)
    client.close()


def test_no_question_fails_when_a_node_is_killed(loss: Loss) -> None:
    asked = [*loss.answers.every, *loss.passages.every]

    assert len(loss.answers.without) > 200
    assert [one.error for one in asked if one.error] == []


def test_answers_are_those_of_an_exact_index_while_a_node_is_gone(loss: Loss) -> None:
    asked = [*loss.answers.before, *loss.answers.without]

    assert recall(asked, loss.answers.right) == 1.0


@pytest.mark.parametrize("kind", ["passages", "plain"])
def test_recall_is_that_of_both_nodes_while_one_is_gone(loss: Loss, kind: str) -> None:
    readers: Readers = getattr(loss, kind)

    assert recall(readers.before, readers.right) >= 0.99
    assert recall(readers.without, readers.right) >= recall(readers.before, readers.right) - 0.002


def test_no_question_waits_longer_than_two_tries(loss: Loss) -> None:
    assert max(one.seconds for one in loss.passages.without) < 2 * TIMEOUT_S + RETRY_S + 1


def test_node_that_comes_back_leads_a_replica_of_every_shard(loss: Loss) -> None:
    replicas = [set.union(*one) for one in loss.leaders_after]
    before = set.union(*(shard for one in loss.leaders_before for shard in one))

    assert [len(one) for one in loss.leaders_after] == [SHARDS, SHARDS]
    assert not replicas[0] & replicas[1]
    assert len((replicas[0] | replicas[1]) - before) == 1


@pytest.mark.parametrize("kind", ["answers", "passages", "plain"])
def test_all_is_as_before_once_the_node_is_back(loss: Loss, kind: str) -> None:
    readers: Readers = getattr(loss, kind)

    assert len(readers.after) > 50
    assert recall(readers.after, readers.right) >= recall(readers.before, readers.right) - 0.002


def _wait_until_back(client: "MilvusClient") -> list[list[set[int]]]:
    """Wait until two replicas of every loaded collection have leaders for every shard; return those of the made one."""
    deadline = monotonic() + MOST_BACK_S
    loaded = [name for name in client.list_collections() if str(client.get_load_state(name)["state"]) == "Loaded"]
    assert len(loaded) == LOADED
    while True:
        found = {name: _leaders(client, name) for name in loaded}
        if all(len(one) == 2 and all(shards and all(shards) for shards in one) for one in found.values()):
            return found[NAME]
        assert monotonic() < deadline, f"the node was no replica after {MOST_BACK_S:.0f} s: {found}"
        sleep(0.5)


def _wait_until_right(loads: Collection[tuple[Readers, Load]]) -> None:
    """Wait until the last answers of all readers are right."""
    deadline = monotonic() + MOST_BACK_S
    while any(
        recall(load.asked()[-LAST:], readers.right) < recall(readers.before, readers.right) for readers, load in loads
    ):
        assert monotonic() < deadline, f"answers were not right again after {MOST_BACK_S:.0f} s"
        sleep(0.5)


def _leaders(client: "MilvusClient", name: str) -> list[list[set[int]]]:
    """The nodes that lead each shard, for each replica; nothing while a replica has no node."""
    from pymilvus import MilvusException

    try:
        return [[set(shard.shard_nodes) for shard in one.shards] for one in client.describe_replica(name)]
    except MilvusException:
        return []
