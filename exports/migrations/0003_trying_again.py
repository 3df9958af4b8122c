from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exports", "0002_when_a_job_was_queued")]

    operations = [
        migrations.AddField("export", "seconds_before", models.FloatField(default=0)),
        migrations.AddField("export", "accepted_at", models.DateTimeField(null=True)),
    ]
