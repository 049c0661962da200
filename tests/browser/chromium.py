"""Where Chromium is; as a program, sees to it that there is one.

`python -m tests.browser.chromium` installs Debian's package when it may, and otherwise says how
to get Chromium. The headless shell is preferred: without what a window needs, a new page costs it
a quarter of the time. Any other Chromium shows the tests the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Fewer processes to start for each of many fresh contexts.
    "--in-process-gpu",
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",
]


def find() -> str | None:
    candidates = (os.environ.get("CHROMIUM"), *NAMES)
    return next((path for name in candidates if name and (path := shutil.which(name))), None)


def main() -> int:
    if os.environ.get("CHROMIUM") or shutil.which(SHELL):
        return 0 if find() else _say_how()
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests ...")  # noqa: T201
        if not find():
            subprocess.run(["apt-get", "update", "-qq"], check=False)  # noqa: S607
        _install(SHELL)
        if not find():
            _install("chromium")
    return 0 if find() else _say_how()


def _install(package: str) -> None:
    subprocess.run(["apt-get", "install", "-y", "-qq", package], check=False)  # noqa: S603, S607


def _say_how() -> int:
    sys.stderr.write(
        f"The browser tests need Chromium. Install it (on Debian: apt-get install {SHELL}), "
        "or set CHROMIUM to the path of one.\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
