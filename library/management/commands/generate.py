"""Make a sound from words."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from ninja.responses import NinjaJSONEncoder
from tqdm import tqdm

from library import generate, labour
from library.generate import AskError
from library.generations_api import GenerationOut
from library.jobs import State
from library.management.owners import add_owner, owner
from library.models import Generation
from library.stand_in import StandIn

PATIENCE = 0.2  # seconds between two looks


class Command(BaseCommand):
    """Ask for the sound; running workers make it, and without any a child of this process."""

    help = "Makes a sound from words and puts it into the library. Ctrl-C takes it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the words, the length, the model, the seed, the person, and how to tell."""
        parser.add_argument("prompt", help="what it should sound like")
        parser.add_argument(
            "--seconds",
            type=float,
            default=generate.USUAL,
            help=f"its length (default: {generate.USUAL:g})",
        )
        parser.add_argument("--engine", default="", metavar="NAME", help="the model that makes it")
        parser.add_argument("--seed", type=int, help="the same seed makes the same sound again")
        add_owner(parser)
        parser.add_argument("--json", action="store_true", help="print what the API tells of it")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Ask, wait, and say what came of it."""
        try:
            generation = generate.ask(
                owner(given["owner"]),
                given["prompt"],
                duration=given["seconds"],
                engine=given["engine"],
                seed=given["seed"],
            )
        except AskError as reason:
            raise CommandError(str(reason)) from reason
        try:
            _wait(generation)
        except KeyboardInterrupt:
            generate.cancel(generation)
            raise
        if given["json"]:
            facts = GenerationOut.from_orm(generation).model_dump()
            self.stdout.write(json.dumps(facts, ensure_ascii=False, cls=NinjaJSONEncoder))
        if not generation.is_completed:
            raise CommandError(_why_not(generation))
        if not given["json"]:
            self.stdout.write(_told(generation))


def _wait(generation: Generation) -> None:
    """Show how far it is until it ends, or waits for the disk; raises CommandError when deleted."""
    with (
        StandIn(lambda name: labour.work_at("generations", name, pk=generation.pk)) as stand_in,
        tqdm(bar_format="{desc}, {elapsed}", disable=None, leave=False) as bar,
    ):
        while not generation.is_finished and generation.state != State.WAITING:
            bar.set_description_str(generation.get_state_display())
            stand_in.look()
            time.sleep(PATIENCE)
            try:
                generation.refresh_from_db()
            except Generation.DoesNotExist as gone:
                raise CommandError("It was cancelled.") from gone


def _why_not(generation: Generation) -> str:
    if generation.state == State.WAITING:
        return f"{generation.error} It is tried again by itself while Padcrate runs."
    return generation.error


def _told(generation: Generation) -> str:
    loudness = generation.metadata.get("loudness_lufs")
    level = "silence" if loudness is None else f"{loudness:.1f} LUFS"
    return (
        f"{generation.prompt}: {generation.duration:.2f} s, {level}, made by "
        f"{generation.model_name} in {generation.generation_seconds:.1f} s. "
        f"It is in the library as sound {generation.sample_id}."
    )
