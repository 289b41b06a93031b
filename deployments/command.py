"""The `tminus` command. Exit status: 0 done, 1 refused or not valid, 2 wrong usage.

Commands import what they need when they run: `--help`, `validate`, `schema` and `verify --file` never import Prefect.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version

from cyclopts import App, CycloptsError

from checklists.errors import LaunchError
from deployments import (
    delegation_commands,
    file_commands,
    launch_commands,
    machine_commands,
    notes_commands,
    proof_commands,
    sign_commands,
    token_commands,
)
from deployments.answers import No

app = App(
    name="tminus",
    help="Product launches on Prefect: gated checklists, real sign-offs, announcements that leave once.",
    version=lambda: version("tminus"),
    help_format="plaintext",
    result_action="return_value",
)
GROUPS = (
    machine_commands,
    launch_commands,
    sign_commands,
    file_commands,
    proof_commands,
    notes_commands,
    delegation_commands,
)
for group in GROUPS:
    for name, function in group.COMMANDS.items():
        app.command(function, name=name)
app.command(token_commands.token)


def main(words: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    sys.exit(run(words))


def run(words: Sequence[str] | None = None) -> int:
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
    for text in str(error).splitlines():
        print(text, file=sys.stderr)
    return 1


if __name__ == "__main__":
    main()
