"""Pages of the environment."""

from houqin.modules.environment.views import door, toilets, waste

urlpatterns: list[object] = [*waste.urlpatterns, *toilets.urlpatterns, *door.urlpatterns]
