"""How passwords are kept: Argon2id. Hashes of before are made anew when their owner signs in."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """The least that OWASP asks for, 19 MB and two passes: every thread of the web may be at it at the same time."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
