"""Answers to orders: the supplier takes lines on, declines them or proposes substitutes; the buyer
answers the proposals or gives up; what nobody answers in time, the platform ends.

Tables: ``order_substitutes``, and those of the room ``orders``. Stock and plan lines follow: what
is declined is free at once; what is proposed keeps what its line reserved until the buyer answers,
and reserves its own then.
"""
