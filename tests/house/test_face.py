"""The public names, and what importing them costs."""

import json
import subprocess
import sys

import pytest

import quatrain

HEAVY = ("torch", "accelerate", "matplotlib", "lxml", "pyarrow", "pooch", "requests", "numpy")


def modules_after(code: str) -> set[str]:
    program = f"{code}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_all_names_exist_and_are_sorted() -> None:
    assert quatrain.__all__ == sorted(quatrain.__all__)
    for name in quatrain.__all__:
        assert getattr(quatrain, name) is not None
    assert set(quatrain.__all__) <= set(dir(quatrain))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sonnet'"):
        quatrain.sonnet  # noqa: B018


def test_train_is_a_room_and_a_function() -> None:
    import quatrain.train

    assert callable(quatrain.train)
    assert quatrain.train.__name__ == "quatrain.train"


def test_importing_the_package_imports_nothing_heavy_and_no_room() -> None:
    before = modules_after("pass")
    new = modules_after("import quatrain") - before
    assert new <= {"quatrain", "importlib", "importlib._bootstrap", "__future__", "typing"} | {
        name for name in new if name.split(".")[0] in {"typing", "collections", "re", "functools"}
    } | {
        "_typing",
        "copyreg",
        "contextlib",
        "operator",
        "_operator",
        "keyword",
        "reprlib",
        "_functools",
        "_collections",
        "itertools",
        "types",
        "enum",
        "_sre",
        "warnings",
    }
    assert not any(name.startswith("quatrain.") for name in new)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["write", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    loaded = modules_after(
        "import sys\n"
        f"sys.argv = ['quatrain', *{arguments!r}]\n"
        "from quatrain.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
    )
    assert not [name for name in HEAVY if name in loaded]
