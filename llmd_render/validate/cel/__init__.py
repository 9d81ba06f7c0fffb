"""The rules in CEL that a CRD may carry, judged as the API server judges them on create."""

from .missing import gather_missing
from .walk import CelReport, check_rules

__all__ = ["CelReport", "check_rules", "gather_missing"]
