"""The cost of a password's hash, chosen on purpose: 46 MiB and 0.1 s of one core, above the least that OWASP asks of Argon2id
(46 MiB, one pass). Django's own parameters take twice the time and twice the memory of a sign-in, which is what an attacker
who only wants to keep the site busy would use; guessing is held down by the throttle in front of it.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 47_104
    parallelism = 1
