"""What a data set changes about itself goes to another process; what it was made with does not."""

import numpy as np

from cornu.training.own_attributes import OwnAttributes


class Owner:
    def __init__(self):
        self.data, self.order, self.files = np.zeros(5), np.arange(4), ["a", "b", "c"]
        self.count, self.size, self.open, self.pairs = 0, 8, open, {1: 2}


def test_what_changed_is_kept():
    owner = Owner()
    watch = OwnAttributes(owner)
    assert list(watch.state()) == ["order"]  # orders of rows always
    owner.order[:2] = 7
    owner.files.reverse()
    owner.pairs[3] = 4  # keys that are no text: left alone
    owner.fresh = "text"
    watch.note()
    owner.order[:] = 0  # later changes are not of this pass
    owner.count += 2  # except for counters
    state = watch.state()
    assert state["order"].tolist() == [7, 7, 2, 3]
    assert {name: state[name] for name in state if name != "order"} == {
        "files": ["c", "b", "a"], "fresh": "text", "count": 2,
    }  # fmt: skip
    other = Owner()
    other.size = 16
    OwnAttributes(other).restore(state)
    assert (other.count, other.size, other.files, other.order.tolist()) == (2, 16, ["c", "b", "a"], [7, 7, 2, 3])
    other.order[0] = 1
    assert state["order"][0] == 7
