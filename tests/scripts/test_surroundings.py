"""How scripts are called: from anywhere, by another name, in any environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.life import BY_PATH, TREE, trees, world_before
from scripts.stand_ins import Run, run_script
from scripts.test_common import HEAD, run_text
from support import files_of

BEGIN = HEAD.partition("set -Eeuo pipefail\n")[2].partition('. "$here')[0]
ANY = "scripts/status.sh"


def help_of(run: Run) -> str:
    assert (run.code, run.err) == (0, "")
    return run.out


def test_every_script_finds_its_folder_by_the_same_lines() -> None:
    for folder in trees().values():
        for path, data in files_of(folder).items():
            if path.endswith(".sh") and not path.startswith("lib/"):
                assert data.decode().count(BEGIN) == 1, path
                assert data.count(b"BASH_SOURCE") == 1, path


@pytest.mark.parametrize("searched", [".", ".:/tmp", "/", "..", "{tree}"])
def test_a_search_path_of_cd_leads_no_script_astray(searched: str) -> None:
    paths = {"CDPATH": searched.format(tree=TREE)}
    for name in (TREE / ANY, Path(ANY)):
        options = ("-c", f'CDPATH= cd {TREE} && exec bash "$0" "$@"')
        run = run_script(name, "--help", environment=paths, options=options)
        assert help_of(run).startswith("Shows what there is")


def test_a_script_runs_through_links_wherever_they_stand(tmp_path: Path) -> None:
    expected = help_of(run_script(TREE / ANY, "--help"))
    (tmp_path / "there is").mkdir()
    (tmp_path / "absolute").symlink_to(TREE / ANY)
    (tmp_path / "there is/relative").symlink_to("../absolute")
    (tmp_path / "-tree").symlink_to(TREE)
    (tmp_path / "last").symlink_to("there is/relative")
    for name in ("absolute", "there is/relative", "last", f"-tree/{ANY}"):
        assert help_of(run_script(tmp_path / name, "--help")) == expected, name


def test_a_factor_with_leading_zeros_is_a_decimal_number(tmp_path: Path) -> None:
    run = run_text(tmp_path, 'wait_until 7 1 "it" true\n', WAIT_FACTOR="08")
    assert (run.code, run.err) == (0, "")
    assert "waiting for it: at most 56 s\n" in run.out


def test_without_a_home_scripts_take_that_of_the_account() -> None:
    script = BY_PATH["infrastructure/deploy-kserve.sh"]
    world = world_before(script)
    options = ("-c", 'unset HOME; exec bash "$0" "$@"')
    run = run_script(TREE / script.path, world=world, options=options)
    assert (run.code, run.err) == (0, "")
