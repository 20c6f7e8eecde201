"""Garbage at every door: whatever is sent, the answer is a page, never a broken one and never one that takes long.

``make fuzz`` runs it on the world of ``tests/matrix``; a short run with a fixed seed is a test (``tests/matrix/test_garbage.py``).
"""
