"""Output of the commands: the filter it passes, and the streams it goes to.

Commands print with `echo` and `console`, which show the text of others and never let a terminal
obey it. `standard_streams` is around every command: it says in a sentence that the output can't be
written, and ends quietly when the reader of a pipe has left.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, TextIO

import typer

from quatrain.escaping import visible

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from quatrain.page.terminal import VisibleConsole


def echo(text: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a text that a terminal shows and does not obey.

    Args:
        text: plain text or JSON, which both stay what they are.
        err: print it to standard error.
        nl: end with a line break.
    """
    typer.echo(visible(text), err=err, nl=nl)


def echo_bytes(data: bytes) -> None:
    """Print a whole file: byte for byte into another file or a pipe, made visible on a terminal."""
    if sys.stdout.isatty():
        echo(data.decode("utf-8", "replace"), nl=False)
        return
    try:
        typer.echo(data, nl=False)
    except BrokenPipeError:
        raise ReaderLeft from None


def console(*, stderr: bool = False, file: TextIO | None = None) -> VisibleConsole:
    """Return a terminal that shows text as it is, without highlighting."""
    from quatrain.page.terminal import VisibleConsole

    return VisibleConsole(highlight=False, stderr=stderr, file=file)


class ReaderLeft(SystemExit):
    """The reader of our output has left, as `head` does in `quatrain scan ... | head`.

    It ends the program like any exit, with status 0, so that files are closed and workers stopped
    on the way.
    """


class OutputStream(io.TextIOWrapper):
    """Standard output or error; raises `ReaderLeft` when nobody reads it any more.

    Other broken pipes, such as that of a worker or of a server, are not mistaken for it.
    """

    def write(self, text: str) -> int:
        """Write a text."""
        try:
            return super().write(text)
        except BrokenPipeError:
            raise ReaderLeft from None

    def flush(self) -> None:
        """Hand on what has been written."""
        try:
            super().flush()
        except BrokenPipeError:
            raise ReaderLeft from None


class LastingOutput(io.RawIOBase):
    """Output of work that is worth more than its report: it falls silent instead of failing.

    A training run goes on when the terminal was closed, the disk of its log is full, or `head`
    has seen enough.

    Args:
        stream: standard output or standard error.

    Attributes:
        failure: the first error; None if there was none.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    def text(self) -> io.TextIOWrapper:
        """Return the stream of text to print to."""
        return io.TextIOWrapper(
            io.BufferedWriter(self),
            encoding=self._stream.encoding,
            errors="replace",
            line_buffering=True,
        )

    def writable(self) -> bool:
        """Return that this is an output."""
        return True

    def isatty(self) -> bool:
        """Return whether the output is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the number of the stream."""
        return self._stream.fileno()

    def write(self, data: ReadableBuffer) -> int:
        """Write bytes, as long as that works."""
        if self.failure is None:
            try:
                self._stream.buffer.write(data)
                self._stream.buffer.flush()
            except OSError as error:
                self.failure = error
                _discard(self._stream)
        return memoryview(data).nbytes


@contextlib.contextmanager
def standard_streams() -> Iterator[None]:
    """Set up standard output and error for a command, and report where they fail.

    SIGTERM and SIGHUP unwind the command as Ctrl-C does, so that it removes what it only needed
    for a while. A character that a terminal lacks becomes "?". A stream that was closed is
    occupied by the null device, so that no file of ours gets its number; what is printed to it is
    an error, as with other programs.
    """
    _occupy_closed_streams()
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP; `nohup` has it ignored
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _exit_by_signal)
    sys.stdout, sys.stderr = _output_stream(sys.stdout, 1), _output_stream(sys.stderr, 2)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()  # here, where a failure can still be reported
    except ReaderLeft:
        _discard(sys.stdout)
        _discard(sys.stderr)
        raise
    except OSError as error:
        with contextlib.suppress(OSError, ReaderLeft):
            echo(f"quatrain: {_explained(error)}.", err=True)
        _discard(sys.stdout)
        _discard(sys.stderr)
        sys.exit(1)


def _explained(error: OSError) -> str:
    """Return what went wrong; an error without a file's name is one of the output."""
    reason = error.strerror or str(error)
    if error.filename is None:
        return f"can't write the output: {reason}"
    return f"{error.filename} can't be used: {reason}"


def _exit_by_signal(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _occupy_closed_streams() -> None:
    """Open the null device, the wrong way round, for each standard stream that is closed."""
    for number, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # it gets the lowest free number, which is this one


def _output_stream(stream: TextIO | None, number: int) -> TextIO:
    """Return an `OutputStream` in place of a stream of the system; another stream stays."""
    if stream is not None and not _is_system_stream(stream, number):
        return stream
    return OutputStream(
        open(number, "wb", closefd=False),
        encoding=stream.encoding if stream else "utf-8",
        errors="replace",
        line_buffering=number == 2 or os.isatty(number),
        write_through=isinstance(stream, io.TextIOWrapper) and stream.write_through,
    )


def _is_system_stream(stream: TextIO, number: int) -> bool:
    try:
        return isinstance(stream, io.TextIOWrapper) and stream.fileno() == number
    except (OSError, ValueError):
        return False


def _discard(stream: TextIO) -> None:
    """Send what a stream still holds to the null device, so that nothing fails at exit."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
