"""A network of this process's own, in which only its children listen, and a door into it from this machine.

Milvus 2.3 listens on every interface; no setting binds it to one. In a network namespace whose only interface is the
loopback nothing outside reaches it. A socket belongs to the namespace it was made in, so the door is opened before.
"""

import ctypes
import fcntl
import os
import socket
import struct
import threading
from pathlib import Path

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS = 0x8914
IFF_UP = 1

PIECE = 1 << 16
"""Bytes that pass the door at once."""


def open_door() -> socket.socket:
    """Return a socket that listens on a free port of this machine's loopback."""
    return socket.create_server(("127.0.0.1", 0), backlog=128)


def enter_own_network() -> None:
    """Leave the machine's network for a new one with nothing but a loopback; call it before any thread starts.

    Raises:
        OSError: this system lets us make none.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET) != 0:
        # Only root may do that; others may as root of a user namespace of their own, where the system lets them.
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            error = ctypes.get_errno()
            raise OSError(error, f"no network of its own ({os.strerror(error)}); run as root or allow user namespaces")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))


def serve_door(door: socket.socket, port: int) -> None:
    """Pass everything that knocks on to a port of the own network, in threads that end with the process."""
    threading.Thread(target=_answer, args=(door, port), daemon=True).start()


def _answer(door: socket.socket, port: int) -> None:
    while True:
        outside, _ = door.accept()
        try:
            inside = socket.create_connection(("127.0.0.1", port))
        except OSError:
            outside.close()
            continue
        for end in (outside, inside):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for source, target in ((outside, inside), (inside, outside)):
            threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(PIECE):
            target.sendall(piece)
    except OSError:
        pass  # one side hung up; the other is told below
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue
