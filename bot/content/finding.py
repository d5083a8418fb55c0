"""One thing that is wrong in a file that people edit: where, which rule, and the cure."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True, order=True)
class Finding:
    """What a check has to say.

    Attributes:
        file: relative to the project, with forward slashes.
        where: a name or a line inside the file.
        rule: the rule's short name, as `exempt` takes it.
        message: what is wrong, and the cure.
    """

    file: str
    where: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.where}: {self.message} [{self.rule}]"
