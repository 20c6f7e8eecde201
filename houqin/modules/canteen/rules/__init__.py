"""Pure rules of the chain: numbers in, decision out, no database."""
