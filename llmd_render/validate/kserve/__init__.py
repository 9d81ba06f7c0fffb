"""What KServe's own admission webhooks check, which no schema says and no server need be asked."""

from .release import RELEASES, KServeRelease
from .subject import ALPHA2, GROUP, POD_SPECS
from .webhook import RULES, check_kserve

__all__ = ["ALPHA2", "GROUP", "POD_SPECS", "RELEASES", "RULES", "KServeRelease", "check_kserve"]
