"""Pages of seals: chains in words, a check on the spot, checkpoints to keep elsewhere, keys for everybody."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from houqin.core.jobs import progress
from houqin.core.scope.viewer import Viewer
from houqin.flows.seals import queries, standalone
from houqin.flows.seals.actions import check_chain
from houqin.flows.seals.checkpoints import exported
from houqin.flows.seals.models import Chain, ChainCheck, Checkpoint
from houqin.flows.seals.rules import Mark
from houqin.flows.seals.walking import Fault
from houqin.flows.seals.words import fault_words, sentence
from houqin.ui.focus import focus_of
from houqin.ui.pages import page
from houqin.ui.screens import Action, Badge, Block, Column, Day, Family, Instant, Number, Rows, Screen, Timeline
from houqin.ui.telling import Caution

TONES = {"running": "info", "clean": "passed", "faulty": "danger"}
STATES = dict(ChainCheck.State.choices)
SHOWN = 50


def _found(check: ChainCheck) -> str:
    """What the person is told when the check is done."""
    if check.state == ChainCheck.State.RUNNING:
        return str(_("The chain is being checked. You can leave this page; the result will stand here."))
    told = sentence(check.org, check.result)
    return told if check.state == ChainCheck.State.CLEAN else Caution(told)


def _result(row: Chain, viewer: Viewer) -> dict[str, Any]:
    """The newest result in words."""
    check, may = queries.newest_check(row), viewer.may("seals.check", row.org.path)
    if check is None:
        return {"chain": row, "check": None, "may": may}
    faults = [Fault(**one) for one in check.result.get("faults", ())]
    step = progress.read(check.progress_key) if check.state == ChainCheck.State.RUNNING else None
    return {
        "chain": row, "check": check, "may": may, "step": step, "sentence": sentence(row.org, check.result),
        "faults": [fault_words(fault) for fault in faults[:SHOWN]], "more": max(0, len(faults) - SHOWN),
    }  # fmt: skip


def _key_of(row: Checkpoint) -> str:
    try:
        return Mark.unpack(bytes(row.payload)).key_id
    except ValueError:
        return ""


def _found_in(row: ChainCheck) -> int:
    return len(row.result.get("faults", ()))


class ChainScreen(Screen):
    """The chain of each unit: how long it is and whether it was found whole."""

    model = Chain
    slug = "chains"
    title = _("Seals")
    family = Family.GOVERN
    icon = "lock"
    order = 60
    columns = (
        Column("org", card="title"),
        Number("length", _("Sealed records"), sort=True, card="fact"),
        Instant("sealed_at", sort=True),
        Badge("check_state", _("Last check"), value=lambda row: STATES.get(getattr(row, "check_state", ""), ""),
              tone=lambda row: TONES.get(getattr(row, "check_state", ""), "plain")),
        Instant("checked_at", _("Checked"), value=lambda row: getattr(row, "checked_at", None)),
        Number("held_number"),
    )  # fmt: skip
    search = ("org__name",)
    panels = (
        Block("seals/result.html", _result),
        Rows(
            queries.checks_of,
            [Instant("started_at"), Badge("state", tones=TONES), Number("faults", _("Faults"), value=_found_in), Column("account")],
            title=_("Checks"), link=False, limit=5,
        ),
        Rows(
            queries.checkpoints_of,
            [Day("day"), Number("number"), Column("held_by"), Column("key", _("Key"), value=_key_of)],
            title=_("Checkpoints: signed and held by the office above"), link=False, limit=5,
        ),
        Timeline(),
    )  # fmt: skip
    actions = (
        Action(
            verb=check_chain, label=_("Check now"), permission="seals.check", icon="shield-check", name="check",
            done=_found, then=lambda check: reverse("seals:chains-detail", args=[queries.chain_id_of(check)]),
        ),
    )  # fmt: skip
    empty = _("Every ledger entry is sealed as it is written. The chains of your schools will stand here.")

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        return queries.chains(viewer)


class CheckpointScreen(Screen):
    """The signed ends of chains, as the office above holds them."""

    model = Checkpoint
    slug = "checkpoints"
    title = _("Checkpoints")
    family = Family.GOVERN
    icon = "certificate"
    order = 61
    columns = (
        Column("org", card="title"),
        Day("day", sort=True),
        Number("number"),
        Column("held_by"),
        Column("key", _("Key"), value=_key_of),
    )
    filters = {"day": "range"}
    search = ("org__name",)
    sort = "-day"
    has_detail = False
    empty = _("Once a day the end of every chain is signed and held by the office above. That will stand here.")


@page(permission="seals.view")
def check_progress(request: HttpRequest, ref: UUID) -> HttpResponse:
    """How far a check is; when it is over, the page is drawn anew."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    chain = Chain.objects.get_visible(viewer, public_id=ref)
    found = _result(chain, viewer)
    check = found["check"]
    if check is not None and check.state == ChainCheck.State.RUNNING:
        return render(request, "seals/step.html", found)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = reverse("seals:chains-detail", args=[chain.public_id])
    return answer


@page(permission="seals.check")
def checkpoint_file(request: HttpRequest) -> StreamingHttpResponse:
    """Checkpoints of the chosen part of the tree as a file to keep elsewhere."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = queries.checkpoints_under(viewer, focus_of(request).path)
    answer = StreamingHttpResponse(exported(rows.iterator(chunk_size=1000)), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="checkpoints-{viewer.today:%Y%m%d}.json"'
    return answer


@page(public=True)
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys and how anybody checks a binder; no account needed."""
    return render(request, "seals/keys.html", {"title": _("Keys of sealed records"), "keys": queries.public_keys()})


@page(public=True)
def keys_file(request: HttpRequest) -> JsonResponse:
    """The same for programs."""
    told = [
        {"key": row.key_id, "public": bytes(row.public).hex(), "since": row.since, "until": row.until}
        for row in queries.public_keys()
    ]
    return JsonResponse({"keys": told})


@page(public=True)
def verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier: one Python file."""
    content = (Path(standalone.__file__).parent / "verify.py").read_bytes()
    answer = HttpResponse(content, content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer


urlpatterns = [
    *ChainScreen.urls(),
    path("chains/<uuid:ref>/progress/", check_progress, name="chains-progress"),
    path("checkpoints/file/", checkpoint_file, name="signed-ends"),
    *CheckpointScreen.urls(),
    path("keys/", keys, name="keys"),
    path("keys.json", keys_file, name="keys-file"),
    path("verify.py", verifier, name="verifier"),
]
