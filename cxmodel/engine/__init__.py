"""One run: SimPy decides when things happen and who waits, whole columns of customers decide how it felt.

The only room that knows SimPy. `docs/mechanics.md` says what happens when; the oracle in the tests says it in slow
code.
"""
