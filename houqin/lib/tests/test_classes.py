"""Classes in the order of the school."""

import random

from houqin.lib.classes import class_key


def test_classes_stand_in_the_order_of_the_school() -> None:
    school = ["一年级一班", "一年级二班", "二年级一班", "三年级一班", "六年级一班", "九年级十班"]
    garden = ["小班一班", "小班二班", "中班一班", "大班一班"]
    for right in (school, garden):
        mixed = random.Random(1).sample(right, len(right))
        assert sorted(mixed, key=class_key) == right
