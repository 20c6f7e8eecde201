"""Deeds on posts: of which kind they are, and who answers where several lie in one hand."""

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.gaps import joined, kinds_in_one_hand
from houqin.core.people.models import Countersignature, Person, Post
from houqin.core.people.posts import NONE, OTHER, kind_of_title, post_kinds
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer

titled(
    {
        "people.post_kind_set": _("Kind of post set"),
        "people.posts_named": _("Posts given their kind by their titles"),
        "people.countersigned": _("Posts in one hand countersigned"),
        "people.countersignature_taken_back": _("Countersignature taken back"),
    }
)


@verb
def set_kind(post: Post, *, by: Viewer, kind: str) -> Post:
    """Say of which kind a post is, whatever its title: duties of that kind are then its holder's."""
    require(by, "people.change", at=post.org)
    post = Post.objects.select_for_update(of=("self",)).select_related("org").get(pk=post.pk)
    if kind != NONE and kind not in post_kinds(by.today):
        raise Refused(_("The catalogue knows no such kind of post. Choose one from the list."), field="kind")
    if post.kind != kind:
        before, post.kind = post.kind, kind
        post.save(update_fields=["kind"])
        record("people.post_kind_set", post, by=by, org=post.org, before=before, after=kind)
    return post


@verb
def name_kinds(*, by: Viewer) -> int:
    """Give posts that have no kind yet the one that their title names; returns how many. What a person chose stays."""
    if not by.is_system:
        raise Refused(_("Posts are named by the catalogue when Houqin starts. Set the kind of one post on its page."))
    kinds = post_kinds(by.today)
    titles = Post.objects.filter(kind=OTHER).order_by().values_list("title", flat=True).distinct()
    meant = {title: kind for title in titles if (kind := kind_of_title(title, kinds)) != OTHER}
    named = sum(Post.objects.filter(kind=OTHER, title=title).update(kind=kind) for title, kind in meant.items())
    if named:
        record("people.posts_named", None, by=by, org=None, count=named)
    return named


@verb
def countersign(person: Person, *, by: Viewer, org: OrgUnit, reason: str) -> Countersignature:
    """Answer for it that somebody holds posts which belong in several hands, where a school has too few adults."""
    require(by, "people.countersign", at=org)
    person = Person.objects.select_for_update(of=("self",)).select_related("org").get(pk=person.pk)
    kinds = kinds_in_one_hand(person, org, by.today)
    if not kinds:
        raise Refused(_("%(person)s holds no posts here that belong in several hands.") % {"person": person})
    if by.person_id == person.pk:
        raise Refused(_("Nobody countersigns for themselves. The head of school or the office above does it."))
    held = Countersignature.objects.filter(org=org, person=person, kinds=joined(kinds), taken_back_at__isnull=True)
    if held.exists():
        raise Refused(_("This is countersigned already."))
    row = Countersignature.objects.create(
        org=org, person=person, kinds=joined(kinds), reason=reason, account_id=by.account_id, at=by.now
    )
    record("people.countersigned", person, by=by, org=org, posts=sorted(kinds), reason=reason)
    return row


@verb
def take_back_countersignature(row: Countersignature, *, by: Viewer, reason: str) -> Countersignature:
    """No longer answer for it: the posts in one hand stand on the list again."""
    require(by, "people.countersign", at=row.org)
    row = Countersignature.objects.select_for_update(of=("self",)).select_related("org", "person").get(pk=row.pk)
    if row.taken_back_at:
        raise Refused(_("This has been taken back already."))
    row.taken_back_at = by.now
    row.save(update_fields=["taken_back_at"])
    record("people.countersignature_taken_back", row.person, by=by, org=row.org, reason=reason)
    return row
