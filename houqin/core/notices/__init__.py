"""Notices to accounts: the inbox. Mail and messengers are transports added later."""
