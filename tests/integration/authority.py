"""A lab under a commune's authority."""

import sys

from harness import ROOT, LabTest

sys.path.insert(0, str(ROOT / "scripts/lib"))
from commune import Commune, run  # noqa: E402,F401


class AuthorityTest(LabTest):
    def setUp(self):
        super().setUp()
        self.commune = Commune(self.lab)
        self.authority = self.commune.authority
