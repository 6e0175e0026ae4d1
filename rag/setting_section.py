"""What all groups of settings are."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A group of settings: fixed once read, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")
