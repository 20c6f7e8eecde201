"""Ledgers 台账: what is written down, declared in a catalogue, entered on a phone, sealed, printed."""
