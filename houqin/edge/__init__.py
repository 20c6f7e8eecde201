"""Where the house meets other machines: programs, devices and systems of other offices."""
