"""The day of a meal: issue, menu change, checks, samples."""

from houqin.modules.canteen.actions.meals.changing import change_menu
from houqin.modules.canteen.actions.meals.checking import (
    Measured,
    begin_serving,
    end_serving,
    measure_dishes,
    taste_meal,
)
from houqin.modules.canteen.actions.meals.issuing import issue_meal
from houqin.modules.canteen.actions.meals.opening import ForMeal
from houqin.modules.canteen.actions.meals.sampling import SampleRow, dispose_samples, retain_samples
from houqin.modules.canteen.actions.meals.taking import IssueLine

__all__ = [
    "ForMeal",
    "IssueLine",
    "Measured",
    "SampleRow",
    "begin_serving",
    "change_menu",
    "dispose_samples",
    "end_serving",
    "issue_meal",
    "measure_dishes",
    "retain_samples",
    "taste_meal",
]
