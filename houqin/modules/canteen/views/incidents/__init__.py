"""疑似食物中毒: the button, the page of the case, a page for each deed, papers to print, and emergency numbers."""

from houqin.modules.canteen.views.incidents import alarm, case, deeds, numbers, papers

urlpatterns = [
    *alarm.urlpatterns, *case.urlpatterns, *deeds.urlpatterns, *papers.urlpatterns, *numbers.urlpatterns,
]  # fmt: skip
