"""Take a database with rows in it back through every migration and forward again.

    DJANGO_SETTINGS_MODULE=tests.settings python -m tests.library.there_and_back

Prints a line of JSON for each migration: its name; `gone`, the tables that its way back took away;
`changed`, what the others then held otherwise, in the columns that both schemas know. The newest
of each app go forward and back once more, and so do those that change rows: `again` is what the
way forward changed, `same` whether the schema was what it had been. The last line is about the
whole way forward.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import django

APPS = ("library", "kits", "exports")
SEARCH = "library_search"  # the full-text index: whoever migrates mends it afterwards
Rows = dict[str, list[dict[str, Any]]]


def fill() -> None:
    """Make rows of all kinds that refer to each other."""
    from tests import factories as make

    user = make.UserFactory()
    kick = make.SampleFactory(owner=user, stored=True, tags=["dusty"])
    make.SampleFactory(owner=user, loop=True, guessed=True, key="Am", trashed=True)
    make.GenerationFactory(user=user, completed=True, sample=kick)
    make.GenerationFactory(user=user, waiting=True)
    make.AnalysisFactory(sample=kick, done=True)
    make.ImportProblemFactory(batch__owner=user)
    make.PreferencesFactory(user=user)
    make.KitFactory(owner=user, filled=3)
    make.ExportItemFactory(export__owner=user, sample=kick, done=True)


def schema(*kinds: str) -> dict[str, list[str]]:
    """Return the columns, constraints, indexes and triggers of each table, as SQLite keeps them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        # A table that was built anew has its columns in another order.
        return {name: sorted(sql.split(", ")) for kind, name, sql in cursor if kind in kinds}


def rows() -> Rows:
    """Return what our tables hold."""
    from django.db import connection

    found: Rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(APPS) and not table.startswith(SEARCH):
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1, 2')  # noqa: S608
                names = [column[0] for column in cursor.description]
                found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def changed(one: Rows, other: Rows) -> list[str]:
    """Return the columns that both know and that differ, and tables with fewer or more rows."""
    found = []
    for table in one.keys() & other.keys():
        if len(one[table]) != len(other[table]):
            found.append(table)
            continue
        for before, after in zip(one[table], other[table], strict=True):
            found += [
                f"{table}.{name}"
                for name in before.keys() & after.keys()
                if before[name] != after[name]
            ]
    return sorted(set(found))


def journey() -> Iterator[dict[str, Any]]:
    """Go back step by step, and some steps forward and back once more."""
    from django.db import connection
    from django.db.migrations import RunPython
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.state import ProjectState

    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    plan = [migration for migration, _ in executor.migration_plan(newest, clean_start=True)]
    # `executor.migrate` would work these out anew for each step: a third of the time of all.
    states = [ProjectState()]
    for migration in plan:
        states.append(migration.mutate_state(states[-1], preserve=True))
    for migration, state in reversed(list(zip(plan, states, strict=False))):
        here = (migration.app_label, migration.name)
        if here[0] not in APPS:
            continue
        state.apps  # noqa: B018 - once, not at each operation
        then, drawn = rows(), schema("table", "index")
        executor.unapply_migration(state, migration)
        now = rows()
        step = {
            "name": ".".join(here),
            "gone": sorted(then.keys() - now.keys()),
            "changed": changed(then, now),
        }
        if here in newest or any(isinstance(act, RunPython) for act in migration.operations):
            executor.apply_migration(state.clone(), migration)
            step |= {"again": changed(now, rows()), "same": schema("table", "index") == drawn}
            executor.unapply_migration(state, migration)
        yield step


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    whole = schema("table", "index", "trigger")
    fill()
    for step in journey():
        sys.stdout.write(f"{json.dumps(step)}\n")
    left = sorted(rows())
    call_command("migrate", verbosity=0)
    end = {"left": left, "same": schema("table", "index", "trigger") == whole}
    sys.stdout.write(f"{json.dumps(end)}\n")
