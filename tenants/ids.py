from uuid import UUID


def id_in(text: str) -> UUID | None:
    """The id that a text from outside stands for; None for a text that is no id."""
    try:
        return UUID(text)
    except ValueError:
        return None
