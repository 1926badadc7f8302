"""`python -m bench.faults.smtp PORT FILE`: a mail server that keeps a line of every letter: number, to, subject."""

import json
import socketserver
import sys
import threading
from email import message_from_bytes, policy
from pathlib import Path

_lock = threading.Lock()


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 letters of fault tests")
        recipients: list[str] = []
        while line := self.rfile.readline():
            word, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            match word.upper():
                case "EHLO" | "HELO":
                    self._say("250 letters")
                case "RCPT":
                    recipients.append(rest.partition(":")[2].strip("<> "))
                    self._say("250 ok")
                case "DATA":
                    self._say("354 go on")
                    keep(self._letter(), recipients)
                    recipients = []
                    self._say("250 kept")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def keep(letter: bytes, recipients: list[str]) -> None:
    told = message_from_bytes(letter, policy=policy.default)
    line = {"number": str(told["Message-ID"]), "to": recipients, "subject": str(told["Subject"])}
    with _lock, Path(sys.argv[2]).open("a") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    with Server(("127.0.0.1", int(sys.argv[1])), Conversation) as server:
        server.serve_forever()
