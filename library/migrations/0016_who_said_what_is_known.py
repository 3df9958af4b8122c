"""Values from before sources were kept: guesses came from names, all else was a person's word.

Whether something loops had no mark of a guess. Names only ever said that it does, and nearly always
told a break or a tempo with it: where one of these is a guess, so is the loop.
"""

from django.db import migrations
from django.db.models import Q

VALUES = {
    "class": ~Q(sample_class=""),
    "bpm": Q(bpm__isnull=False),
    "key": ~Q(key=""),
}
BATCH = 5000


def _spans(samples):
    """Yield ranges of ids, so that no statement holds the table for long."""
    last = samples.order_by("-pk").values_list("pk", flat=True).first() or 0
    for first in range(0, last + 1, BATCH):
        yield samples.filter(pk__range=(first, first + BATCH - 1))


def say(apps, schema_editor):
    samples = apps.get_model("library", "Sample").objects.using(schema_editor.connection.alias)
    from_names = Q(sample_class="break", class_guessed=True) | Q(bpm__isnull=False, bpm_guessed=True)
    for some in _spans(samples):
        for name, has_value in VALUES.items():
            unsaid = some.filter(has_value, **{f"{name}_source": ""})
            unsaid.filter(**{f"{name}_guessed": True}).update(**{f"{name}_source": "name"})
            unsaid.filter(**{f"{name}_guessed": False}).update(
                **{f"{name}_source": "person", f"{name}_confidence": 1.0}
            )
        loops = some.filter(kind_source="")
        loops.filter(from_names, is_loop=True).update(kind_source="name", kind_guessed=True)
        loops.filter(is_loop__isnull=False, kind_source="").update(
            kind_source="person", kind_confidence=1.0
        )


def unsay(apps, schema_editor):
    samples = apps.get_model("library", "Sample").objects.using(schema_editor.connection.alias)
    empty = {f"{name}_source": "" for name in (*VALUES, "kind")}
    none = {f"{name}_confidence": None for name in (*VALUES, "kind")}
    for some in _spans(samples):
        some.update(kind_guessed=False, **empty, **none)


class Migration(migrations.Migration):
    dependencies = [("library", "0015_what_filters_count")]
    operations = [migrations.RunPython(say, unsay, elidable=False)]
