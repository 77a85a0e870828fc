"""Pieces of Python's text that are in shape already."""

import textwrap

WIDTH = 110


def docstring(text: str, indent: str) -> list[str]:
    """Lines; none for an empty text."""
    printed = "".join(one if one.isprintable() or one == "\n" else " " for one in text)
    clean = printed.replace("\\", "\\\\").replace('"', "'")
    wrap = textwrap.TextWrapper(width=WIDTH - len(indent) - 3, break_long_words=False, break_on_hyphens=False)
    lines = [line for part in clean.split("\n") for line in wrap.wrap(part.strip()) or [""]]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    if not lines:
        return []
    if len(lines) == 1 and len(lines[0]) + len(indent) + 6 <= WIDTH:
        return [f'{indent}"""{lines[0]}"""']
    first, *others = lines
    return [f'{indent}"""{first}', *(f"{indent}{line}".rstrip() for line in others), f'{indent}"""']


def quoted(text: str) -> str:
    """As ruff would quote it."""
    shown = repr(text)
    if shown.startswith("'") and '"' not in text:
        return f'"{shown[1:-1]}"'
    return shown
