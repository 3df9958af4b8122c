from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('library', '0014_watched_folders_and_trash'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='sample',
            name='library_sample_facets',
        ),
        migrations.AddIndex(
            model_name='sample',
            index=models.Index(fields=['owner', 'deleted_at', 'sample_class', 'key', 'genre', 'format', 'bpm', 'seconds', 'is_loop', 'is_favourite', 'is_missing', 'class_guessed', 'bpm_guessed', 'key_guessed', 'kind_guessed', 'channels'], name='library_sample_facets'),
        ),
        migrations.AddIndex(
            model_name='sample',
            index=models.Index(condition=models.Q(('is_favourite', True)), fields=['owner', 'deleted_at', '-id'], name='library_sample_favourites'),
        ),
        migrations.AddIndex(
            model_name='sample',
            index=models.Index(condition=models.Q(('licence__gt', '')), fields=['licence'], name='library_sample_licence'),
        ),
    ]
