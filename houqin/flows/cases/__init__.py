"""Cases: what several people work through by steps and deadlines, from its opening to its outcome."""
