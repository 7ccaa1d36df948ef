"""The `leadgen` command: places orders, has runs executed, shows results. It does no stage's work itself.

Each module is one group of commands; what is heavy is imported inside a command, so that `--help` is quick.
"""

import os
import sys
from types import TracebackType

from leadgen_dagster.errors import LeadgenError, UserError

EXIT_OK, EXIT_FAILED, EXIT_USER = 0, 1, 2
EXIT_INTERRUPTED = 130


def main() -> None:
    """The entry point: every error is one line on stderr for a person, never a traceback."""
    from dotenv import find_dotenv, load_dotenv
    from typer.exceptions import Abort, TyperException
    from typer.main import get_command

    from leadgen_dagster.cli.app import app

    sys.excepthook = _one_line
    load_dotenv(find_dotenv(usecwd=True))
    try:
        code = get_command(app).main(sys.argv[1:] or ["--help"], standalone_mode=False)
        sys.stdout.flush()
    except TyperException as error:
        say(error.format_message())
        code = EXIT_USER
    except UserError as error:
        say(str(error))
        code = EXIT_USER
    except LeadgenError as error:
        say(str(error))
        code = EXIT_FAILED
    except (Abort, KeyboardInterrupt):
        say("interrupted; `leadgen resume RUN` goes on")
        code = EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read has seen enough, as in `leadgen runs | head -1`; Python would flush once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = EXIT_OK
    except OSError as error:
        say(f"{error.filename or 'this machine'}: {error.strerror or error}")
        code = EXIT_FAILED
    sys.exit(code or EXIT_OK)


def _one_line(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """What nobody foresaw, for a person; with PYTHONDEVMODE=1 the traceback for whoever mends it."""
    if sys.flags.dev_mode:
        sys.__excepthook__(kind, error, traceback)
        return
    first = next(iter(str(error).splitlines()), "")
    say(f"unexpected {kind.__name__}: {first} (PYTHONDEVMODE=1 shows the traceback)")


def say(message: str) -> None:
    """One line for the person, beside the result."""
    sys.stderr.write(f"leadgen: {' '.join(message.split())}\n")
