"""The public functions of `quatrain.explain`, loaded on first use."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from quatrain import explain


@pytest.mark.parametrize("name", explain.__all__)
def test_every_public_name_is_a_function_of_that_name(name: str) -> None:
    function = getattr(explain, name)
    assert inspect.isfunction(function)
    assert function.__name__ == name


def test_no_folder_hides_a_function() -> None:
    modules = {path.stem for path in Path(str(explain.__file__)).parent.iterdir()}
    assert not modules & set(explain.__all__)


def test_unknown_names_are_reported() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'convolutoin'"):
        explain.convolutoin  # noqa: B018


@pytest.mark.slow
def test_one_explanation_loads_only_its_own_folder() -> None:
    code = (
        "import sys; from quatrain import explain; explain.gradients();"
        "print(*sorted({name.split('.')[2] for name in sys.modules"
        " if name.startswith('quatrain.explain.')}))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert result.stdout.split() == ["arithmetic", "lstm_gradients"]
