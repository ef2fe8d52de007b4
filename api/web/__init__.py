"""The few pages for people. Everything they load is in ``static/``, nothing comes from outside."""
