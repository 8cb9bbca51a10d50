"""docs/states.md, drawn from the table of moves."""

from applications.life.conditions import says
from applications.life.table import TABLE
from applications.status import Actor, Status


def draw():
    """The whole text of docs/states.md."""
    lines = [
        "# The life of an application",
        "",
        "Drawn by `python manage.py states` from `applications/life/table.py`; "
        "a test keeps them equal.",
        "",
        "```mermaid",
        "stateDiagram-v2",
    ]
    lines += [f'    state "{status.label}" as {status.value}' for status in Status]
    for move in TABLE:
        source = move.source.value if move.source else "[*]"
        lines.append(f"    {source} --> {move.target.value}: {move.name.value}")
    lines += [f"    {status} --> [*]" for status in sorted(Status.FINAL)]
    lines += [
        "```",
        "",
        "| from | move | by | only when | to | mail |",
        "|---|---|---|---|---|---|",
    ]
    for move in TABLE:
        source = move.source.label if move.source else "–"
        condition = says(move.when) if move.when else ""
        lines.append(
            f"| {source} | {move.name.label} `{move.name.value}` | {Actor(move.by).label} "
            f"| {condition} | {move.target.label} | {move.mail} |"
        )
    return "\n".join(lines) + "\n"
