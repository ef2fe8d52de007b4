"""The ledger: every transaction once, in one order, and provably unchanged.

What: an entry per recorded event, written in the transaction that caused it; a sequencer gives
entries gap-free positions, grows a Merkle tree over them and signs checkpoints of it. Entries hold
ids, quantities, amounts and dates, never personal data, so a person can be erased and the ledger
still verifies.
States: an entry is committed, then sequenced; it is never changed and never removed.
Who: every service records through its unit of work; whoever may read an entry may have its proof;
anybody with an export and the public key can verify it (``rules.verify_log``).
Why it is built so: docs/decisions/0004-ledger.md.
"""
