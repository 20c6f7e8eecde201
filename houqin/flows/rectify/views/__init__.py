"""Pages of findings."""

from houqin.flows.rectify.views import findings, glance, lists, notice

urlpatterns = [*glance.urlpatterns, *lists.urlpatterns, *notice.urlpatterns, *findings.urlpatterns]
