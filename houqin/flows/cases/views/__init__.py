"""Pages of cases."""

from houqin.flows.cases.views import cases, papers, registers

urlpatterns = [*papers.urlpatterns, *cases.CaseScreen.urls(), *cases.StepScreen.urls(), *registers.urlpatterns]
