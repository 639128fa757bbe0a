"""What goes wrong, in classes. Each message is one plain sentence: what, where, what to do.

Where a sentence names an option of the tool, as ``--force``, the keyword of the same name is meant.
"""

__all__ = ["ExistsError", "InvalidError", "OperationalError", "UnsupportedError", "UsageError", "ZkimgError"]


class ZkimgError(Exception):
    """Anything that goes wrong here. ``exit_code`` is the one that the tool has for it."""

    exit_code = 4


class InvalidError(ZkimgError):
    """A chain that does not hold where it is to be continued. A *picture* that does not hold is a report, and no error."""

    exit_code = 1


class UsageError(ZkimgError, ValueError):
    """What was asked for is wrong: an edit, a value, things that do not go together."""

    exit_code = 2


class UnsupportedError(ZkimgError, ValueError):
    """No proof, or a file of a kind or version that cannot be read."""

    exit_code = 3


class OperationalError(ZkimgError, OSError):
    """The computer said no: a missing file, no permission, a full disk."""

    exit_code = 4


class ExistsError(ZkimgError, FileExistsError):
    """A file exists already and was not touched; ``force=True`` replaces it."""

    exit_code = 6
