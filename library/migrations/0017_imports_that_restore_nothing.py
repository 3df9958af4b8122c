"""Imports that nobody asked for by hand leave the trash alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column, true for all there are."""

    dependencies = [("library", "0016_who_said_what_is_known")]

    operations = [
        migrations.AddField("import", "restores", models.BooleanField(default=True)),
    ]
