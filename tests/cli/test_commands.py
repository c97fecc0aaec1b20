"""Every command helps, refuses bad input in words, and ends with a code that scripts can use."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.main import get_command

import vicus as package

ROOT = Path(__file__).resolve().parents[2]
CSV = "id,kind,date,x,y\n1,THEFT,2026-01-02 10:00,147000,171000\n2,THEFT,2026-01-03 11:00,147010,171010\n"
MAPPING = """
name = "ours"
[columns]
id = "id"
category = "kind"
occurred_from = "date"
[dates]
timezone = "Europe/Brussels"
[[location]]
x = "x"
y = "y"
crs = "EPSG:31370"
"""


def commands() -> list[tuple[str, ...]]:
    import vicus.cli.app as cli

    cli.load()

    def below(command: object, words: tuple[str, ...]) -> list[tuple[str, ...]]:
        inner = getattr(command, "commands", None)
        if not inner:
            return [words]
        return [leaf for name, child in inner.items() for leaf in below(child, (*words, name))]

    return below(get_command(cli.app), ())


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help_with_an_example(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vicus", *words, "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Example: vicus" in " ".join(done.stdout.split())


def test_the_commands_of_the_issue_are_all_there() -> None:
    assert set(commands()) >= {
        ("demo",), ("init",), ("serve",), ("doctor",), ("territory", "import"), ("incidents", "import"),
        ("incidents", "mapping"), ("incidents", "versions"), ("incidents", "erase"), ("incidents", "quality"),
        ("hotspots", "propose"), ("hotspots", "import"), ("hotspots", "list"), ("figures",), ("report", "month"),
    }  # fmt: skip


def test_the_version_is_printed(fresh) -> None:
    assert fresh("--version").strip() == f"vicus {package.__version__}"


def test_without_a_zone_a_command_says_how_to_make_one(fresh) -> None:
    assert "vicus init" in fresh.run("incidents", "versions", code=4).stderr


def test_a_coordinate_system_in_degrees_is_refused(fresh) -> None:
    assert "does not measure in metres" in fresh.run("init", "west", "--crs", "4326", code=3).stderr


def test_the_home_option_chooses_the_data_folder(fresh, tmp_path: Path) -> None:
    fresh("--home", tmp_path / "elsewhere", "init", "west")
    assert (tmp_path / "elsewhere" / "vicus.sqlite3").exists()
    assert not fresh.home.exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "empty"),
        (
            "torn.csv",
            CSV.replace("THEFT,2026-01-03", '"THEFT,2026-01-03').encode(),
            "quotation mark on line 3",
        ),
        ("cut.parquet", b"PAR1" + b"\x00" * 100, "cut"),
        ("people.csv", b"id,kind,date,voornaam\n1,THEFT,2026-01-02 10:00,x\n", "voornaam"),
        ("missing.csv", None, "no such file"),
    ],
)
def test_a_bad_file_is_refused_in_words_and_the_data_stay_as_they_were(
    vicus,
    file: Callable[[str, str | bytes], Path],
    tmp_path: Path,
    name: str,
    content: bytes | None,
    says: str,
) -> None:
    if not vicus.home.exists():
        vicus("init", "west")
        vicus("incidents", "import", file("good.csv", CSV), "--mapping", file("ours.toml", MAPPING))
    before = vicus.json("incidents", "versions")
    path = file(name, content) if content is not None else tmp_path / name
    refused = vicus.run("incidents", "import", path, "--mapping", file("ours.toml", MAPPING), code=3)
    assert says in refused.stderr.lower()
    assert vicus.json("incidents", "versions") == before


def test_a_utf_16_file_is_read_as_it_is(fresh, file: Callable[[str, str | bytes], Path]) -> None:
    fresh("init", "west")
    path = file("wide.csv", CSV.encode("utf-16"))
    report = fresh.json("incidents", "import", path, "--mapping", file("ours.toml", MAPPING))
    assert report["added"] == 2


def test_a_guess_is_a_mapping_that_can_be_used(fresh, file: Callable[[str, str | bytes], Path]) -> None:
    fresh("init", "west")
    path = file("unknown.csv", CSV.replace("kind", "category"))
    guess = file("guess.toml", fresh("incidents", "mapping", path))
    report = fresh.json("incidents", "import", path, "--mapping", guess)
    assert report["added"] == 2
    assert "chicago" in fresh("incidents", "mapping", "--list")
    assert "[columns]" in fresh("incidents", "mapping", "--show", "generic")


def test_what_commands_write_is_for_nobody_else(fresh) -> None:
    """Whatever the umask of the shell and the folder given: others on the machine read no fact and no account."""
    fresh.home.mkdir(mode=0o755)
    fresh("init", "west", "--name-en", "West")
    written = list(fresh.home.rglob("*"))
    assert any(path.suffix == ".sqlite3" for path in written)
    # What residents may read is for a group too: the public side runs under an account of its own.
    public = {path for path in written if fresh.home / "public" in (path, *path.parents)}
    assert public
    assert not [path for path in written if path.stat().st_mode & (0o007 if path in public else 0o077)]
    findings = {finding["check"]: finding for finding in json.loads(fresh("doctor", "--json", code=5))}
    assert not findings["privacy"]["ok"]
    fresh.home.chmod(0o700)
    fresh("doctor")


def test_the_doctor_says_when_the_incidents_are_gone_and_does_not_make_them_anew(fresh) -> None:
    fresh("init", "west")
    shutil.rmtree(fresh.home / "store")
    assert "missing" in fresh("doctor", code=5)
    assert not (fresh.home / "store").exists()


def documented() -> list[str]:
    """Every command in a block of the texts for users, on one line."""
    texts = [
        ROOT / "README.md",
        *sorted((ROOT / "docs").glob("how-to/*.md")),
        *sorted((ROOT / "docs").glob("tutorials/*.md")),
    ]
    lines = [
        line
        for text in texts
        for block in re.findall(r"^ *```(?:sh)?\n(.*?)^ *```", text.read_text(encoding="utf-8"), re.M | re.S)
        for line in block.replace("\\\n", " ").splitlines()
    ]
    return [words for line in lines if (words := line.split("#")[0].strip()).startswith("vicus ")]


@pytest.mark.parametrize("line", documented())
def test_every_command_in_the_documentation_exists_with_its_options(line: str) -> None:
    import vicus.cli.app as cli

    cli.load()

    words = shlex.split(line.split(">")[0])[1:]
    command = get_command(cli.app)
    while words and (inner := getattr(command, "commands", None)):
        if words[0].startswith("-"):  # an option of every command, with its value
            words = words[2:]
            continue
        assert words[0] in inner, f"{line}: there is no {words[0]}"
        command = inner[words.pop(0)]
    with command.make_context(line, words, resilient_parsing=False) as context:
        assert context.args == []
