"""A scale, a refrigerator probe and a morning-check terminal, as a school would buy them: they know an address and a key.

Each keeps what it measured while there is no network, and sends it later with the time at which it was measured.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen


@dataclass
class Device:
    """Sends JSON over the network; what does not get through is kept."""

    server: str
    key: str
    kept: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""

    def measure(self, at: datetime, **values: Any) -> None:
        """Take a value and keep it until it is sent."""
        self.kept.append({"at": at.isoformat()} | values)

    def body(self) -> dict[str, Any]:
        """What is sent."""
        return {"readings": self.kept}

    def send(self) -> list[dict[str, Any]]:
        """Send all that is kept; what the server took is forgotten. Raises when there is no network."""
        request = Request(
            f"{self.server}/api/v1/devices/{self.address}", json.dumps(self.body()).encode(),
            {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Accept-Language": "en"},
        )  # fmt: skip
        with urlopen(request, timeout=10) as answer:
            told = json.load(answer)
        self.kept = []
        return list(told.get("items", [told]))

    def try_to_send(self) -> bool:
        """Whether it got through; what the server refused stays with the device as well."""
        try:
            self.send()
        except URLError:  # a refusal of the server is one, too
            return False
        return True


@dataclass
class Scale(Device):
    """Weighs what a supplier brings."""

    address: str = "weights"


@dataclass
class Probe(Device):
    """Measures a refrigerator every few minutes."""

    address: str = "temperatures"


@dataclass
class Terminal(Device):
    """Takes the temperature of the kitchen's staff and asks how they are."""

    address: str = "morning-checks"

    def body(self) -> dict[str, Any]:
        """One morning check with everybody who came by."""
        checks = [{name: value for name, value in one.items() if name != "at"} for one in self.kept]
        return {"at": self.kept[-1]["at"], "checks": checks}
