"""The factories themselves: what other tests take for granted."""

from pathlib import Path

import soundfile
from django.conf import settings

from library import storage
from library.models import Sample
from tests import factories


def test_a_stored_sample_has_its_sound_in_the_tests_own_folder(db, media):
    sample = factories.SampleFactory(stored=True, tags=["dusty", "warm"])
    with storage.local(sample.blob) as path:
        assert path.is_relative_to(media)
        assert soundfile.info(path).samplerate == 44_100
        assert path.stat().st_size == sample.size_bytes
    assert sorted(sample.tags.values_list("name", flat=True)) == ["dusty", "warm"]


def test_every_trait_makes_a_row_the_database_takes(db):
    for trait in ("new", "trashed", "missing", "guessed", "loop", "hires", "float32", "stereo"):
        factories.SampleFactory(**{trait: True})
    assert Sample.objects.trashed().count() == 1
    kit = factories.KitFactory(filled=3)
    assert [pad.sample.owner for pad in kit.pads.all()] == [kit.owner] * 3
    item = factories.ExportItemFactory(done=True)
    assert item.sample.owner == item.export.owner


def test_tests_never_touch_the_real_data_folder():
    assert settings.DATA_DIR != settings.BASE_DIR / "data"
    assert Path(settings.DATABASES["default"]["NAME"]).parent == settings.DATA_DIR
