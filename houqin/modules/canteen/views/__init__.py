"""Pages of the canteen."""

from houqin.modules.canteen.views import answers, goods, meals, menus, recalls, stock, trace

urlpatterns = [
    *trace.urlpatterns,
    *recalls.urlpatterns,
    *answers.urlpatterns,
    *stock.urlpatterns,
    *meals.urlpatterns,
    *menus.urlpatterns,
    *goods.urlpatterns,
]
