"""Words of offers: what the search knows, and what a misspelt word was meant to be.

Tables: ``offer_words`` and ``offer_word_slips``, which grow when a catalogue is published.
"""
