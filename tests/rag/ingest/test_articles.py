"""Walking a collection: a stable order, links left alone, one bad file costs only itself."""

import os
from pathlib import Path

from rag.ingest.articles import Refusal, find_files, read_articles
from rag.ingest.text_builder import printable
from rag.types import Article


def write(path: Path, text: str = "Words of an article.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def names(folder: Path) -> list[str]:
    return [str(found.path.relative_to(folder)) for found in find_files([folder])[0]]


def results(folder: Path) -> tuple[list[str], list[Refusal]]:
    """Ids read and files refused."""
    files, refused = find_files([folder])
    read = list(read_articles(files))
    ids = [str(one.article_id) for one in read if isinstance(one, Article)]
    return ids, refused + [one for one in read if isinstance(one, Refusal)]


def test_files_are_found_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("b.md", "a.md", "sub/c.md", "a-sub/d.md"):
        write(tmp_path / name)

    assert names(tmp_path) == ["a.md", "b.md", "a-sub/d.md", "sub/c.md"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path / ".hidden.md")
    write(tmp_path / ".git" / "notes.md")

    assert find_files([tmp_path]) == ([], [])


def test_file_given_twice_is_found_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md")

    assert len(find_files([tmp_path, path])[0]) == 1


def test_missing_path_is_refused(tmp_path: Path) -> None:
    assert find_files([tmp_path / "none"])[1][0].reason == "no such file or folder"


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "secret.md")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.md").symlink_to(outside)
    (inside / "linked").symlink_to(outside.parent)
    (inside / "loop").symlink_to(inside)

    ids, refused = results(inside)

    assert ids == []
    assert {(one.path, one.reason) for one in refused} == {
        ("link.md", "a link is not followed"),
        ("linked", "a link to a folder is not followed"),
        ("loop", "a link to a folder is not followed"),
    }


def test_second_file_with_an_id_is_refused_and_names_the_first(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "---\nid: same\n---\nFirst words.")
    write(tmp_path / "b.md", "---\nid: same\n---\nSecond words.")

    ids, refused = results(tmp_path)

    assert ids == ["same"]
    assert refused == [Refusal("b.md", "its id 'same' is taken by a.md; give one an 'id' of its own")]


def test_bad_file_costs_only_itself(tmp_path: Path) -> None:
    write(tmp_path / "a.md")
    write(tmp_path / "b.md", "---\ntitle: [1\n---\nWords.")
    (tmp_path / "c.md").write_bytes(b"")
    (tmp_path / "d.pdf").write_bytes(b"%PDF-1.7")
    os.mkfifo(tmp_path / "e.md")
    (tmp_path / "folder.md").mkdir()
    write(tmp_path / "g.md")

    ids, refused = results(tmp_path)

    assert ids == ["a", "g"]
    assert [one.path for one in refused] == ["folder.md", "b.md", "c.md", "d.pdf", "e.md"]


def test_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.md").chmod(0)

    ids, refused = results(tmp_path)

    assert (ids, len(refused)) in [([], 1), (["a"], 0)], "a superuser may read everything"


def test_names_are_printed_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "two\nlines\x1b[31m.md").write_bytes(b"")

    _, refused = results(tmp_path)

    assert refused[0].path == "two\\nlines\\x1b[31m.md"


def test_undecodable_name_is_printable() -> None:
    assert printable(Path(os.fsdecode(b"caf\xe9.md"))) == "caf\\xe9.md"


def test_undecodable_name_is_read_and_printed(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("Words of an article.", encoding="utf-8")

    ids, refused = results(tmp_path)

    assert len(ids) == 1
    assert not refused
    (article_id,) = ids
    assert article_id.encode()
