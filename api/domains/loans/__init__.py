"""Loans: an accepted application's money, out and back.

Tables: ``loans``, ``loan_movements``. States: approved, active, settled, written_off
(``states.py``). Who acts: the credit institution reports disbursements, repayments and write-off;
the borrower's organisation reads; deliveries report retentions.

The institution's core system is the book of record: the platform mirrors it and says when the
two disagree. Pure files: ``account`` (what a loan is made of), ``allocation`` (what a repayment
pays), ``arrears`` (SBS classes), ``accrual``, ``early_repayment``, and ``rules`` (the position of
a loan on a day). Decision: 0006.
"""
