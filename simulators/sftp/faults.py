"""The bad days of a file exchange. Switched as those of the web simulators are, but other things go wrong."""

from simulators.kit.faults import Call, Faults

AT_AN_OPERATION = ("hang", "reset", "denied", "unmounted")
"""At any operation on a path: no reply, the connection dropped, permission denied, a share that is not there."""

AT_A_READ = ("drip", "huge")
"""From the opening of a file to read: one byte every now and then; bytes without end."""

AT_A_WRITE = ("disk_full", "short_write")
"""From the opening of a file to write: a failure; no failure, but nothing more is kept."""

AT_THE_MARKER = "reset_after_commit"
"""The set is handed over, and the connection dropped before the reply."""

AT_SIGN_IN = "auth_expired"
"""The key is refused. Takes no path: set it with `on="any"` or `on="read"`."""

AT_THE_ANSWER = ("no_answer", "partial_answer", "garbage", "login_page")
"""Filed or refused, but: no answer ever; in two parts under its final name; cut short for good; a web page."""

NAMES = (*AT_AN_OPERATION, *AT_A_READ, *AT_A_WRITE, AT_THE_MARKER, AT_SIGN_IN, *AT_THE_ANSWER)


class FileFaults(Faults):
    """`set(name, times=1, on="any", after=0)`, `clear()`. `more` names faults of one exchange alone.

    `on` is any, read, write or the beginning of a path below the root, such as `/in`. Reading is: stat, opening to
    read, listing, signing in. For faults of the answer the path is the answer's, and `on="read"` never meets one.
    """

    def __init__(self, *more: str) -> None:
        super().__init__()
        self.names = (*NAMES, *more)

    def meets(self, path: str, names: tuple[str, ...], *, is_read: bool) -> str | None:
        """The one of these faults that this operation must meet, used up once."""
        return self.take(Call((path,), is_read), names)
