"""Folds texts to one spelling and cuts them into pairs of neighbouring characters. Pure."""

import unicodedata


def fold(text: str) -> str:
    """One spelling for full and half width, upper and lower case; spaces and hyphens carry no meaning."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if not char.isspace() and char not in "-－—_〔〕[]()（）【】")


def grams(folded: str) -> set[str]:
    """Every pair of neighbouring characters."""
    return {folded[i : i + 2] for i in range(len(folded) - 1)}
