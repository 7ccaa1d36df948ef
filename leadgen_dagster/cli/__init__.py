"""The `leadgen` command: places orders, has runs executed, shows results. It does no stage's work itself.

Each module is one group of commands; what is heavy is imported inside a command, so that `--help` is quick.
"""

import sys

from leadgen_dagster.errors import LeadgenError, UserError

EXIT_OK, EXIT_FAILED, EXIT_USER = 0, 1, 2
EXIT_INTERRUPTED = 130


def main() -> None:
    """The entry point: every error that is meant for a person is one line on stderr, never a traceback."""
    from dotenv import find_dotenv, load_dotenv
    from typer.exceptions import Abort, TyperException

    from leadgen_dagster.cli.app import app

    load_dotenv(find_dotenv(usecwd=True))
    try:
        code = app(standalone_mode=False)
    except TyperException as error:
        _say(error.format_message())
        code = EXIT_USER
    except UserError as error:
        _say(str(error))
        code = EXIT_USER
    except LeadgenError as error:
        _say(str(error))
        code = EXIT_FAILED
    except (Abort, KeyboardInterrupt):
        _say("interrupted; `leadgen resume RUN` goes on")
        code = EXIT_INTERRUPTED
    sys.exit(code or EXIT_OK)


def _say(message: str) -> None:
    sys.stderr.write(f"leadgen: {' '.join(message.split())}\n")
