"""What every row of the catalog carries: where the fact comes from, how old and how sure it is."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Status = Literal["verified", "corroborated", "partly", "unverified", "volatile", "conflict"]
"""How sure a fact is: from the project itself (verified) down to sources that disagree."""

Text = Annotated[str, StringConstraints(min_length=1)]
"""A string that says something."""

Count = Annotated[int, Field(ge=1)]
"""A whole number of things there is at least one of."""


class _Row(BaseModel):
    """One fact: closed, unchangeable, and never without its source and date."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    status: Status
    sources: tuple[Text, ...] = Field(min_length=1)
    as_of: Text


class Source(BaseModel):
    """Where facts come from: a document or repository state, and its date as far as it has one."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    what: Text
    date: Text
