"""Second factors lie enciphered in a table of allauth's: the key of a phone, and what the codes on paper are drawn from."""

from allauth.mfa.models import Authenticator

from houqin.core.tables.ciphers import keeps

SECOND_FACTOR = "second factor"

keeps(Authenticator, "data", use=SECOND_FACTOR, names=frozenset({"secret", "seed", "migrated_codes"}))
