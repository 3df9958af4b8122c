"""Tags by name: one of each for a person, whatever its case and however many ask at once."""

from library.models import Tag
from library.models.samples import TagQuerySet
from tests.factories import TagFactory


def test_names_are_found_whatever_their_case_and_made_once(user, stranger):
    TagFactory(owner=stranger, name="tape")
    dusty = TagFactory(owner=user, name="Dusty")
    tags = Tag.objects.named(user, ["dusty", "tape", " TAPE ", "", "two  words", "x" * 60])
    assert tags[0] == dusty
    assert [tag.name for tag in tags] == ["Dusty", "TAPE", "two words", "x" * 50]
    assert {tag.owner for tag in tags} == {user}
    assert Tag.objects.named(user, ["Two Words"]) == [tags[2]]


def test_two_requests_that_make_one_tag_share_it(user, monkeypatch):
    first, looks = TagQuerySet.first, []

    def first_of_both(rows):  # the other request writes between the look and the insert
        looks.append(rows)
        if len(looks) == 1:
            TagFactory(owner=user, name="tape")
            return None
        return first(rows)

    monkeypatch.setattr(TagQuerySet, "first", first_of_both)
    assert [tag.name for tag in Tag.objects.named(user, ["Tape"])] == ["tape"]
    assert Tag.objects.count() == 1
