"""The text of a script taken in as bash does: words, quotes, expansions, here-documents."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PLAIN = re.compile(r"[^\s|&;()<>\\'\"`$?*+@!\[=]+|[^\S \t\n]+")
_BLANK = re.compile(r"(?:[ \t]|\\\n)+")
_OPERATOR = re.compile(r"&&|\|\||;;&|;;|;&|\|&|<<<|<<-|<<|>>|<&|>&|<>|>\||&>>|&>|[|&;()<>\n]")
_NAME = re.compile(r"[A-Za-z_]\w*")
_ARRAY = re.compile(r"[A-Za-z_]\w*(?:\[.*\])?\+?=", re.DOTALL)
_QUOTES = re.compile(r"[\\'\"]")
_EXTENDED = "?*+@!"
_ENDS_WORD = frozenset(" \t\n|&;()<>")


class RefusedError(Exception):
    """Bash would not parse this."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, an operator or the end of the text, and where it begins and ends."""

    kind: str
    text: str
    begin: int
    end: int


@dataclass(slots=True)
class Scanner:
    """Gives the tokens of a script one by one.

    Of what stands between `$(` and its end the parser of commands takes care, `take_commands`.
    With `quotes_in_braces` a single quote quotes in `"${x…}"`, too: versions of bash differ.
    """

    text: str
    quotes_in_braces: bool
    take_commands: Callable[[], None]
    at: int = 0
    substitutions: int = 0
    _pending: list[tuple[str, bool]] = field(default_factory=list)
    _peeked: Token | None = None

    def peek(self) -> Token:
        """Look at the next token."""
        if self._peeked is None or self._peeked.begin < self.at:
            begin = self.at
            pending = [*self._pending]
            self._peeked = self._read()
            self.at, self._pending = begin, pending
        return self._peeked

    def next(self) -> Token:
        """Take the next token."""
        token = self._peeked if self._peeked is not None else self._read()
        self._peeked = None
        self.at = token.end
        if token.text == "\n" and token.kind == "operator":
            self._skip_documents()
        return token

    def go_to(self, place: int) -> None:
        """Go on reading at another place."""
        self.at, self._peeked = place, None

    def expect_document(self, delimiter: str, *, strips: bool) -> None:
        """Remember that after this line a here-document stands."""
        self._pending.append((_unquote(delimiter), strips))

    def _read(self) -> Token:
        blank = _BLANK.match(self.text, self.at)
        if blank:
            self.at = blank.end()
        if self.text.startswith("#", self.at):
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
        begin = self.at
        if begin == len(self.text):
            return Token("end", "", begin, begin)
        if not self._starts_substitution():
            found = _OPERATOR.match(self.text, begin)
            if found:
                return Token("operator", found.group(), begin, found.end())
        self.take_word()
        return Token("word", self.text[begin : self.at], begin, self.at)

    def _starts_substitution(self) -> bool:
        return self.text[self.at : self.at + 2] in {"<(", ">("}

    def take_word(self) -> None:
        """Take a word: all up to the next blank or operator that is not quoted."""
        begin = self.at
        while self.at < len(self.text):
            plain = _PLAIN.match(self.text, self.at)
            if plain:
                self.at = plain.end()
                continue
            sign = self.text[self.at]
            if self._starts_substitution():
                self.at += 2
                self._take_substitution()
            elif sign == "(" and self._may_open(begin):
                pass
            elif sign in _ENDS_WORD:
                return
            elif sign == "[" and _NAME.fullmatch(self.text, begin, self.at):
                self._take_subscript()
            else:
                self.take_part()

    def _may_open(self, begin: int) -> bool:
        """Take the parenthesis of an array or of an extended pattern."""
        if _ARRAY.fullmatch(self.text, begin, self.at):
            self.at += 1
            self._take_array()
            return True
        if self.at > begin and self.text[self.at - 1] in _EXTENDED:
            self.take_balanced("(", ")")
            return True
        return False

    def _take_array(self) -> None:
        saved, self._peeked = self._peeked, None
        while True:
            if self.text.startswith("[", self.at):
                self._take_subscript()
            token = self.next()
            if token.kind == "end" or (token.kind == "operator" and token.text not in "\n)"):
                raise RefusedError
            if token.kind == "operator" and token.text == ")":
                break
            blank = _BLANK.match(self.text, self.at)
            self.at = blank.end() if blank else self.at
        self._peeked = saved

    def _take_subscript(self) -> None:
        """Take `[i + 1]` before `=`; else the bracket is a sign like any other."""
        begin = self.at
        try:
            self.take_balanced("[", "]")
        except RefusedError:
            self.at = begin + 1
            return
        if not self.text.startswith(("=", "+="), self.at):
            self.at = begin + 1

    def take_balanced(self, opening: str, closing: str) -> None:
        """Take all from an opening sign to the one that closes it."""
        depth = 0
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == opening:
                depth += 1
            elif sign == closing:
                depth -= 1
                if not depth:
                    self.at += 1
                    return
            elif sign in "\\'\"`$":
                self.take_part()
                continue
            self.at += 1
        raise RefusedError

    def take_part(self, *, quoted: bool = False) -> None:
        """Take one sign, or what a quote or a dollar begins."""
        sign = self.text[self.at]
        self.at += 1
        if sign == "\\":
            self.at = min(self.at + 1, len(self.text))
        elif sign == "'" and not quoted:
            self._skip_past("'")
        elif sign == '"':
            self._take_quoted()
        elif sign == "`":
            self._skip_escaped("`")
        elif sign == "$":
            self._take_dollar(quoted=quoted)

    def _take_quoted(self) -> None:
        while self.at < len(self.text):
            if self.text[self.at] == '"':
                self.at += 1
                return
            self.take_part(quoted=True)
        raise RefusedError

    def _take_dollar(self, *, quoted: bool) -> None:
        following = self.text[self.at : self.at + 1]
        if following == "'" and not quoted:
            self.at += 1
            self._skip_escaped("'")
        elif following == "{":
            self.at += 1
            self._take_braces(quoted=quoted and not self.quotes_in_braces)
        elif following == "[":
            self.take_balanced("[", "]")
        elif following == "(":
            if not self.take_arithmetic(self.at):
                self.at += 1
                self._take_substitution()
        elif following == "$":
            self.at += 1

    def take_arithmetic(self, begin: int) -> bool:
        """Take what two parentheses begin, if two end it; else it is commands in two pairs."""
        if not self.text.startswith("((", begin):
            return False
        before, self.at = self.at, begin
        try:
            self.take_balanced("(", ")")
        except RefusedError:
            self.at = before
            return False
        if self.text[self.at - 2 : self.at] == "))":
            return True
        self.at = before
        return False

    def _take_braces(self, *, quoted: bool) -> None:
        while self.at < len(self.text):
            if self.text[self.at] == "}":
                self.at += 1
                return
            self.take_part(quoted=quoted)
        raise RefusedError

    def _take_substitution(self) -> None:
        saved, self._peeked = self._peeked, None
        self.substitutions += 1
        self.take_commands()
        self.substitutions -= 1
        self._peeked = saved

    def _skip_past(self, mark: str) -> None:
        end = self.text.find(mark, self.at)
        if end < 0:
            raise RefusedError
        self.at = end + 1

    def _skip_escaped(self, mark: str) -> None:
        while self.at < len(self.text):
            sign = self.text[self.at]
            self.at += 2 if sign == "\\" else 1
            if sign == mark:
                return
        raise RefusedError

    def _skip_documents(self) -> None:
        """Skip the here-documents of the line that just ended; the last may never end."""
        for delimiter, strips in self._pending:
            while self.at < len(self.text):
                end = self.text.find("\n", self.at)
                end = len(self.text) if end < 0 else end
                line = self.text[self.at : end]
                bare = line.lstrip("\t") if strips else line
                if self.substitutions and bare.startswith(f"{delimiter})"):
                    self.at = end - len(bare) + len(delimiter)
                    break
                self.at = min(end + 1, len(self.text))
                if bare == delimiter:
                    break
        self._pending = []


def _unquote(word: str) -> str:
    return _QUOTES.sub("", word)
