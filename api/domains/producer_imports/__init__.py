"""Files of producers: registered, completed or corrected by the organisation's own code.

An empty cell leaves a value as it is. Another document is a correction of one person, not of a
list: it is refused here and made with a PATCH. A file may name a cluster, whose members the
producers then are.
"""
