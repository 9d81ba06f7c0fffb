from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import tempfile
import time
from pathlib import Path

import pytest
from support import files_of

from llmd_render import access
from llmd_render.diagnostics import Diagnostic, InputError
from llmd_render.render import RenderedFile
from llmd_render.write import INVENTORY, compare_tree, plan_tree, write_tree

FILES = (
    RenderedFile("a.yaml", "a: 1\n", "templates/a.yaml.j2"),
    RenderedFile("scripts/run.sh", "echo\n", "templates/scripts/run.sh.j2"),
    RenderedFile("lib/common.sh", "x=1\n", "templates/lib/common.sh.j2"),
)


def states(target: Path, files: tuple[RenderedFile, ...] = FILES) -> dict[str, str]:
    return {item.path: item.state for item in compare_tree(files, target)}


def refusal(target: Path, files: tuple[RenderedFile, ...] = FILES) -> list[tuple[str, str]]:
    before = files_of(target) if target.is_dir() else {}
    with pytest.raises(InputError) as caught:
        write_tree(files, target)
    assert (files_of(target) if target.is_dir() else {}) == before
    return [(Path(item.location.file).name, item.code) for item in caught.value.diagnostics]


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_tree_is_written_with_its_inventory(tmp_path: Path) -> None:
    target = tmp_path / "out" / "p"
    assert write_tree(FILES, target)
    inventory = json.loads((target / INVENTORY).read_text())
    assert inventory["profile"] == "p"
    assert sorted(inventory["files"]) == ["a.yaml", "lib/common.sh", "scripts/run.sh"]
    assert files_of(target)["a.yaml"] == b"a: 1\n"
    assert leftovers(tmp_path / "out") == []


def test_writing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "p"
    write_tree(FILES, target)
    inode = target.stat().st_ino
    assert not write_tree(FILES, target)
    assert target.stat().st_ino == inode
    assert states(target) == {}


def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o077)
    try:
        write_tree(FILES, tmp_path / "p")
    finally:
        os.umask(old)
    modes = {
        path: stat.S_IMODE((tmp_path / "p" / path).stat().st_mode)
        for path in (".", "a.yaml", "scripts", "scripts/run.sh", "lib/common.sh", INVENTORY)
    }
    assert modes == {
        ".": 0o755,
        "a.yaml": 0o644,
        "scripts": 0o755,
        "scripts/run.sh": 0o755,
        "lib/common.sh": 0o644,
        INVENTORY: 0o644,
    }


def test_a_stale_file_goes_and_a_changed_one_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "p"
    write_tree(FILES, target)
    newer = (RenderedFile("a.yaml", "a: 2\n", ""), FILES[1])
    assert states(target, newer) == {
        "a.yaml": "changed",
        "lib/common.sh": "stale",
        INVENTORY: "changed",
    }
    assert write_tree(newer, target)
    assert sorted(files_of(target)) == [INVENTORY, "a.yaml", "scripts/run.sh"]


def test_a_deleted_file_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "p"
    write_tree(FILES, target)
    (target / "a.yaml").unlink()
    assert states(target) == {"a.yaml": "missing"}
    assert write_tree(FILES, target)
    assert states(target) == {}


def test_a_lost_executable_bit_is_a_change(tmp_path: Path) -> None:
    target = tmp_path / "p"
    write_tree(FILES, target)
    (target / "scripts/run.sh").chmod(0o644)
    assert states(target) == {"scripts/run.sh": "changed"}


def test_a_hand_edited_file_is_never_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "p"
    write_tree(FILES, target)
    (target / "a.yaml").write_text("mine")
    assert states(target) == {"a.yaml": "hand-edited"}
    assert refusal(target) == [("a.yaml", "tree-file-hand-edited")]
    assert write_tree(FILES, target, force=True)
    assert states(target) == {}


def test_a_foreign_file_is_never_removed(tmp_path: Path) -> None:
    target = tmp_path / "p"
    write_tree(FILES, target)
    (target / "notes.txt").write_text("mine")
    assert refusal(target) == [("notes.txt", "tree-file-extra")]
    assert write_tree(FILES, target, force=True)
    assert not (target / "notes.txt").exists()


def test_a_file_that_somebody_put_where_we_now_write_one_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "p"
    write_tree(FILES[:1], target)
    (target / "lib").mkdir()
    (target / "lib/common.sh").write_text("mine")
    assert refusal(target) == [("common.sh", "tree-file-extra")]


