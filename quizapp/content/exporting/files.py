"""Files that are read before they replace others, and replace them all or none."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from quizapp.content.parsing import Bank, parse_bank
from quizapp.content.parsing.files import unreadable

_READ = ("tracks.yaml", "confusables.yaml", "topics", "primer")
"""What a bank is read from. A folder of content may hold a lot besides."""


class FileError(OSError):
    """A file could not be written, or has changed meanwhile; a sentence tells which."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file's bytes before, None where there is no file yet, and after."""

    path: Path
    before: bytes | None
    after: bytes

    @property
    def diff(self) -> str:
        before, after = ((text or b"").decode() for text in (self.before, self.after))
        lines = difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            str(self.path) if self.before is not None else "/dev/null",
            str(self.path),
        )
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in lines
        )


def parsed_with(folder: Path, changes: Sequence[FileChange]) -> Bank:
    """The bank in a folder as it would be with the changes. Its problems name the real files."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for each in _READ:
            original = folder / each
            if original.is_dir():
                shutil.copytree(
                    original,
                    copy / each,
                    copy_function=shutil.copyfile,
                    ignore_dangling_symlinks=True,  # by which some text editors lock files
                )
            elif original.exists():
                shutil.copyfile(original, copy / each)
        for change in changes:
            (copy / change.path.relative_to(folder)).write_bytes(change.after)
        bank = parse_bank(copy)
        problems = tuple(
            replace(each, file=each.file.replace(name, str(folder), 1)) for each in bank.problems
        )
        return replace(bank, problems=problems)


def replace_all(changes: Sequence[FileChange]) -> None:
    """Writes all the files or, whatever goes wrong, none. Raises FileError.

    What is gained is written first, so that after a power cut an entry on its way from one file
    to another is in both of them rather than in neither.
    """
    waiting: list[tuple[Path, FileChange]] = []
    done: list[FileChange] = []
    current = Path()
    try:
        for change in sorted(changes, key=_loss):
            current = change.path
            waiting.append((_written_beside(change.path, change.after), change))
        for change in changes:
            current = change.path
            _check_untouched(change)
        for beside, change in waiting:
            current = change.path
            beside.replace(_target(change.path))
            done.append(change)
    except BaseException as error:
        for change in done:
            _put_back(change)
        if isinstance(error, OSError) and not isinstance(error, FileError):
            reason = unreadable(error).replace("read", "written")
            raise FileError(f"{current} {reason}. Nothing was written.") from None
        raise
    finally:
        for beside, _ in waiting:
            beside.unlink(missing_ok=True)


def _loss(change: FileChange) -> int:
    return len(change.before or b"") - len(change.after)


def _target(path: Path) -> Path:
    """The file itself, where the path is a link to it."""
    return path.resolve()


def _written_beside(path: Path, data: bytes) -> Path:
    target = _target(path)
    beside = target.with_name(f".{target.name}.{uuid4().hex}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, beside)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _check_untouched(change: FileChange) -> None:
    now = change.path.read_bytes() if change.path.exists() else None
    if now != change.before:
        raise FileError(
            f"{change.path} was changed while it was read. Nothing was written: try again."
        )


def _put_back(change: FileChange) -> None:
    if change.before is None:
        change.path.unlink(missing_ok=True)
    else:
        _written_beside(change.path, change.before).replace(_target(change.path))
