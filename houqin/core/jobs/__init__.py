"""Work that may be left: enqueued in the verb's own transaction, run by ``houqin worker``, retried three times."""
