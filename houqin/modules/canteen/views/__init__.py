"""Pages of the canteen."""

from houqin.modules.canteen.views import (
    acceptance,
    answers,
    certificates,
    deeds,
    deliveries,
    goods,
    heads,
    lots,
    meals,
    menus,
    outlook,
    papers,
    recalls,
    school_day,
    stock,
    trace,
)

urlpatterns = [
    *trace.urlpatterns,
    *acceptance.urlpatterns,
    *deliveries.urlpatterns,
    *recalls.urlpatterns,
    *answers.urlpatterns,
    *deeds.urlpatterns,
    *stock.urlpatterns,
    *lots.urlpatterns,
    *meals.urlpatterns,
    *menus.urlpatterns,
    *outlook.urlpatterns,
    *papers.urlpatterns,
    *school_day.urlpatterns,
    *goods.urlpatterns,
    *certificates.urlpatterns,
    *heads.urlpatterns,
]
