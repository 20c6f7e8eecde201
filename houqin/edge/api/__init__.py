"""The open door: what programs, devices and other systems read and do, by the same verbs as people."""
