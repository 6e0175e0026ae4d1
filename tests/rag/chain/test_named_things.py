"""Things that questions and passages name."""

import pytest

from rag.chain.named_things import NamedThings, load_named_things
from rag.index.passage_store import PassageStore

THINGS = NamedThings(
    things={"tennis elbow": "tennis elbow", "lateral epicondylitis": "tennis elbow", "elbow": "elbow", "dog": "dog"},
    groups={"tennis elbow": "conditions", "elbow": "body_parts", "dog": "animals"},
    names={"tennis elbow": ("tennis elbow", "lateral epicondylitis"), "elbow": ("elbow",), "dog": ("dog",)},
)


def test_longest_name_counts() -> None:
    assert THINGS.in_text("Massage for Tennis-Elbow") == {"tennis elbow"}
    assert THINGS.in_text("My dog's elbow") == {"dog", "elbow"}


def test_other_name_of_the_thing_is_found_in_the_text() -> None:
    assert not THINGS.missing("help for tennis elbow", ["Lateral epicondylitis is a sore tendon."])
    assert THINGS.missing("help for tennis elbow", ["The elbow may hurt."]) == {"tennis elbow"}


def test_thing_is_absent_when_no_passage_names_it() -> None:
    store = PassageStore()
    store.add([("p", "Lateral epicondylitis may ease.", {"article_id": "a", "title": "", "headings": []})])
    assert THINGS.absent(["tennis elbow", "dog"], store) == {"dog"}


@pytest.mark.parametrize(
    ("text", "thing"),
    [("can massage cure migraines", "migraine"), ("my Labrador limps", "dog"), ("does CBD oil work", "cbd")],
)
def test_shipped_things_know_everyday_names(text: str, thing: str) -> None:
    assert thing in load_named_things().in_text(text)


def test_shipped_names_stand_for_one_thing_each() -> None:
    things = load_named_things()
    assert sum(len(names) for names in things.names.values()) == len(things.things)
