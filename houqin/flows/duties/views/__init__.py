"""Pages of duties, a file a subject. Each file names its addresses; they are mounted in this order."""

from houqin.flows.duties.views import arranging, boards, duties, responses

urlpatterns: list[object] = [*duties.urlpatterns, *arranging.urlpatterns, *boards.urlpatterns, *responses.urlpatterns]
