"""``python -m aswiki``: the same as the installed command."""

from __future__ import annotations

import sys

from aswiki.cli.main import main

sys.exit(main())
