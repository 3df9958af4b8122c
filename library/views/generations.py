"""Sounds from words: asking for one, what became of those asked for, what can be done with them."""

from collections.abc import Callable, Iterator
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from library import generate, takes
from library.asking import AskForm
from library.generate import AskError
from library.http import HtmxRequest, see_other, whole_number
from library.models import Generation, Prompt
from library.models.prompts import MOST_WORDS
from library.ranges import ranged_response

MOST_ROWS = 300  # of a page that somebody comes back to
PROMPTS = 40  # past ones that are offered
CHUNK = 1 << 16
GONE = "It was taken off the list in another window."
FOR_EVER = "private, max-age=31536000, immutable"  # the sound of a generation never changes

Act = Callable[[HtmxRequest, Generation], HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request", "HX-Target")
def page(request: HtmxRequest) -> HttpResponse:
    """Show the prompt box, past prompts and the newest generations; POST asks for another."""
    if request.method == "POST":
        return _asked(request)
    if request.htmx and not request.htmx.history_restore_request:
        return _part(request)
    form = AskForm(initial=_initial(request))
    context = _place(request) | {"form": form, "sure": _key(request.GET.get("sure", ""))}
    return render(request, "library/generations.html", context)


def _initial(request: HtmxRequest) -> dict[str, Any]:
    """Return what the form begins with: what the address says, else what is usual."""
    known = {name: request.GET.get(name, "").replace("\0", "") for name in AskForm().fields}
    return {name: value[:MOST_WORDS] for name, value in known.items() if value}


def _context(user: User, before: Generation | None = None, size: int = 0) -> dict[str, Any]:
    """Return prompts and rows, as the page and its parts show them."""
    return {
        "found": takes.page(user, before, min(max(size, takes.PAGE), MOST_ROWS)),
        "before": before,
        "prompts": Prompt.objects.owned_by(user).most_used()[:PROMPTS],
        "examples": takes.EXAMPLES,
        "tag": generate.TAG,
        "sure": None,
    }


def _place(request: HtmxRequest) -> dict[str, Any]:
    """Return the same for the place of the list that the address names."""
    before = request.GET.get("before", "")
    size = whole_number(request.GET.get("rows")) or takes.PAGE
    return _context(request.user, _mine(request, before) if before else None, size)


def _part(request: HtmxRequest) -> HttpResponse:
    """Answer htmx: rows that may have changed, older rows, or the whole list anew."""
    if "poll" in request.GET:
        return _changed(request)
    if request.GET.get("before") and request.htmx.target != "results":
        found = takes.page(request.user, _mine(request, request.GET["before"]))
        return render(request, "library/generations.html#rows", {"found": found})
    return render(request, "library/generations.html#list", _place(request))


def _changed(request: HtmxRequest) -> HttpResponse:
    """Draw the rows anew that were open; those that are gone leave the page."""
    asked = [key for value in request.GET.getlist("open") if (key := _key(value))][:MOST_ROWS]
    rows = takes.some(request.user, asked)
    gone = set(asked) - {take.generation.pk for take in rows}
    return render(request, "library/generations.html#changed", {"rows": rows, "gone": gone})


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _mine(request: HtmxRequest, text: str) -> Generation:
    key = _key(text)
    if key is None:
        raise Http404
    return get_object_or_404(Generation, user=request.user, pk=key)


def _asked(request: HtmxRequest) -> HttpResponse:
    form = AskForm(request.POST)
    made = form.ask(request)
    if made is None:
        context = {"form": form}
        part = "#ask" if request.htmx else ""
        context |= {} if request.htmx else _context(request.user)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, f"library/generations.html{part}", context, status=status)
    said = f"“{made.prompt}” is asked for."
    if not request.htmx:
        kept = {name: request.POST.get(name, "") for name in form.fields if name != "prompt"}
        return _back(request, said, **kept)
    return _list_anew(request, form)


def _back(request: HtmxRequest, said: str = "", **query: str) -> HttpResponse:
    """Answer a form without scripts: the page again, and what was done."""
    if said:
        messages.success(request, said)
    return see_other(f"{reverse('library:generations')}?{urlencode(query)}".rstrip("?"))


def _list_anew(request: HtmxRequest, form: AskForm | None = None) -> HttpResponse:
    """Show the list from its start, with what was asked for on top."""
    context = _context(request.user) | {"form": form, "is_update": True}
    response = render(request, "library/generations.html#asked", context)
    return trigger_client_event(response, "generations:asked", {}, after="swap")


def _gone(pk: UUID) -> HttpResponse:
    """Say that there is no such row: of nobody else's is more told than of one that never was."""
    response = HttpResponse(status=HTTPStatus.NOT_FOUND, headers={"X-Message": quote(GONE)})
    return trigger_client_event(response, "generations:gone", {"id": str(pk)})


