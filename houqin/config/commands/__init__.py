"""The subjects of the command line; each calls the same verbs and queries as the pages."""
