"""A made-up city for tests: the same arguments give the same bytes.

All people are invented; mobile numbers use segments (142, 154, 194) that are not issued.
"""

from tests.city.make import Made, make_city

__all__ = ["Made", "make_city"]
