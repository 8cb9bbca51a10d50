"""docs/states.md, drawn from the table of moves."""

from applications.life.asking import SECONDED
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
    seconded = dict.fromkeys(f"`{move.name}`" for move in TABLE if move.by in SECONDED)
    lines += [
        "",
        "`KOSS_SECOND_REVIEW` can ask for a second pair of eyes ([staff.md](staff.md)): the line "
        "is as above, made when somebody else confirms it, and the application keeps its status "
        f"until then. It can name {', '.join(seconded)}.",
    ]
    return "\n".join(lines) + "\n"
