"""Pages of credentials."""

from houqin.flows.credentials.views import board, equipment, papers, posts

urlpatterns = [*board.urlpatterns, *posts.urlpatterns, *equipment.urlpatterns, *papers.urlpatterns]
