"""What pages, programs and workers ask about generations, and how the database goes about it."""

from django.db import connection
from django.db.models import Min

from library.models import Generation, Prompt

SORTED = "sorts the few rows that are found"
WALKED = "reads every row of an index: it counts them"

QUERIES = {  # name: what is asked, and what the plan may hold beside searches in indexes
    "newest of everybody": (lambda _: list(Generation.objects.newest()[:50]), ""),
    "newest of a person": (lambda user: list(Generation.objects.owned_by(user).newest()[:50]), ""),
    "one by its key": (lambda user: Generation.objects.filter(pk=user.uuid).first(), ""),
    "one of a person": (
        lambda user: Generation.objects.owned_by(user).filter(pk=user.uuid).exists(), "",
    ),
    "pending": (lambda _: list(Generation.objects.pending()[:50]), SORTED),
    "pending of a person": (lambda user: list(Generation.objects.owned_by(user).pending()), SORTED),
    "processing": (lambda _: list(Generation.objects.processing()), ""),
    "completed, a page": (lambda _: list(Generation.objects.completed(50, 500)), ""),
    "completed of a person, a page": (
        lambda user: list(Generation.objects.owned_by(user).completed(50, 500)), "",
    ),
    "failed of a person": (lambda user: list(Generation.objects.owned_by(user).failed()[:50]), ""),
    "counts of a person": (lambda user: Generation.objects.owned_by(user).counts(), ""),
    "counts": (lambda _: Generation.objects.counts(), WALKED),
    "statistics of a person": (lambda user: Generation.objects.owned_by(user).statistics(), ""),
    "who refers to a file": (
        lambda _: Generation.objects.filter(audio_file="2026/01/02/x.wav").exists(), "",
    ),
    "of a sample": (lambda _: list(Generation.objects.filter(sample=1)), SORTED),
    "what a worker claims": (
        lambda _: list(Generation.objects.ready().values_list("pk", "attempts")[:16]), SORTED,
    ),
    "whether a worker is needed": (lambda _: Generation.objects.ready().exists(), ""),
    "the longest wait": (lambda _: Generation.objects.ready().aggregate(Min("queued_at")), ""),
    "what a worker held": (lambda _: Generation.objects.free("here:1"), ""),
    "most used prompts": (lambda user: list(Prompt.objects.owned_by(user).most_used()[:20]), ""),
    "a use of a prompt": (lambda user: Prompt.objects.record(user, "kick"), ""),
}  # fmt: skip


def plans(ask):
    """Return the plans of the queries that are asked, as one text each."""
    asked = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        ask()
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    found = []
    with connection.cursor() as cursor:
        for sql, params in asked:
            if sql.startswith(("SELECT", "UPDATE")):
                cursor.execute(f"{explain} {sql}", params)
                found.append("\n".join(str(line[-1]) for line in cursor.fetchall()))
    return found
