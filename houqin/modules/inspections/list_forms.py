"""What is asked when a round is set or walked, and when the members of a framework are named."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from houqin.core.people.posts import post_kinds
from houqin.flows.duties.words import EVERY
from houqin.modules.inspections.actions.frameworks import LONGEST, SOURCE
from houqin.modules.inspections.actions.rounds import WHY, WORDS
from houqin.modules.inspections.catalogue import ROUND_RHYTHMS, Framework
from houqin.modules.inspections.items import Item
from houqin.modules.inspections.lists import lists_on
from houqin.ui.screens import VerbForm


class RoundForm(VerbForm):
    """By which checklist, how often, by whom and why."""

    checklist = forms.ChoiceField(label=_("Checklist"))
    every = forms.ChoiceField(label=_("How often"), choices=[(one.value, EVERY[one]) for one in ROUND_RHYTHMS])
    post = forms.ChoiceField(label=_("Post"), required=False)
    why = forms.CharField(label=_("Why"), max_length=WHY, widget=forms.Textarea(attrs={"rows": 2}))

    def setup(self) -> None:
        """The lists and posts in force today."""
        language, day = get_language() or "", self.viewer.today
        fields: dict[str, Any] = self.fields
        fields["checklist"].choices = [(code, str(held)) for code, held in lists_on(day).items()]
        kinds = [
            (kind.code, kind.title_zh if language.startswith("zh") else kind.title_en)
            for kind in post_kinds(day).values()
        ]
        fields["post"].choices = [("", _("Who answers for such places")), *kinds]


class WalkForm(VerbForm):
    """A round by exception: nothing is typed where all is in order; measured items are read."""

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        self.items = items
        super().__init__(*args, **kwargs)

    def setup(self) -> None:
        """Two entries for each item, and a figure where one is measured."""
        language = get_language() or ""
        for item in self.items:
            if item.kind == "measured":
                low, high = item.plausible or (None, None)
                self.fields[f"value-{item.code}"] = forms.DecimalField(
                    max_digits=14, label=item.unit, required=False, min_value=low, max_value=high, decimal_places=item.decimals or None,
                    widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "class": "form-control"}),
                )  # fmt: skip
            self.fields[f"bad-{item.code}"] = forms.BooleanField(
                label=_("Not in order"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
            )
            self.fields[f"words-{item.code}"] = forms.CharField(
                label=_("What is wrong"), max_length=WORDS, required=False,
                widget=forms.TextInput(attrs={"class": "form-control", "aria-label": f"{item.title(language)}"}),
            )  # fmt: skip

    def rows(self) -> list[tuple[Item, Any, Any, Any]]:
        """Each item with its entries: the figure (None: not measured), the tick, the words."""
        return [
            (
                item, self[f"value-{item.code}"] if item.kind == "measured" else None, self[f"bad-{item.code}"],
                self[f"words-{item.code}"],
            )
            for item in self.items
        ]  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """What is wrong by item: ticked, or written about; and what was read."""
        given = self.cleaned_data
        wrong = [item.code for item in self.items if given[f"bad-{item.code}"] or given[f"words-{item.code}"].strip()]
        read = {item.code: given.get(f"value-{item.code}") for item in self.items if item.kind == "measured"}
        return {
            "failed": {code: given[f"words-{code}"] for code in wrong},
            "values": {code: value for code, value in read.items() if value is not None},
        }


class NamesForm(VerbForm):
    """What the members are called here, and which document says so."""

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        self.framework = framework
        super().__init__(*args, **kwargs)

    def setup(self) -> None:
        """One entry for each member that the founding document does not spell out."""
        language = get_language() or ""
        for member in self.framework.members:
            if not member.spelled_out:
                self.fields[f"name-{member.code}"] = forms.CharField(
                    label=member.title(language), max_length=LONGEST, required=False
                )
        self.fields["source"] = forms.CharField(
            label=_("Document that names them"), max_length=SOURCE, required=False,
            help_text=_("Empty names: as Houqin proposes."),
        )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """Names by member, and the document."""
        names = {
            key.removeprefix("name-"): value for key, value in self.cleaned_data.items() if key.startswith("name-")
        }
        return {"names": names, "source": self.cleaned_data["source"]}
