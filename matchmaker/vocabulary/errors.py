"""What goes wrong while the vocabulary's own data files are read."""


class VocabularyError(ValueError):
    """A data file of the vocabulary is wrong; the message says file, row, field and why."""

    def __init__(self, file: str, where: str, problem: str) -> None:
        """Remember what is wrong.

        Args:
            file: name of the data file, such as ``areas.csv``.
            where: the row or entry and, where one is to blame, the field: ``row 12, parents``.
            problem: what is wrong, in words a person can act on.
        """
        super().__init__(f"{file}: {where}: {problem}")
        self.file = file
        self.where = where
        self.problem = problem
