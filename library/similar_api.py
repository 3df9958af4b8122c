"""The API's answer to what is like a sound."""

from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import Field

from library import listing
from library.api import SampleOut
from library.http import HtmxRequest
from library.models import Sample
from library.paging import MOST
from library.problems import errors, not_found
from library.similar.nearest import COUNT, Asked, Aspect, nearest

router = Router(tags=["samples"])


class SimilarIn(Schema):
    """In which way, among which, how many at most."""

    aspect: Annotated[Aspect, Field(description="all, timbre, rhythm or key")] = Aspect.ALL
    same: Annotated[bool, Field(description="Only sounds of the same class")] = False
    limit: int = Field(COUNT, ge=1, le=MOST)


class NearOut(Schema):
    """A sound and how like the other one it is, 0 to 1."""

    likeness: float
    sample: SampleOut


class SimilarOut(Schema):
    """The nearest first; `reason` says why there are none where nothing can be compared."""

    items: list[NearOut]
    reason: str


@router.get("/samples/{int:sample_id}/similar", response={200: SimilarOut, **errors(404, 422)})
def similar_samples(
    request: HtmxRequest, sample_id: int, asked: Query[SimilarIn]
) -> dict[str, Any]:
    """List the sounds that are like one: never itself, none from the trash."""
    mine = Sample.objects.owned_by(request.user).select_related("analysis")
    sample = mine.defer(*listing.UNSEEN).filter(pk=sample_id).first()
    if sample is None:
        raise not_found("Sample", sample_id)
    wanted = Asked(sample, asked.aspect, asked.same, asked.limit)
    found = nearest(request.user, wanted, listing.drawn())
    items = [{"likeness": round(like, 4), "sample": near} for near, like in found.near]
    return {"items": items, "reason": found.reason}
