"""Pages of tables: the office's, the school's."""

from houqin.flows.collect.views import choosing, office, school

urlpatterns = [*choosing.urlpatterns, *office.urlpatterns, *school.urlpatterns]
