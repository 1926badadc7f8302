"""`python -m bench.faults.cable PORT TARGET CONTROL LOG`: a TCP cable that can be slow, cut, or cut in mid-answer.

CONTROL is a file with one word, read for each new connection and each piece that passes: `well`, `cut` (nobody
answers), `half` (an answer ends in its middle), `slow` (each piece waits a second). LOG gets a line for every request:
the moment and its first line.
"""

import contextlib
import socket
import sys
import threading
import time
from pathlib import Path

PIECE_BYTES = 65_536
SLOW_S = 1.0


def main() -> None:
    port, target, control, log = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4])
    listener = socket.create_server(("127.0.0.1", port), backlog=256)
    while True:
        client, _ = listener.accept()
        if _word(control) == "cut":
            client.close()
            continue
        threading.Thread(target=_join, args=[client, target, control, log], daemon=True).start()


def _join(client: socket.socket, target: int, control: Path, log: Path) -> None:
    try:
        server = socket.create_connection(("127.0.0.1", target), timeout=5)
    except OSError:
        client.close()
        return
    server.settimeout(None)
    back = threading.Thread(target=_carry, args=[server, client, control, None], daemon=True)
    back.start()
    _carry(client, server, control, log)


def _carry(source: socket.socket, sink: socket.socket, control: Path, log: Path | None) -> None:
    try:
        while piece := source.recv(PIECE_BYTES):
            word = _word(control)
            if log is not None and b" HTTP/1." in piece[:4096]:
                with log.open("ab") as lines:
                    lines.write(f"{time.time():.3f} ".encode() + piece.split(b"\r\n", 1)[0] + b"\n")
            if word == "slow":
                time.sleep(SLOW_S)
            if word == "cut":
                break
            if word == "half" and log is None:
                sink.sendall(piece[: len(piece) // 2])
                break
            sink.sendall(piece)
    except OSError:
        pass
    for each in (source, sink):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


def _word(control: Path) -> str:
    try:
        return control.read_text()
    except FileNotFoundError:
        return "well"


if __name__ == "__main__":
    main()
