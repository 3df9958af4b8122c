"""What a model has to tell of a sound is told with it."""

import pytest

from library import generate, labour

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("blorp", "No word of this names a sound that Padcrate synth knows: it is one by chance."),
        ("snare 4 bars", "4 bars at 120 BPM last 8.0 s: it has fewer."),
        ("snare", None),
    ],
)
def test_a_sound_by_chance_says_so(user, settings, prompt, note):
    settings.GENERATION_ENGINES = ["library.engines.synthesiser.Synthesiser"]
    asked = generate.ask(user, prompt, duration=0.5)
    (source,) = (known for known in labour.SOURCES if known.name == "generations")
    labour.run(source, source.rows().claim("here:1"))
    asked.refresh_from_db()
    assert asked.state == "completed"
    assert asked.metadata.get("note") == note