def act(view: Act) -> Callable[[HtmxRequest, UUID], HttpResponse]:
    """Make a POST view of an act on one's own generation."""

    @require_POST
    @wraps(view)
    def acted(request: HtmxRequest, pk: UUID) -> HttpResponse:
        mine = Generation.objects.owned_by(request.user).filter(pk=pk).first()
        if mine is not None:
            return view(request, mine)
        if not request.htmx:
            raise Http404
        return _gone(pk)

    return acted


@act
def again(request: HtmxRequest, generation: Generation) -> HttpResponse:
    """Ask for the same words once more, as another take."""
    try:
        made = generate.again(generation)
    except AskError as reason:
        return _not_done(request, str(reason))
    if not request.htmx:
        return _back(request, f"Another take of “{made.prompt}” is asked for.")
    context = {"rows": takes.some(request.user, [made.pk]), "is_update": True}
    context["prompts"] = Prompt.objects.owned_by(request.user).most_used()[:PROMPTS]
    response = render(request, "library/generations.html#again", context)
    return trigger_client_event(response, "generations:changed", {"asked": True}, after="swap")


@act
def cancel(request: HtmxRequest, generation: Generation) -> HttpResponse:
    """Take back what is not made yet, or is in work; one that has ended stays as it is."""
    done = generate.cancel(generation)
    said = f"“{generation.prompt}” is cancelled." if done else "It had ended already."
    return _row(request, generation, said)


@act
def delete(request: HtmxRequest, generation: Generation) -> HttpResponse:
    """Take an ended one off the list, with its own file; its sound stays in the library.

    Where that file is the only copy of the sound, the row asks first.
    """
    (take,) = takes.some(request.user, [generation.pk])
    if take.is_only_copy and "sure" not in request.POST:
        if not request.htmx:
            return _back(request, sure=str(generation.pk))
        context = {"rows": [take], "sure": generation.pk}
        response = render(request, "library/generations.html#changed", context)
        return trigger_client_event(response, "generations:changed", {}, after="swap")
    if not generate.delete(generation):
        return _not_done(request, "It is not made yet: cancel it instead.")
    said = "Taken off the list."
    if take.is_only_copy:
        said = f"“{generation.prompt}” is deleted for good: this was the only copy of the sound."
    elif generation.sample is not None:
        place = "in the library" if take.sample is not None else "in the trash"
        said += f" {generation.sample.title} is still {place}."
    return _row(request, generation, said)


@act
def keep(request: HtmxRequest, generation: Generation) -> HttpResponse:
    """Put its sound into the library again."""
    try:
        sample = generate.keep(generation)
    except AskError as reason:
        return _not_done(request, str(reason))
    return _row(request, generation, f"{sample.title} is in the library.")


def _not_done(request: HtmxRequest, why: str) -> HttpResponse:
    if not request.htmx:
        messages.error(request, why)
        return see_other("library:generations")
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    return trigger_client_event(response, "toast", {"text": why, "bad": True})


def _row(request: HtmxRequest, generation: Generation, said: str) -> HttpResponse:
    """Draw one row anew, or take it out of the list; the last one leaves examples."""
    if not request.htmx:
        return _back(request, said)
    key = generation.pk
    rows = takes.some(request.user, [key])
    return _drawn(request, rows, said, gone=[] if rows else [key])


def _drawn(
    request: HtmxRequest, rows: list[takes.Take], said: str, gone: list[UUID]
) -> HttpResponse:
    """Draw rows anew, take others out, and say what was done: nothing of it can be undone."""
    if not rows and not Generation.objects.owned_by(request.user).exists():
        response = _list_anew(request)
    else:
        context = {"rows": rows, "gone": gone}
        response = render(request, "library/generations.html#changed", context)
        trigger_client_event(response, "generations:changed", {}, after="swap")
    return trigger_client_event(response, "toast", {"text": said, "undo": ""})


@require_safe
def audio(request: HtmxRequest, pk: UUID) -> HttpResponseBase:
    """Send the sound as the model made it."""
    return sound(request, get_object_or_404(Generation, user=request.user, pk=pk))


def sound(request: HtmxRequest, generation: Generation) -> HttpResponseBase:
    """Answer with the file of a generation, or the byte range of it that is asked for (Http404)."""
    storage, name = generation.audio_file.storage, str(generation.audio_file)
    if not name or not storage.exists(name):
        raise Http404
    return ranged_response(
        request,
        length=storage.size(name),
        stream=lambda start, end: _bytes(generation, start, end),
        etag=f'"{generation.pk}"',
        content_type="audio/wav",
        filename=f"{generation.pk}.wav",
        cache=FOR_EVER,
    )


def _bytes(generation: Generation, start: int, end: int) -> Iterator[bytes]:
    with generation.audio_file.storage.open(str(generation.audio_file)) as file:
        file.seek(start)
        while start < end and (chunk := file.read(min(CHUNK, end - start))):
            start += len(chunk)
            yield chunk
