"""The `tminus` command. Exit status: 0 done, 1 refused or not valid, 2 wrong usage.

Commands import what they need when they run: `--help`, `validate`, `schema` and `verify --file` never import Prefect.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping, Sequence

from cyclopts import App, CycloptsError

from checklists.errors import LaunchError
from deployments.answers import No, plain


def _version() -> str:
    from importlib.metadata import version  # takes longer than many a command

    return version("tminus")


app = App(
    name="tminus",
    help="Product launches on Prefect: gated checklists, real sign-offs, announcements that leave once.",
    version=_version,
    help_format="plaintext",
    result_action="return_value",
)
COMMANDS: Mapping[str, Sequence[str]] = {
    "machine_commands": ("demo", "up", "deploy", "doctor"),
    "launch_commands": ("start", "list", "show", "log"),
    "sign_commands": (
        "sign", "attach", "retag", "complete", "waive", "ask", "rerun", "hold", "resume", "reschedule", "abandon",
    ),
    "file_commands": ("validate", "schema"),
    "proof_commands": ("verify", "export", "anchor"),
    "notes_commands": ("notes",),
    "release_commands": ("explain", "backfill"),
    "people_commands": ("people", "audience"),
    "message_commands": ("preview", "reach"),
    "sending_commands": ("announcements",),
    "delegation_commands": ("delegate",),
    "token_commands": ("token",),
    "reader_commands": ("reader",),
}  # fmt: skip
"""By module. Only the one that is called is imported; its function is called like it, with `_` where Python has one."""
for module, names in COMMANDS.items():
    for name in names:
        path = f"deployments.{module}:{name}{'_' if name in dir(builtins) else ''}"
        app.command(path, name=name)


def main(words: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    sys.exit(run(words))


def run(words: Sequence[str] | None = None) -> int:
    given = sys.argv[1:] if words is None else words
    if not given or given[0].startswith("-"):
        app.resolved_commands()  # the help has a line of each
    try:
        app(words, exit_on_error=False, print_error=True)
    except CycloptsError:
        return 2
    except No as no:
        return _say(no)
    except LaunchError as error:
        return _say(error)
    except KeyboardInterrupt:
        return 130
    return 0


def _say(error: Exception) -> int:
    """The reason on stderr, one line each."""
    for text in str(error).split("\n"):
        print(plain(text), file=sys.stderr)
    return 1


if __name__ == "__main__":
    main()
