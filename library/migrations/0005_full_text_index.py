"""Make the full-text index of the search field, where the database is SQLite."""

from django.db import migrations

from library import search


def make(apps, schema_editor):
    search.install(schema_editor.connection)


def unmake(apps, schema_editor):
    search.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0004_search_and_imports'),
    ]

    operations = [
        migrations.RunPython(make, unmake),
    ]
