from django.db import migrations, models


def measure_again(apps, schema_editor):
    """Queue what was measured before anybody compared two channels."""
    analyses = apps.get_model('library', 'Analysis').objects.filter(state='completed')
    stereo = analyses.filter(sample__channels=2)
    stereo.update(state='pending', attempts=0, finished_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0010_tempo_folders'),
    ]

    operations = [
        migrations.AddField(
            model_name='sample',
            name='channels_equal',
            field=models.BooleanField(editable=False, null=True),
        ),
        migrations.RunPython(measure_again, migrations.RunPython.noop, elidable=True),
    ]
