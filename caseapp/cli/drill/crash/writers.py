"""Whoever writes while processes are killed: what was sent under which key, what was answered, what has still to be asked again."""

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any

PAUSE = 0.02  # seconds between two calls of one writer
TIMEOUT = 30.0


@dataclass
class Call:
    """One write under a key of its own. `answer` is what the first 201 said; without one it is sent again until there is one."""

    key: str
    kind: str  # client visit round
    path: str
    body: dict[str, Any]
    answer: dict[str, Any] | None = None
    again: int = 0  # how often it had to be sent once more


@dataclass
class Writer:
    """One who is signed in and writes, one call after the other; a person first, then visits to who was answered for."""

    port: int
    name: str
    token: str
    seed: int
    residence: str
    calls: list[Call] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    refused: int = 0  # answers 503: the database was away
    cut: int = 0  # no answer at all
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._people: list[str] = []
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Writes until it is stopped."""
        self.stopping.clear()
        self._thread = threading.Thread(target=self._run, name=f"writer {self.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends once every call has its answer: the server must be there."""
        self.stopping.set()
        if self._thread is not None:
            self._thread.join()

    def acknowledged(self) -> list[Call]:
        """What was answered with 201."""
        return [call for call in self.calls if call.answer is not None]

    def _run(self) -> None:
        while not self.stopping.is_set():
            call = self._next()
            self.calls.append(call)
            while not self._send(call):
                if self.faults:
                    return
                call.again += 1
                time.sleep(0.1)
            if call.kind == "client" and call.answer is not None:
                self._people.append(call.answer["id"])
            time.sleep(PAUSE)

    def _next(self) -> Call:
        key = f"drill-{self.name}-{self.seed}-{len(self.calls)}"
        what = self._dice.random()
        if what < 0.3 or len(self._people) < 2:
            facts = {
                "sex": self._dice.choice("12"),
                "birth": "1945-03-02",
                "residence_code": self.residence,
                "tags": ["EL02"],
                "no_document_reason": "lost",
            }
            return Call(key, "client", "/api/v1/clients", {"name": _name(len(self.calls)), "address": key, **facts})
        seen = {"happened_on": date.today().isoformat(), "kind": "home", "minutes": 30, "services": ["B1.1"]}
        if what < 0.8:
            body = {**seen, "outcome": "done", "note": key}
            return Call(key, "visit", f"/api/v1/clients/{self._dice.choice(self._people)}/visits", body)
        two = [{"client_id": person, "outcome": "done", "note": key} for person in self._dice.sample(self._people, 2)]
        return Call(key, "round", "/api/v1/visits/round", {**seen, "persons": two})

    def _send(self, call: Call) -> bool:
        """Whether it is answered for good; a refusal that no outage explains is a fault."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Idempotency-Key": call.key}
            connection.request("POST", call.path, json.dumps(call.body), headers)
            answer = connection.getresponse()
            said = answer.read()
            connection.close()
        except (OSError, http.client.HTTPException):
            self.cut += 1
            return False
        if answer.status == 201:
            call.answer = json.loads(said)
            return True
        if answer.status == 503:
            self.refused += 1
            return False
        self.faults.append(f"{call.kind} was answered with {answer.status}: {said[:300]!r}")
        return False


def _name(number: int) -> str:
    """Letters only, as a name must be."""
    return "Drill " + "".join(chr(ord("a") + int(digit)) for digit in str(number))


def signed_in(port: int, username: str, password: str) -> str:
    """A token; RuntimeError with the answer where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    body = json.dumps({"username": username, "password": password})
    connection.request("POST", "/api/v1/tokens", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"{username} could not sign in: {answer.status} {said[:200]!r}")
    token: str = json.loads(said)["token"]
    return token
