"""The import table of the house, enforced on the syntax tree (lazy imports included)."""

import ast
from pathlib import Path

import pytest

import quatrain

ROOT = Path(quatrain.__file__).parent
BASE = {"errors", "records", "config", "signatures", "text_files", "_version"}
MAY_IMPORT = {
    "_version": set(),
    "escaping": set(),
    "errors": {"escaping"},
    "text_files": {"errors"},
    "mapped_tensors": set(),
    "native": set(),
    "records": {"errors"},
    "signatures": set(),
    "config": {"errors", "text_files"},
    "corpus": BASE,
    "layers": {"errors"},
    "sound": {"layers", "mapped_tensors"} | BASE,
    "meaning": {"mapped_tensors"} | BASE,
    "form": {"sound"} | BASE,
    "poet": {"layers", "corpus"} | BASE,
    "critic": {"errors"},
    "write": {"poet", "form", "meaning", "critic"} | BASE,
    "word_search": {"meaning", "sound", "form", "poet", "write"} | BASE,
    "train": {"corpus", "layers", "poet", "write"} | BASE,
    "explain": {"corpus", "layers", "poet", "write"} | BASE,
    "page": {"records", "errors", "escaping"},
    "scale": {"corpus", "sound"} | BASE,
    "studio": {"corpus", "explain", "form", "meaning", "page", "poet", "sound", "train", "write"}
    | {"word_search", "native"}
    | BASE,
}
MAY_IMPORT_WITHIN: dict[str, dict[str, set[str]]] = {
    "sound": {
        "function_words": set(),
        "frequency": set(),
        "ipa": set(),
        "data_files": set(),
        "pronunciation": {"frequency", "function_words"},
        "scansion": {"pronunciation", "frequency", "function_words"},
        "rhyme": {"pronunciation", "frequency", "function_words"},
    },
    "meaning": {
        "database": set(),
        "lemmas": {"database"},
        "senses": {"database", "lemmas"},
        "relatives": {"database", "lemmas", "senses"},
        "stand_ins": {"database", "lemmas", "relatives"},
    },
    "critic": {
        "protocol": set(),
        "gguf_header": set(),
        "model_files": {"gguf_header"},
        "token_scorer": set(),
        "hugging_face": {"model_files", "token_scorer"},
        "schemes": {"protocol", "hugging_face"},
    },
    "write": {
        "sampling": set(),
        "overlap": set(),
        "text_statistics": set(),
        "spoken_tokens": set(),
        "word_classes": {"spoken_tokens"},
        "line_critic": set(),
        "user_text": {"spoken_tokens", "word_classes"},
        "option_checks": {"overlap", "user_text"},
        "options": {"option_checks", "user_text", "overlap", "line_critic"},
        "generation": {"options"},
        "search": {"sampling"},
        "contrast": {"search"},
        "bias": {"word_classes"},
        "near": {"bias", "contrast"},
        "free": {
            "user_text", "options", "generation", "sampling", "bias", "text_statistics", "search",
            "contrast",
        },
        "constrained": {
            "user_text", "options", "generation", "overlap", "text_statistics", "word_classes",
            "search", "bias", "near", "contrast", "line_critic", "spoken_tokens",
        },
        "revise": {"options", "option_checks", "overlap", "word_classes", "bias", "constrained"},
        "draft": {"options", "overlap", "constrained", "revise", "user_text", "contrast"},
        "writer": {
            "options", "option_checks", "overlap", "generation", "bias", "free", "constrained",
            "revise", "draft",
        },
    },
    "studio": {
        "settings": set(),
        "logs": set(),
        "form_names": set(),
        "drafts": set(),
        "training": set(),
        "workers": {"logs"},
        "metrics": {"workers"},
        "problems": {"logs", "workers"},
        "security": {"settings", "logs", "metrics", "problems"},
        "schemas": {"drafts"},
        "tasks": {"schemas", "drafts", "training", "workers"},
        "openapi": {"schemas"},
        "api": {
            "settings", "form_names", "drafts", "training", "workers", "metrics", "problems",
            "security", "schemas", "tasks",
        },
        "mcp": {
            "settings", "form_names", "training", "workers", "problems", "security", "schemas",
            "tasks",
        },
        "app": {
            "settings", "drafts", "training", "workers", "metrics", "problems", "security",
            "schemas", "tasks", "openapi", "api",
        },
        "serve": {"settings", "logs", "app"},
    },
}  # fmt: skip
"""Inside a room: what each folder or file may import of the others, the lowest first."""

