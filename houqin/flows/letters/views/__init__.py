"""Pages of responsibility letters."""

from houqin.flows.letters.views import letters, patterns, rates

urlpatterns = [*rates.urlpatterns, *letters.urlpatterns, *patterns.urlpatterns]
