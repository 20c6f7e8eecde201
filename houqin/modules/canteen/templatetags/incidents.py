"""Figures of an incident in words."""

from django import template

from houqin.modules.canteen.queries.incidents.drafting import chance_words, dish_sentence, risk_words, share

register = template.Library()
register.filter("risk", risk_words)
register.filter("chance", chance_words)
register.filter("in_words", dish_sentence)
register.filter("share", share)
