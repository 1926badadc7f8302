"""Become another program, after giving up what that program must not have.

    python -I child.py [--without-root | --as-user UID:GID] [--ends-with-parent SIGNAL:PID] program [argument …]

`--without-root`      in a user namespace of its own, where root of this machine is nobody in particular
`--as-user`           as another user, for machines that do not allow the former
`--ends-with-parent`  the kernel sends SIGNAL to the program as soon as its parent PID ends, however it ends

A program of its own, because the alternative (`preexec_fn`) may deadlock beside threads and is refused at interpreter
exit. It imports the standard library only, so that it starts in milliseconds.
"""

import ctypes
import os
import signal
import sys

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NAMESPACE_REFUSED = 97
PARENT_IS_GONE = 98


def main(arguments: list[str]) -> None:
    while arguments and arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--without-root":
            enter_user_namespace()
        elif option == "--as-user":
            become(*map(int, arguments.pop(0).split(":")))
        elif option == "--ends-with-parent":
            end_with_parent(*map(int, arguments.pop(0).split(":")))
        else:
            sys.exit(f"child.py: unknown option {option}")
    os.execv(arguments[0], arguments)


def enter_user_namespace() -> None:
    """Leave the user namespace of the machine, or exit with NAMESPACE_REFUSED (containers often forbid it)."""
    if not sys.platform.startswith("linux"):
        os._exit(NAMESPACE_REFUSED)
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        os._exit(NAMESPACE_REFUSED)


def become(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def end_with_parent(number: int, parent: int) -> None:
    """Ask for `number` at the parent's end. Comes after a change of user, which would clear the request.

    The parent may have ended before the request was made, therefore it is looked at afterwards.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.Signals(number))
    if os.getppid() != parent:
        os._exit(PARENT_IS_GONE)


if __name__ == "__main__":
    main(sys.argv[1:])
