r"""Formulas within prose: "delta c_t" in a sentence becomes $\delta c_t$.

The texts of explanations write formulas in one plain notation: `W_xi`, `h_{t-1}`, `y_hat`,
`delta c_t`, `tanh^2(c_t)`, `dL/dW_xk`, `*` for the product of elements. `mixed` finds them in a
sentence. A run of letters and numbers is a formula if it has a sign of this notation, or an
operator between its letters; "a" and "I" are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quatrain.page.latex.text import printed

_GREEK = ("delta", "sigma", "lambda", "rho", "partial")
_FUNCTIONS = {"tanh": r"\tanh", "log": r"\log", "exp": r"\exp", "max": r"\max"}
_ROUNDED = {"floor": ("lfloor", "rfloor"), "ceil": ("lceil", "rceil")}
_OPERATORS = {
    "<=": r"\le",
    ">=": r"\ge",
    "=": "=",
    "*": r"\odot",
    "+": "+",
    "-": "-",
    "/": "/",
    "x": r"\times",
}
_WORDS = frozenset({"a", "A", "I"})
"""Letters that are words unless an operator or an index follows."""

_LETTERS_OF_INDEX = 2
"""Letters of an index that are names of quantities, as in W_xi; a longer one is a word."""

_SCRIPT = r"(?:\{[^{}]*\}|\([a-z][+-]\d\)|[A-Za-z0-9]+)"
_LETTER = re.compile(
    rf"(?P<name>[A-Za-z])(?P<tilde>~)?(?P<hat>_hat)?(?P<sub>_{_SCRIPT})?(?P<at>,\d+(?!\d*[\s,]*\d))?"
    rf"(?P<power>\^(?:T|\d+))?(?P<prime>')?(?![A-Za-z~_^'])"
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?(?!\d|[A-Za-z_])")
_SLOPE = re.compile(r"d(?P<of>L|y_hat_k|[a-z]_[A-Za-z])/d(?P<by>\((?=[^)]*\))|(?=[A-Za-z]))")
_ONE = "[b-zB-HJ-Z]~?"
_LIST = re.compile(rf"(?<![\w-]){_ONE}(?:, {_ONE})+(?: (?:and|or) {_ONE})?(?![\w'~-])")
_QUOTED = re.compile(r'"[^"\s]*"')
"""Code within prose, such as "tanh(c)": what a reader types, as it is typed."""


@dataclass(slots=True)
class _Reader:
    """A place in a text, and what was read up to it."""

    text: str
    at: int
    signs: int = 0
    operators: int = 0

    def expression(self) -> str:
        """Read terms joined by operators or side by side; "" if there is none."""
        latex = self._term()
        while latex:
            before, signs, operators = self.at, self.signs, self.operators
            gap = self._spaces()
            operator = self._operator(gap)
            if operator:
                self._spaces()
            # "cell 588 (r = 0.95)" is no product.
            apart = latex[-1].isdigit() and self.text.startswith("(", self.at)
            joined = operator or (gap and not apart)
            further = self._term(follows=not operator) if joined else ""
            if not further:
                self.at, self.signs, self.operators = before, signs, operators
                break
            self.operators += bool(operator)
            latex = f"{latex} {operator} {further}" if operator else rf"{latex} \, {further}"
        return latex

    def _term(self, *, follows: bool = False) -> str:
        text, start = self.text, self.at
        if text.startswith("-", start) and not follows:
            self.at += 1
            inside = self._term(follows=True)
            if inside:
                return f"-{inside}"
            self.at = start
            return ""
        if text.startswith("(", start):
            inside = self._group()
            return f"({inside})" if inside else ""
        return self._slope() or self._word(follows=follows) or self._symbol() or self._number()

    def _group(self) -> str:
        """Read an expression in parentheses."""
        start, signs, operators = self.at, self.signs, self.operators
        self.at += 1
        inside = self.expression()
        if inside and self.text.startswith(")", self.at):
            self.at += 1
            return inside
        self.at, self.signs, self.operators = start, signs, operators
        return ""

    def _slope(self) -> str:
        """Read a derivative: dL/dW_xk."""
        match = _SLOPE.match(self.text, self.at)
        if not match:
            return ""
        start = self.at
        self.at = match.end()
        if match["by"]:
            self.at -= 1
            below = f"({self._group()})"
        else:
            below = self._symbol()
        if below in ("", "()"):
            self.at = start
            return ""
        self.signs += 1
        above = _named(match["of"])
        return rf"\partial {above} / \partial {below}"

    def _word(self, *, follows: bool) -> str:
        """Read a Greek letter or a function, with what it is applied to."""
        match = re.compile(r"[a-z]+(?:_k)?").match(self.text, self.at)
        name = match[0] if match else ""
        start = self.at
        if name in _GREEK:
            self.at += len(name)
            prime = self._prime()
            operand = self._applied() or ("" if prime else self._operand())
            if name == "sigma" or prime or operand:
                self.signs += 1
                return rf"\{name}{prime} {operand}".rstrip()
        elif name in _FUNCTIONS:
            self.at += len(name)
            power = re.compile(r"\^\d").match(self.text, self.at)
            self.at += 2 if power else 0
            prime = self._prime()
            operand = self._applied() or self._operand()
            if operand or prime or (power and not follows) or name == "tanh":
                self.signs += 1
                return f"{_FUNCTIONS[name]}{power[0] if power else ''}{prime} {operand}".rstrip()
        elif name in _ROUNDED and self.text.startswith("(", start + len(name)):
            self.at += len(name)
            inside = self._group()
            if inside:
                opening, closing = _ROUNDED[name]
                self.signs += 1
                return rf"\{opening} {inside} \{closing}"
        self.at = start
        return ""

    def _applied(self) -> str:
        if not self.text.startswith("(", self.at):
            return ""
        inside = self._group()
        return f"({inside})" if inside else ""

    def _operand(self) -> str:
        """Read a letter after a space."""
        start = self.at
        symbol = self._symbol() if self._spaces() else ""
        if not symbol:
            self.at = start
        return symbol

    def _prime(self) -> str:
        if self.text.startswith("'", self.at) and not self.text.startswith("'s", self.at):
            self.at += 1
            return "'"
        return ""

    def _symbol(self) -> str:
        match = _LETTER.match(self.text, self.at)
        if not match:
            return ""
        marked = any(match[part] for part in ("tilde", "hat", "sub", "power"))
        rest = self.text[match.end() :].lstrip(" ")
        if not marked and match["name"] in _WORDS and rest[:1] not in "=*/+<>)^":
            return ""
        if not marked and match["prime"]:
            return ""
        self.at = match.end()
        self.signs += marked
        return _named(match[0])

    def _number(self) -> str:
        match = _NUMBER.match(self.text, self.at)
        if not match:
            return ""
        self.at = match.end()
        digits, exponential, exponent = match[0].replace(",", "{,}").partition("e")
        if not exponential:
            return digits
        self.signs += 1
        power = f"10^{{{int(exponent)}}}"
        return power if digits == "1" else rf"{digits} \times {power}"

    def _spaces(self) -> bool:
        start = self.at
        while self.text.startswith(" ", self.at):
            self.at += 1
        return self.at > start

    def _operator(self, gap: bool) -> str:
        for sign, latex in _OPERATORS.items():
            after = self.at + len(sign)
            if self.text.startswith(sign, self.at):
                spaced = self.text.startswith(" ", after)
                if sign == "x" and not (gap and spaced):
                    continue
                if sign == "-" and gap != spaced:  # "h - -1" is written with spaces on both sides
                    continue
                self.at = after
                return latex
        return ""


def mixed(text: str) -> str:
    """Escape a sentence for LaTeX, with its formulas as mathematics."""
    return "".join(f"${latex}$" if latex else printed(piece) for piece, latex in _pieces(text))


def unbroken(text: str) -> list[str]:
    """Cut a text at the spaces outside its formulas."""
    words = [""]
    for piece, latex in _pieces(text):
        first, *others = [piece] if latex else piece.split(" ")
        words[-1] += first
        words += others
    return [word for word in words if word]


def whole(text: str) -> str:
    """Return a text that is a formula from its first letter to its last as LaTeX, "" if none."""
    end, latex = _formula_at(text, 0)
    return latex if latex and end == len(text) else ""


def in_mathematics(text: str) -> str:
    r"""Return a text for use within mathematics: a formula, or upright words in \text."""
    return whole(text) or (rf"\text{{{mixed(text)}}}" if text else "")


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the prose and the formulas of a text, in order, with the LaTeX of formulas."""
    done = 0
    for start in _starts(text):
        if start < done:
            continue
        end, latex = _formula_at(text, start)
        if latex:
            yield text[done:start], ""
            yield text[start:end], latex
            done = end
    yield text[done:], ""


