"""The next words and operators of a script, and what has to be among them."""

from __future__ import annotations

from .scanner import RefusedError, Scanner


class Tokens:
    """What a parser asks of the next token, and takes."""

    def __init__(self, source: Scanner) -> None:
        self._source = source

    def _skip_lines(self) -> None:
        while self._is_operator("\n"):
            self._source.next()

    def _is_operator(self, *texts: str) -> bool:
        token = self._source.peek()
        return token.kind == "operator" and token.text in texts

    def _is_word(self, *texts: str) -> bool:
        token = self._source.peek()
        return token.kind == "word" and token.text in texts

    def _expect_operator(self, text: str) -> None:
        if not self._is_operator(text):
            raise RefusedError
        self._source.next()

    def _expect_word(self, text: str) -> None:
        if not self._is_word(text):
            raise RefusedError
        self._source.next()
