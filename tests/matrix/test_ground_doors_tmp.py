from tests.matrix import test_doors as t
t.ADDRESSES = [a for a in t.ADDRESSES if a.startswith(("console:", "ui:"))]
from tests.matrix.test_doors import *
test_everybody_meets_the_right_door = t.test_everybody_meets_the_right_door
