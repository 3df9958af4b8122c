"""What people own: samples with their facts, tags, imports, edits, preferences."""

from library.models.analyses import Analysis
from library.models.crates import Crate
from library.models.edits import LibraryEdit
from library.models.generations import Generation, TransitionError
from library.models.hearing import Hearing
from library.models.imports import Import, ImportProblem
from library.models.leftovers import Leftover, MadeFile
from library.models.packs import Pack
from library.models.preferences import Preferences
from library.models.prompts import Prompt
from library.models.running import SignInLink, WorkerBeat
from library.models.samples import CLASS_WORDS, Sample, SampleClass, Source, Tag
from library.models.tokens import ApiToken
from library.models.watch import WatchedFile, WatchedFolder

__all__ = [
    "CLASS_WORDS",
    "Analysis",
    "ApiToken",
    "Crate",
    "Generation",
    "Hearing",
    "Import",
    "ImportProblem",
    "Leftover",
    "LibraryEdit",
    "MadeFile",
    "Pack",
    "Preferences",
    "Prompt",
    "Sample",
    "SampleClass",
    "SignInLink",
    "Source",
    "Tag",
    "TransitionError",
    "WatchedFile",
    "WatchedFolder",
    "WorkerBeat",
]
