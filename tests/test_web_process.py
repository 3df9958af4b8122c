"""What the web process loads: every view, and nothing that only workers need."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_it_never_loads_what_analyses_or_decodes():
    code = (
        "import sys, sp404site.wsgi\n"
        "from django.urls import get_resolver\n"
        "assert len(get_resolver().url_patterns) > 5\n"
        "[pattern.url_patterns for pattern in get_resolver().url_patterns"
        " if hasattr(pattern, 'url_patterns')]\n"
        "print(sorted({'librosa', 'numba', 'scipy', 'sklearn', 'av'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
