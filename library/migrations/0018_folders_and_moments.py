"""Folders and moments are counted without the rows."""

from django.db import migrations, models


def index(column: str, name: str) -> migrations.AddIndex:
    return migrations.AddIndex(
        "sample", models.Index(fields=["owner", "deleted_at", column], name=name)
    )


class Migration(migrations.Migration):
    """Two indexes that hold all these counts ask for."""

    dependencies = [("library", "0017_imports_that_restore_nothing")]

    operations = [
        index("folder", "library_sample_folder"),
        index("added_at", "library_sample_added"),
    ]
