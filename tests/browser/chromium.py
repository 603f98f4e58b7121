"""A headless Chromium, driven by its DevTools protocol over two pipes: no port, and no library."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
_SECONDS = 60
"""The longest time that an answer may take."""
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb")
_OFFLINE = ("--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-sync")


def executable() -> str | None:
    """The path of the first Chromium that is installed, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """A tab. `events` are those that it has sent, by their methods, in order."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._number = 0
        self._session = ""
        self._unread = b""
        self.events: list[dict[str, Any]] = []

    def attach(self) -> None:
        """Open a tab, to which all further commands go."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        self.send("Emulation.setFocusEmulationEnabled", enabled=True)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a command of the protocol."""
        self._number += 1
        command: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while (message := self._receive()).get("id") != self._number:
            self.events.append(message)
        if "error" in message:
            raise RuntimeError(f"{method}: {message['error']}")
        result: dict[str, Any] = message["result"]
        return result

    def open(self, path: Path) -> None:
        """Load a file; the events of the page before it are forgotten."""
        self.events.clear()
        self.send("Page.navigate", url=path.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self._receive())

    def open_to_use(self, path: Path) -> None:
        """Load a file, and wait until it is drawn: keys that come before that are lost."""
        self.open(path)
        self.run("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")

    def run(self, script: str) -> Any:
        """The value of a script, which may be a promise."""
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script[:80]}: {answer['exceptionDetails']['exception'].get('description')}")
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        text = {"Enter": "\r", "Space": " "}.get(key, key if len(key) == 1 else "")
        names = {"key": " " if key == "Space" else key, "code": key if len(key) > 1 else f"Key{key.upper()}"}
        codes = {"Tab": 9, "Enter": 13, "Space": 32, "Escape": 27, "ArrowDown": 40}
        code = codes.get(key, ord(key[0].upper()))
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text, windowsVirtualKeyCode=code, **names)
        self.send("Input.dispatchKeyEvent", type="keyUp", windowsVirtualKeyCode=code, **names)

    def look(self, width: int, height: int, scheme: str, media: str = "screen") -> None:
        """Give the page a size, and its reader a preference of colors."""
        phone = width < 600
        self.send(
            "Emulation.setDeviceMetricsOverride",
            **{"width": width, "height": height, "deviceScaleFactor": 2 if phone else 1, "mobile": phone},
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", media=media, features=features)

    def screenshot(self, path: Path, tallest: int = 6_000) -> None:
        """Write a picture of the whole page, or of its top where it is longer than `tallest`."""
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "scale": 1, "width": size["width"], "height": min(size["height"], tallest)}
        answer = self.send("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(answer["data"]))

    def _receive(self) -> dict[str, Any]:
        end = time.monotonic() + _SECONDS
        while b"\0" not in self._unread:
            if not select.select([self._answers], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError(f"the browser did not answer for {_SECONDS} seconds")
            received = os.read(self._answers, 1 << 20)
            if not received:
                raise ConnectionError("the browser has ended")
            self._unread += received
        message, _, self._unread = self._unread.partition(b"\0")
        parsed: dict[str, Any] = json.loads(message)
        return parsed


@contextmanager
def browser(executable: str, profile: Path) -> Iterator[Page]:
    """A tab of a new browser, whose files are in the folder `profile`."""
    (commands_end, commands), (answers, answers_end) = os.pipe(), os.pipe()
    # The browser reads from descriptor 3 and writes to 4.
    redirect = f'exec "$@" 3<&{commands_end} 4>&{answers_end}'
    flags = [*_FLAGS, *_OFFLINE, "--remote-debugging-pipe", f"--user-data-dir={profile}"]
    process = subprocess.Popen(
        ["sh", "-c", redirect, "sh", executable, *flags],
        pass_fds=(commands_end, answers_end),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(commands_end)
    os.close(answers_end)
    page = Page(commands, answers)
    try:
        page.attach()
        yield page
    finally:
        os.close(commands)
        os.close(answers)
        process.terminate()
        process.wait(_SECONDS)
