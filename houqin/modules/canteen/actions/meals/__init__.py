"""The day of a meal: issue, menu change, checks, samples."""

from houqin.modules.canteen.actions.meals.issuing import issue_meal
from houqin.modules.canteen.actions.meals.opening import ForMeal
from houqin.modules.canteen.actions.meals.taking import IssueLine

__all__ = ["ForMeal", "IssueLine", "issue_meal"]
