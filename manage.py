#!/usr/bin/env python
"""The command-line entry point.

`convert` and `analyse` are served without Django, which takes long to start.
"""

import os
import signal
import sys


def main() -> None:
    """Run the command named on the command line."""
    if sys.argv[1:2] in (["convert"], ["analyse"]):
        _end_silently()
    if sys.argv[1:2] == ["convert"]:
        from library.audio import command, shell

        shell.leave(command.main, sys.argv[2:])
    if sys.argv[1:2] == ["analyse"]:
        from library.audio import analyse_command, shell

        shell.leave(analyse_command.main, sys.argv[2:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sp404site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def _end_silently() -> None:
    """Let Ctrl-C end the process without a word of Python's, until the command answers it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main()
