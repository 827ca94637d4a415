"""``python -m tests.flows.screenshots``: takes the README's pictures anew, into ``docs/screenshots/``; the names of
some as arguments take those alone.

They are taken by pytest for its servers and its rollback; the file is not collected with the tests.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from config import home, testing

if __name__ == "__main__":
    os.chdir(home.CHECKOUT)
    os.environ["PICTURES"] = " ".join(sys.argv[1:])
    sys.exit(testing.main([str(Path(__file__).with_name("pictures.py")), "-n", "0", "-q"]))
