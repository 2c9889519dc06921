"""Names of an LSTM's quantities, where books differ: the candidate is g or c-tilde."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from quatrain.errors import SettingsError

CandidateName: TypeAlias = Literal["g", "c"]
"""g, as in PyTorch and Graves 2013; or c with a tilde, as in Cho et al. 2014."""


@dataclass(frozen=True, slots=True)
class Notation:
    """Names under which the quantities of a cell are written.

    Attributes:
        candidate: the letter of the candidate; "c" has a tilde, but not as an index: W_xc.

    Raises:
        SettingsError: it is neither of the two.
    """

    candidate: CandidateName = "g"

    def __post_init__(self) -> None:
        if self.candidate not in ("g", "c"):
            raise SettingsError(
                "the notation of the candidate",
                f"{self.candidate!r}",
                "'g' or 'c'",
                "'c' is written with a tilde.",
            )

    @property
    def text(self) -> str:
        """Candidate in plain text, where c~ is c with a tilde."""
        return "g" if self.candidate == "g" else "c~"

    @property
    def latex(self) -> str:
        """Candidate in LaTeX."""
        return "g" if self.candidate == "g" else r"\tilde c"

    @property
    def gates(self) -> str:
        """Gates and the candidate in their order in memory."""
        return f"i, f, {self.text}, o"

    def of(self, name: str) -> str:
        """Return the name of a gate or of its gradient, given with g for the candidate.

        "delta g" becomes "delta c~" and "z_g" "z_c".
        """
        if not name.endswith("g"):
            return name
        return f"{name[:-1]}{self.candidate if '_' in name else self.text}"

    def latex_of(self, name: str) -> str:
        """Return the LaTeX of a gate's letter, given as i, f, g or o."""
        return self.latex if name == "g" else name
