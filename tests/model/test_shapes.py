"""Shape suffixes hold what they promise."""

import numpy as np
import pytest
import torch

from sab_visualiser.model.shapes import Shaped, check_shapes


def test_sizes_are_gathered_from_all_names() -> None:
    named: dict[str, Shaped] = {
        "inputs_BTI": torch.zeros(2, 5, 3),
        "d_hidden_BTD": torch.zeros(2, 5, 7),
        "loss_T": np.zeros(5),
    }
    assert check_shapes(named) == {"B": 2, "T": 5, "I": 3, "D": 7}


def test_a_number_multiplies_the_letter_after_it() -> None:
    assert check_shapes({"gates_TB4D": torch.zeros(5, 2, 12)}) == {"T": 5, "B": 2, "D": 3}


def test_a_letter_with_two_sizes_is_refused() -> None:
    with pytest.raises(ValueError, match=r"cell_BD.*axis D is 4, elsewhere 7"):
        check_shapes({"hidden_BD": torch.zeros(2, 7), "cell_BD": torch.zeros(2, 4)})


def test_a_known_size_binds() -> None:
    with pytest.raises(ValueError, match="axis T is 5, elsewhere 6"):
        check_shapes({"loss_T": np.zeros(5)}, {"T": 6})


def test_a_size_that_is_no_multiple_is_refused() -> None:
    with pytest.raises(ValueError, match="axis 4D is 10"):
        check_shapes({"gates_B4D": torch.zeros(2, 10)})


def test_a_missing_axis_is_refused() -> None:
    with pytest.raises(ValueError, match="names 3 axes"):
        check_shapes({"hidden_BTD": torch.zeros(2, 5)})


@pytest.mark.parametrize("name", ["hidden", "hidden_XY", "weight_score"])
def test_a_name_without_suffix_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no shape suffix"):
        check_shapes({name: torch.zeros(1)})
