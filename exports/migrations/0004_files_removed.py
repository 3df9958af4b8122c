from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exports", "0003_trying_again")]

    operations = [
        migrations.AddField("export", "files_removed_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "export",
            models.Index(
                fields=["finished_at"],
                name="exports_export_files",
                condition=models.Q(files_removed_at=None),
            ),
        ),
    ]
