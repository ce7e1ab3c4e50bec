"""The errors litmine raises on purpose. Their messages are sentences a curator understands."""


class LitmineError(Exception):
    """Something the user can mend. The message says what, where and how."""


class ReadingError(LitmineError):
    """A document could not be read: damaged, locked, empty, or of a kind litmine does not read."""


class SettingsError(LitmineError):
    """A settings file holds an unknown name or an impossible value."""


class GoldError(LitmineError):
    """A gold set is missing, breaks its format, or contradicts itself."""


class StoreError(LitmineError):
    """A run folder or result store is missing or incomplete."""


class GateError(LitmineError):
    """A score that a run must reach is named in a way that cannot be read."""
