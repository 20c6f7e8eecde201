"""People and what they do."""

from houqin.core.people.models.accounts import Account
from houqin.core.people.models.pupils import ClassGroup, Guardianship, Pupil
from houqin.core.people.models.staff import Countersignature, Person, Post, PostHolding, Sex

__all__ = ["Account", "ClassGroup", "Countersignature", "Guardianship", "Person", "Post", "PostHolding", "Pupil", "Sex"]