def test_a_symbolic_link_in_place_of_a_file_counts_as_edited(tmp_path: Path) -> None:
    target = tmp_path / "p"
    write_tree(FILES, target)
    (tmp_path / "elsewhere").write_text("a: 1\n")
    (target / "a.yaml").unlink()
    (target / "a.yaml").symlink_to(tmp_path / "elsewhere")
    (target / "linked").symlink_to(tmp_path)
    assert refusal(target) == [
        ("a.yaml", "tree-file-hand-edited"),
        ("linked", "tree-file-extra"),
    ]
    write_tree(FILES, target, force=True)
    assert (tmp_path / "elsewhere").read_text() == "a: 1\n"


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_without_inventory_is_never_touched(tmp_path: Path, *, force: bool) -> None:
    target = tmp_path / "p"
    target.mkdir()
    (target / "thesis.tex").write_text("years")
    with pytest.raises(InputError, match="not written by llmd-render"):
        write_tree(FILES, target, force=force)
    assert files_of(target) == {"thesis.tex": b"years"}


def test_an_empty_folder_is_ours_to_fill(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    assert write_tree(FILES, tmp_path / "p")


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("x")
    assert refusal(tmp_path / "p") == [("p", "tree-target-foreign")]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", '{"format": 2, "files": {}}', '{"format": 1}'),
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_a_broken_inventory_is_refused(tmp_path: Path, text: str) -> None:
    target = tmp_path / "p"
    write_tree(FILES, target)
    (target / INVENTORY).write_text(text)
    assert refusal(target) == [(INVENTORY, "tree-inventory-broken")]


def test_a_full_disk_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "p"
    write_tree(FILES[:1], target)
    before = files_of(target)

    def full(_: Path, __: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", "disk")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left on device"):
        write_tree(FILES, target)
    assert files_of(target) == before
    assert leftovers(tmp_path) == []


def test_a_parent_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(InputError, match="cannot write the tree"):
        write_tree(FILES, tmp_path / "out" / "p")


@pytest.mark.parametrize("rename", [1, 2])
def test_an_interrupt_between_the_renames_restores_the_old_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rename: int
) -> None:
    target = tmp_path / "p"
    write_tree(FILES[:1], target)
    before = files_of(target)
    calls = 0
    real = Path.rename

    def interrupted(self: Path, other: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == rename:
            raise KeyboardInterrupt
        return real(self, other)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_tree(FILES, target)
    assert files_of(target) == before
    assert leftovers(tmp_path) == []


def test_a_run_killed_between_the_renames_is_repaired_by_the_next(tmp_path: Path) -> None:
    target = tmp_path / "p"
    write_tree(FILES[:1], target)
    (target / "a.yaml").write_text("mine")
    target.rename(tmp_path / ".p.llmd-render-old")
    (tmp_path / ".p.llmd-render-new-killed").mkdir()
    assert refusal_after_repair(target) == [("a.yaml", "tree-file-hand-edited")]
    assert leftovers(tmp_path) == []


def refusal_after_repair(target: Path) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        write_tree(FILES, target)
    return [(Path(item.location.file).name, item.code) for item in caught.value.diagnostics]


def test_a_run_killed_after_the_renames_leaves_only_litter_that_is_swept(tmp_path: Path) -> None:
    target = tmp_path / "p"
    write_tree(FILES, target)
    (tmp_path / ".p.llmd-render-old").mkdir()
    assert not write_tree(FILES, target)
    assert leftovers(tmp_path) == []


def test_the_inventory_is_the_same_for_any_order_of_files(tmp_path: Path) -> None:
    write_tree(FILES, tmp_path / "p")
    write_tree(tuple(reversed(FILES)), tmp_path / "q" / "p")
    assert files_of(tmp_path / "p") == files_of(tmp_path / "q" / "p")


def test_a_linked_folder_is_written_where_the_link_leads(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "p").symlink_to(tmp_path / "real")
    assert write_tree(FILES, tmp_path / "p")
    assert (tmp_path / "p").is_symlink()
    assert states(tmp_path / "p") == {}
    assert (tmp_path / "real" / "a.yaml").is_file()
    assert leftovers(tmp_path) == []


def test_a_pipe_in_place_of_a_file_counts_as_edited(tmp_path: Path) -> None:
    target = tmp_path / "p"
    write_tree(FILES, target)
    (target / "a.yaml").unlink()
    os.mkfifo(target / "a.yaml")
    assert states(target) == {"a.yaml": "hand-edited"}


def refused(files: tuple[RenderedFile, ...], target: Path) -> list[Diagnostic]:
    with pytest.raises(InputError) as caught:
        plan_tree(files, target)
    with pytest.raises(InputError) as again:
        write_tree(files, target)
    assert again.value.diagnostics == caught.value.diagnostics
    assert not target.exists()
    return list(caught.value.diagnostics)


def test_a_file_that_is_a_folder_of_another_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    files = (
        RenderedFile("README.md", "", "templates/README.md.j2"),
        RenderedFile("README.md/a/x", "", "templates/README.md/a/x.j2"),
        RenderedFile("README.md-not/x", "", "templates/README.md-not/x.j2"),
    )
    (found,) = refused(files, tmp_path / "p")
    assert found.location.file == str(tmp_path / "p/README.md/a/x")
    assert found.message == "README.md is a file of the tree, so it cannot be a folder too"
    assert found.code == "tree-paths-conflict"
    assert found.hint == "rename the template templates/README.md/a/x.j2"


@pytest.mark.parametrize("path", ["a\nb", "a\x1b[31m", "a/\x7f", "\x85", "\udcff/b"])
def test_paths_that_no_file_should_have_are_refused(path: str, tmp_path: Path) -> None:
    (found,) = refused((*FILES, RenderedFile(path, "", "t")), tmp_path / "p")
    assert found.message == "the path has a control character or is not UTF-8"
    assert found.code == "tree-paths-conflict"


@pytest.mark.parametrize("path", ["a b", "ä", "日本", "-", "a/b/c.d"])
def test_unusual_paths_that_are_fine_pass(path: str, tmp_path: Path) -> None:
    assert write_tree((*FILES, RenderedFile(path, "", "t")), tmp_path / "p")


def test_a_file_with_the_name_of_the_inventory_is_refused(tmp_path: Path) -> None:
    (found,) = refused((*FILES, RenderedFile(INVENTORY, "", "t")), tmp_path / "p")
    assert found.message == "this is the name of the inventory"


def refusal_by_disk(target: Path) -> tuple[str, str]:
    with pytest.raises(InputError) as caught:
        write_tree(FILES, target)
    (found,) = caught.value.diagnostics
    assert found.code == "tree-not-writable"
    return found.location.file, found.hint


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSPC, "free the disk or choose another --out"),
        (errno.EACCES, "get the permission to read and write there, or choose another --out"),
        (errno.EROFS, "get the permission to read and write there, or choose another --out"),
        (errno.EIO, "choose another --out"),
    ],
)
def test_a_refusal_names_the_target_and_what_to_do(
    number: int, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(prefix: str, dir: Path) -> str:  # noqa: A002 - the name is that of tempfile
        raise OSError(number, os.strerror(number), str(dir / f"{prefix}x7d"))

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    assert refusal_by_disk(tmp_path / "p") == (str(tmp_path / "p"), hint)


@pytest.mark.parametrize("link", [False, True])
def test_what_stands_in_place_of_the_folder_for_trees_is_named(
    tmp_path: Path, *, link: bool
) -> None:
    out = tmp_path / "out"
    if link:
        out.symlink_to("nowhere")
    else:
        out.write_text("")
    hint = "a file or a link stands where a folder should; move it or choose another --out"
    assert refusal_by_disk(out / "p") == (str(out), hint)


def test_a_name_that_is_too_long_is_a_finding_of_each_function(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 300) / "p"
    for function in (plan_tree, write_tree, compare_tree):
        with pytest.raises(InputError, match="File name too long") as caught:
            function(FILES, target)
        (found,) = caught.value.diagnostics
        assert (found.code, found.hint) == ("tree-not-writable", "choose a shorter --out")


def test_a_second_run_waits_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(first, fcntl.LOCK_EX)
    waits = []

    def end_the_first(seconds: float) -> None:
        assert not (tmp_path / "p").exists()
        waits.append(seconds)
        os.close(first)

    monkeypatch.setattr(time, "sleep", end_the_first)
    assert write_tree(FILES, tmp_path / "p")
    assert len(waits) == 1


def test_a_run_that_waits_in_vain_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_PATIENCE_SECONDS", -1)
    first = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(first, fcntl.LOCK_EX)
    try:
        for function in (plan_tree, write_tree, compare_tree):
            with pytest.raises(InputError, match="another program keeps this folder locked"):
                function(FILES, tmp_path / "p")
    finally:
        os.close(first)
    assert list(tmp_path.iterdir()) == []
    assert write_tree(FILES, tmp_path / "p")


def test_the_folder_is_locked_while_the_tree_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tempfile.mkdtemp

    def watch(prefix: str, dir: Path) -> str:  # noqa: A002 - the name is that of tempfile
        second = os.open(dir, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(second)
        return real(prefix=prefix, dir=dir)

    monkeypatch.setattr(tempfile, "mkdtemp", watch)
    assert write_tree(FILES, tmp_path / "p")


def test_a_folder_that_knows_no_locks_is_written_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert write_tree(FILES, tmp_path / "p")
