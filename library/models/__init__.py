"""What people own: samples with their facts, tags, imports, edits, preferences."""

from library.models.edits import LibraryEdit
from library.models.imports import Import, ImportProblem
from library.models.preferences import Preferences
from library.models.running import SignInLink, WorkerBeat
from library.models.samples import CLASS_WORDS, Analysis, Sample, SampleClass, Tag
from library.models.tokens import ApiToken

__all__ = [
    "CLASS_WORDS",
    "Analysis",
    "ApiToken",
    "Import",
    "ImportProblem",
    "LibraryEdit",
    "Preferences",
    "Sample",
    "SampleClass",
    "SignInLink",
    "Tag",
    "WorkerBeat",
]
