"""The script that prepares the dictionary, on a dictionary of three words."""

import importlib.util
from pathlib import Path

from quatrain.meaning.database import Database

NOUNS = """\
  1 A licence
00000010 03 n 02 ship 0 vessel 0 001 ~ 00000020 n 0000 | a thing that sails; "she is a ship"
00000020 06 n 01 war_ship 0 002 @ 00000010 n 0000 ! 00000010 n 0102 | a ship for war
"""
NOUN_INDEX = """\
  1 A licence
ship n 1 1 ~ 1 1 00000010
vessel n 1 1 ~ 1 0 00000010
war_ship n 1 2 @ ! 1 0 00000020
"""
FILES = {
    "data.noun": NOUNS,
    "index.noun": NOUN_INDEX,
    "data.verb": "00000030 30 v 01 ship 0 000 01 + 08 00 | send by sea  \n",
    "index.verb": "ship v 1 0 1 1 00000030  \n",
    "noun.exc": "men_of_war man_of_war\nshippen ship\nship ship\n",
    "cntlist.rev": "ship%2:30:00:: 1 9\nship%1:06:00:: 1 3\n",
}
"""A dictionary in WordNet's own format, as wndb(5WN) describes it."""


def test_the_script_reads_the_format_of_wordnet(tmp_path: Path) -> None:
    path = Path(__file__).parents[2] / "scripts" / "prepare_meaning.py"
    spec = importlib.util.spec_from_file_location("prepare_meaning", path)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for part in ("noun", "verb", "adj", "adv"):
        for name in (f"data.{part}", f"index.{part}", f"{part}.exc"):
            (tmp_path / name).write_text(FILES.get(name, ""))
    (tmp_path / "cntlist.rev").write_text(FILES["cntlist.rev"])

    script.prepare(tmp_path, tmp_path / "small.safetensors")

    small = Database(tmp_path / "small.safetensors")
    first, second = map(small.sense, small.senses_of("ship"))
    assert (first.part, first.definition) == ("v", "send by sea")  # it is counted nine times
    assert (second.words, second.definition) == (("ship", "vessel"), "a thing that sails")
    (war_ship,) = map(small.sense, small.senses_of("war ship"))
    assert war_ship.related("antonym", 1)[0].other_word == 2
    assert war_ship.related("antonym", 2) == []
    assert small.sense(war_ship.related("broader")[0].sense) == second
    assert dict(small.irregular) == {
        ("n", "men of war"): ("man of war",),
        ("n", "shippen"): ("ship",),
    }
