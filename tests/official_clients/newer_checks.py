"""The checks of the operations that only the new generation of the official client has."""


class NewerChecks:
    """One check for each group of operations; a check tries the operations that it names."""

    def __init__(self, gateway, info):
        self.gateway, self.info = gateway, info
