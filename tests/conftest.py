"""Small verse made on the spot, for tests that need more of it than sense."""

import importlib.util
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from quatrain.corpus import Prepared

WORDS = {
    "who": "the miller,the ferryman,my sister,a heron,the baker's boy,old Anna,the tide",
    "does": "counts,forgets,mends,carries,remembers,sells,follows",
    "what": "the broken cart,nine loaves of bread,a letter home,the river,every stair",
    "where": "in the rain,by the bridge,at noon,before the thaw,under the eaves",
}


def made_up_poems(count: int, seed: int = 0) -> list[list[str]]:
    """Poems of two quatrains, "" between them; no two alike."""
    draw = random.Random(seed)
    return [
        [
            "" if line == 4 else " ".join(draw.choice(WORDS[part].split(",")) for part in WORDS)
            for line in range(9)
        ]
        for _ in range(count)
    ]


@pytest.fixture(scope="session")
def verse_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty poems in a text file, three empty lines between poems."""
    path = tmp_path_factory.mktemp("verse") / "verse.txt"
    path.write_text(
        "\n\n\n\n".join("\n".join(poem) for poem in made_up_poems(60)) + "\n", encoding="utf-8"
    )
    return path


@pytest.fixture(scope="session")
def prepare_in_memory() -> Callable[..., Prepared]:
    """`benchmarks/in_memory.py`: poems to train on, poems to validate with -> a prepared corpus."""
    path = Path(__file__).parents[1] / "benchmarks" / "in_memory.py"
    spec = importlib.util.spec_from_file_location("in_memory", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    prepared: Callable[..., Prepared] = module.prepared
    return prepared
