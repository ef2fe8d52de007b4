"""The demonstration: organisations, people and land that never existed, and the story they play.

``seed``     fills an empty installation through the rooms' services, all of it or nothing
``story``    plays the platform's whole story over HTTP, as partner apps would

Every name is invented; document numbers and RUCs have valid forms in ranges that nobody was given.
"""
