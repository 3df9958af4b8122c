"""Tell what the generations came to."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from library.management.owners import owner
from library.models import Generation, Prompt
from library.storage import megabytes

MOST = 5  # prompts that are named


class Command(BaseCommand):
    """Count, add up, print."""

    help = (
        "Counts generations by state, and adds up their sound, bytes and time. One person's are "
        "told with the prompts that were used most."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the person and how to tell."""
        parser.add_argument(
            "--user", "--owner", metavar="NAME", help="one person's (default: everybody's)"
        )
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Print the figures; prompts only of the one person they belong to."""
        rows, prompts = Generation.objects.all(), Prompt.objects.none()
        if given["user"]:
            person = owner(given["user"])
            rows = rows.owned_by(person)
            prompts = Prompt.objects.owned_by(person).most_used()[:MOST]
        found = rows.statistics()
        most = [{"text": prompt.text, "used_count": prompt.used_count} for prompt in prompts]
        if given["json"]:
            figures = {"total": found.total, **asdict(found), "most_used_prompts": most}
            self.stdout.write(json.dumps(figures))
            return
        states = ", ".join(f"{count} {state}" for state, count in found.states.items())
        self.stdout.write(f"{found.total} generations: {states}.")
        mean = "" if found.mean_seconds is None else f", made in {found.mean_seconds:.2f} s each"
        self.stdout.write(
            f"{found.audio_seconds:.1f} s of sound in {megabytes(found.size_bytes)}{mean}."
        )
        for prompt in most:
            self.stdout.write(f"{prompt['used_count']} × {prompt['text']}")