def _starts(text: str) -> list[int]:
    """Return the places where a word or a sign begins, outside what is quoted as code."""
    code = {place for match in _QUOTED.finditer(text) for place in range(*match.span())}
    starts = (match.start() for match in re.finditer(r"(?<![\w\\'-])[\w(*-]", text))
    return [start for start in starts if start not in code]


def _formula_at(text: str, start: int) -> tuple[int, str]:
    """Return the end and the LaTeX of a formula that begins at a place, "" if none does."""
    if text.startswith("* multiplies", start):
        return start + 1, r"\odot"
    letters = _LIST.match(text, start)
    if letters:
        listed = re.sub(r"(\w)~", r"\\tilde \1", letters[0]).replace(", ", r",\ ")
        return letters.end(), re.sub(r" (and|or) ", r" \\text{ \1 } ", listed)
    reader = _Reader(text, start)
    latex = reader.expression()
    named = re.search(r"[A-Za-z]", text[start : reader.at]) is not None
    if not latex or not (reader.signs or (reader.operators and named)):
        return start, ""
    if re.match(r"[\w~^]|-\w", text[reader.at :]):
        return start, ""
    return reader.at, latex


def _named(name: str) -> str:
    """Return a letter with its hat, tilde, indices and powers as LaTeX."""
    match = _LETTER.match(name)
    if not match:
        return printed(name)
    letter = match["name"]
    letter = rf"\hat {letter}" if match["hat"] else letter
    letter = rf"\tilde {letter}" if match["tilde"] else letter
    index = (match["sub"] or "")[1:].strip("{}()") + (match["at"] or "")
    power = (match["power"] or "").replace("^T", r"^\top")
    if len(index) > _LETTERS_OF_INDEX and index.isalpha():
        index = rf"\mathrm{{{index}}}"
    script = f"_{{{index}}}" if len(index) > 1 else f"_{index}" if index else ""
    return f"{letter}{script}{power}{match['prime'] or ''}"
