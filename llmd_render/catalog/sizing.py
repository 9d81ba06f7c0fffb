"""Numbers that sizes and times are estimated with."""

from typing import Annotated

from pydantic import Field

from .row import Text, _Row


class Figure(_Row):
    """A number with the words that say of what it is."""

    id: Text
    what: Text
    value: Annotated[float, Field(gt=0)]
    note: Text | None = None
