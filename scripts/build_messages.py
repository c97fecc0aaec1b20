"""Compiles the message catalogues (.po to .mo): a build hook of the wheel, and a command for developers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent

if TYPE_CHECKING:
    from hatchling.builders.config import BuilderConfig
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    Hook = BuildHookInterface[BuilderConfig]
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface as Hook
    except ImportError:  # used as a plain script
        Hook = object


def compile_all(root: Path = ROOT) -> list[Path]:
    """Compile every catalogue under src/vicus; returns the files written."""
    written = []
    for po in sorted((root / "src" / "vicus").rglob("*.po")):
        mo = po.with_suffix(".mo")
        with po.open("rb") as source, mo.open("wb") as target:
            write_mo(target, read_po(source, locale=po.parent.parent.name))
        written.append(mo)
    return written


class MessagesHook(Hook):
    """Compiles the catalogues before a wheel or an editable install is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for mo in compile_all(Path(self.root)):
            build_data["artifacts"].append(str(mo.relative_to(self.root)))


if __name__ == "__main__":
    for path in compile_all():
        print(path.relative_to(ROOT), file=sys.stderr)
