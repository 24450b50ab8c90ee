"""A made-up world to try Matchmaker with: people, organisations, and a year of introductions."""

from matchmaker.demo.loader import DemoRefused, Loaded, load_demo
from matchmaker.demo.sign_ins import (
    DEMO_DOMAIN,
    DEMO_PASSWORD,
    DEMO_SIGN_INS,
    DemoSignIn,
    list_demo_sign_ins,
)
from matchmaker.demo.year import load_year

__all__ = [
    "DEMO_DOMAIN",
    "DEMO_PASSWORD",
    "DEMO_SIGN_INS",
    "DemoRefused",
    "DemoSignIn",
    "Loaded",
    "list_demo_sign_ins",
    "load_demo",
    "load_year",
]
