"""Whether bash parses a script, told by its grammar and by nothing else.

The compiled grammar stumbles over some of what bash takes. What it complains of is asked here
again. This one is lax: it may take what bash refuses, and should not refuse what bash takes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .scanner import RefusedError, Scanner, Token
from .tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

_REDIRECTIONS = frozenset({"<", ">", ">>", ">|", "<>", "<&", ">&", "&>", "&>>", "<<<"})
_DOCUMENTS = frozenset({"<<", "<<-"})
_CLOSING = frozenset({"then", "do", "done", "fi", "elif", "else", "esac", "}"})
_DESCRIPTOR = re.compile(r"\d+|\{\w+\}")
_CONDITION_END = re.compile(r"\]\](?=[\s;&|)<>]|$)")
_NAME = re.compile(r"[A-Za-z_]\w*")


def is_parsed_by_bash(text: str) -> bool:
    """Whether bash would parse a script, as far as its grammar tells."""
    return any(_accepts(text, quotes_in_braces=choice) for choice in (False, True))


def _accepts(text: str, *, quotes_in_braces: bool) -> bool:
    parser = _Parser(text, quotes_in_braces=quotes_in_braces)
    try:
        parser.take_list()
    except RefusedError:
        return False
    except RecursionError:  # nobody can tell
        return True
    return parser.is_at_end()


class _Parser(Tokens):
    def __init__(self, text: str, *, quotes_in_braces: bool) -> None:
        super().__init__(Scanner(text, quotes_in_braces, self._take_substitution))
        self._compounds: dict[str, Callable[[], None]] = {
            "{": lambda: self._take_body("{", "}"),
            "if": self._take_if,
            "while": self._take_while,
            "until": self._take_while,
            "for": self._take_for,
            "select": self._take_for,
            "case": self._take_case,
            "[[": self._take_condition,
            "function": self._take_function,
        }

    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self._source.peek().kind == "end"

    def take_list(self) -> int:
        """Take commands as long as there are some, and give how many."""
        count = 0
        while True:
            self._skip_lines()
            if not self._starts_command():
                return count
            self._take_and_or()
            count += 1
            if not self._is_operator(";", "&", "\n"):
                return count
            self._source.next()

    def _take_substitution(self) -> None:
        self.take_list()
        self._expect_operator(")")

    def _starts_command(self) -> bool:
        token = self._source.peek()
        if token.kind == "word":
            return token.text not in _CLOSING
        return token.text in _REDIRECTIONS | _DOCUMENTS or token.text == "("

    def _take_and_or(self) -> None:
        self._take_pipeline()
        while self._is_operator("&&", "||"):
            self._source.next()
            self._skip_lines()
            self._take_pipeline()

    def _take_pipeline(self) -> None:
        while self._is_word("!", "time", "-p"):
            if self._source.next().text == "-p":
                continue
            if not self._starts_command():
                return
        self._take_command()
        while self._is_operator("|", "|&"):
            self._source.next()
            self._skip_lines()
            self._take_command()

    def _take_command(self) -> None:
        if not self._starts_command():
            raise RefusedError
        token = self._source.peek()
        if token.text == "(" and token.kind == "operator":
            self._take_parentheses(token)
        elif token.kind == "word" and token.text in self._compounds:
            self._compounds[token.text]()
        elif token.text == "coproc":
            self._take_coprocess()
            return
        else:
            self._take_simple()
            return
        while self._take_redirection():
            pass

    def _take_simple(self) -> None:
        words = 0
        while True:
            if self._take_redirection():
                continue
            if self._source.peek().kind == "word":
                self._source.next()
                words += 1
            elif words == 1 and self._is_operator("("):
                self._take_marks()
                self._take_function_body()
                return
            elif self._is_operator("("):
                raise RefusedError
            else:
                return

    def _take_redirection(self) -> bool:
        token = self._source.peek()
        if token.kind == "word" and _DESCRIPTOR.fullmatch(token.text):
            if self._source.text[token.end : token.end + 1] not in {"<", ">"}:
                return False
            self._source.next()
            token = self._source.peek()
        if token.kind != "operator" or token.text not in _REDIRECTIONS | _DOCUMENTS:
            return False
        self._source.next()
        word = self._source.next()
        if word.kind != "word":
            raise RefusedError
        if token.text in _DOCUMENTS:
            self._source.expect_document(word.text, strips=token.text == "<<-")
        return True

    def _take_parentheses(self, token: Token) -> None:
        self._source.go_to(token.begin)
        if self._source.take_arithmetic(token.begin):
            self._source.go_to(self._source.at)
            return
        self._source.next()
        self._take_some()
        self._expect_operator(")")

    def _take_some(self) -> None:
        if not self.take_list():
            raise RefusedError

    def _take_body(self, opening: str, closing: str) -> None:
        self._expect_word(opening)
        self._take_some()
        self._expect_word(closing)

    def _take_if(self) -> None:
        self._source.next()
        while True:
            self._take_some()
            self._expect_word("then")
            self._take_some()
            if not self._is_word("elif"):
                break
            self._source.next()
        if self._is_word("else"):
            self._source.next()
            self._take_some()
        self._expect_word("fi")

    def _take_while(self) -> None:
        self._source.next()
        self._take_some()
        self._take_body("do", "done")

    def _take_for(self) -> None:
        self._source.next()
        token = self._source.peek()
        if token.text == "(":
            if not self._source.take_arithmetic(token.begin):
                raise RefusedError
            self._source.go_to(self._source.at)
        elif self._source.next().kind != "word":
            raise RefusedError
        self._skip_lines()
        if self._is_word("in"):
            self._source.next()
            while self._source.peek().kind == "word":
                self._source.next()
            if not self._is_operator(";", "\n"):
                raise RefusedError
        if self._is_operator(";"):
            self._source.next()
        self._skip_lines()
        if self._is_word("{"):
            self._take_body("{", "}")
        else:
            self._take_body("do", "done")

    def _take_case(self) -> None:
        self._source.next()
        if self._source.next().kind != "word":
            raise RefusedError
        self._skip_lines()
        self._expect_word("in")
        self._skip_lines()
        while not self._is_word("esac"):
            self._take_patterns()
            self.take_list()
            if not self._is_operator(";;", ";&", ";;&"):
                break
            self._source.next()
            self._skip_lines()
        self._expect_word("esac")

    def _take_patterns(self) -> None:
        if self._is_operator("("):
            self._source.next()
        while True:
            if self._source.next().kind != "word":
                raise RefusedError
            if not self._is_operator("|"):
                break
            self._source.next()
        self._expect_operator(")")

    def _take_condition(self) -> None:
        """Take `[[ … ]]`; what stands in it has a grammar of its own, which nobody checks."""
        source = self._source
        source.go_to(source.next().end)
        text = source.text
        while source.at < len(text):
            if text[source.at - 1].isspace() and _CONDITION_END.match(text, source.at):
                source.go_to(source.at + 2)
                return
            source.take_part()
        raise RefusedError

    def _take_function(self) -> None:
        self._source.next()
        if self._source.next().kind != "word":
            raise RefusedError
        if self._is_operator("("):
            self._take_marks()
        self._take_function_body()

    def _take_marks(self) -> None:
        self._expect_operator("(")
        self._expect_operator(")")

    def _take_function_body(self) -> None:
        self._skip_lines()
        token = self._source.peek()
        if token.text != "(" and token.text not in self._compounds:
            raise RefusedError
        self._take_command()

    def _take_coprocess(self) -> None:
        self._source.next()
        token = self._source.peek()
        if token.text not in self._compounds and _NAME.fullmatch(token.text):
            self._source.next()
            following = self._source.peek()
            if following.text != "(" and following.text not in self._compounds:
                self._source.go_to(token.begin)
        self._take_command()