DEFERRED = {"records/deferred.py": {"corpus", "page"}}
"""Files with more rights than their room, in imports that stand inside a function."""

FREE = {"__init__", "__main__", "cli"}
"""The package's face and the command line may import any room."""

HEAVY = {
    "torch": {"train", "explain", "critic"},
    "transformers": {"critic"},
    "psutil": {"critic"},
    "accelerate": {"train"},
    "matplotlib": {"train", "page"},
    "latex2mathml": {"page"},
    "lxml": {"corpus"},
    "pyarrow": {"corpus", "scale"},
    "huggingface_hub": {"poet", "critic"},
    "onnx": {"poet"},
    "onnxruntime": {"poet"},
    "alembic": {"studio"},
    "fastapi": {"studio"},
    "mcp": {"studio"},
    "prometheus_client": {"studio"},
    "pydantic": {"studio"},
    "sqlalchemy": {"studio"},
    "starlette": {"studio"},
    "uvicorn": {"studio"},
}

TORCH_IN_EXPLAIN = {"autograd", "module", "observer", "dispatch", "restoring"}
"""Modules of `explain` that may import torch, inside their functions."""

BANNED = {"pickle", "marshal", "shelve", "dill", "joblib"}


def room_of(path: Path) -> str:
    relative = path.relative_to(ROOT)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports(path: Path) -> list[tuple[int, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            module = node.module or ""
            if module == "quatrain":
                found += [(node.lineno, f"quatrain.{alias.name}") for alias in node.names]
            else:
                found.append((node.lineno, module))
    return found


SOURCES = sorted(ROOT.rglob("*.py"))


def test_every_module_belongs_to_a_known_room() -> None:
    assert {room_of(path) for path in SOURCES} <= set(MAY_IMPORT) | FREE


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_import_only_what_the_table_allows(path: Path) -> None:
    room = room_of(path)
    deferred = DEFERRED.get(path.relative_to(ROOT).as_posix(), set())
    for line, name in imports(path):
        top = name.split(".")[0]
        assert top not in BANNED, f"{path}:{line} imports {name}"
        if top in HEAVY:
            assert room in HEAVY[top], f"{path}:{line} imports {name}"
        if top == "torch" and room == "explain":
            assert path.stem in TORCH_IN_EXPLAIN, f"{path}:{line} imports {name}"
        if top == "quatrain" and room not in FREE:
            target = name.split(".")[1] if "." in name else ""
            assert target in MAY_IMPORT[room] | {room} | deferred, (
                f"{path}:{line}: {room} imports {name}"
            )


@pytest.mark.parametrize("name", DEFERRED)
def test_deferred_imports_are_inside_functions(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("quatrain"):
            assert node.module.split(".")[1] not in DEFERRED[name], f"{name}:{node.lineno}"


@pytest.mark.parametrize("room", MAY_IMPORT_WITHIN)
def test_the_order_inside_a_room_has_no_arrow_up(room: str) -> None:
    """Each part may import only parts listed before it, so that there is no circle."""
    lower: set[str] = set()
    for part, may_import in MAY_IMPORT_WITHIN[room].items():
        assert may_import <= lower, f"{room}: {part} may not import {may_import - lower}"
        lower.add(part)


@pytest.mark.parametrize("room", MAY_IMPORT_WITHIN)
def test_parts_of_a_room_import_only_what_the_inner_table_allows(room: str) -> None:
    table = MAY_IMPORT_WITHIN[room]
    for path in sorted((ROOT / room).rglob("*.py")):
        relative = path.relative_to(ROOT / room)
        part = relative.parts[0] if len(relative.parts) > 1 else relative.stem
        if part == "__init__":  # the room's face may import all of it
            continue
        assert part in table, f"{path}: add {part!r} to the inner table of {room}"
        for line, name in imports(path):
            assert name != f"quatrain.{room}", f"{path}:{line} imports the face of its own room"
            if name.startswith(f"quatrain.{room}."):
                target = name.split(".")[2]
                assert target in table[part] | {part}, f"{path}:{line}: {part} imports {name}"


def test_writing_knows_nothing_of_critics_but_their_protocol() -> None:
    """Otherwise it would import torch."""
    for path in (ROOT / "write").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "quatrain.critic"
            ):
                assert (node.module, [alias.name for alias in node.names]) == (
                    "quatrain.critic",
                    ["Critic"],
                ), f"{path}:{node.lineno}"


def test_no_eval_or_exec() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec"}, f"{path}:{node.lineno}"
