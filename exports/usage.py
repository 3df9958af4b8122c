"""The room that a person's converted files take, and what one more export would add."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, Sum

from exports.models import ExportItem, Render, SheetPage
from exports.plan import Plan
from library import usage
from library.audio.recipe import Recipe

AT_ONCE = 500  # digests in one statement


def in_use(user: User) -> int:
    """Return the bytes of the files that this person's exports point at, each file once."""
    pointing = ExportItem.objects.filter(render=OuterRef("pk"), export__owner=user)
    drawn = SheetPage.objects.filter(render=OuterRef("pk"), export__owner=user)
    # few files have many rows of history
    files = Render.objects.filter(Q(Exists(pointing)) | Q(Exists(drawn)))
    return files.aggregate(total=Sum("size_bytes"))["total"] or 0


def require_room(user: User, plan: Plan) -> None:
    """Raise QuotaError where the files of a plan would be more than this person may keep."""
    if settings.QUOTA_BYTES:
        usage.require(user, _added(user, plan))


def _added(user: User, plan: Plan) -> int:
    """Return the bytes of the plan's files that no export of this person has yet."""
    sizes = {
        (item.wanted.sample.sha256, item.recipe.as_json()): item.size or 0
        for item in plan.included
        if item.wanted.sample is not None
    }
    digests = sorted({digest for digest, _ in sizes})
    mine = ExportItem.objects.filter(export__owner=user, render__isnull=False)
    for start in range(0, len(digests), AT_ONCE):
        rows = mine.filter(sample_sha256__in=digests[start : start + AT_ONCE])
        for digest, recipe in rows.values_list("sample_sha256", "recipe"):
            sizes.pop((digest, Recipe(**recipe).as_json()), None)
    return sum(sizes.values())
