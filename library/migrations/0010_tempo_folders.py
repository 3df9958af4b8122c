from django.db import migrations, models

import library.tempo_folders


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0009_retention_days'),
    ]

    operations = [
        migrations.AddField(
            model_name='preferences',
            name='bpm_bounds',
            field=models.JSONField(default=library.tempo_folders.usual, validators=[library.tempo_folders.check], verbose_name='tempos at which folders begin'),
        ),
    ]
