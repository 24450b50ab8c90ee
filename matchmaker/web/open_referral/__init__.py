"""Open Referral UK v3 over HTTP: read by programs, without a key, from any site."""

from matchmaker.web.open_referral.views import blueprint

__all__ = ["blueprint"]
