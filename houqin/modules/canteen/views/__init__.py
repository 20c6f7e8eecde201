"""Pages of the canteen."""

from houqin.modules.canteen.views import acceptance, answers, deeds, goods, heads, lots, meals, menus, papers, recalls, stock, trace

urlpatterns = [
    *trace.urlpatterns,
    *acceptance.urlpatterns,
    *recalls.urlpatterns,
    *answers.urlpatterns,
    *deeds.urlpatterns,
    *stock.urlpatterns,
    *lots.urlpatterns,
    *meals.urlpatterns,
    *menus.urlpatterns,
    *papers.urlpatterns,
    *goods.urlpatterns,
    *heads.urlpatterns,
]
