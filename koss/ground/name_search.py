"""Finding names by any part of them, fast in a table of millions, on SQLite and on PostgreSQL.

A model that is searched by names has a column ``names``: what ``variants.key`` makes of each name,
cut into all pairs of neighbouring letters, and each letter once (山田花子: 山田 田花 花子 end 山 田
花 子).
Any part of a name is a run of such pairs. SQLite looks them up in a full-text table beside the
model's own, kept by triggers; PostgreSQL in an index over the list of pairs.

``ensure`` makes what a database needs for this after every ``migrate``: SQLite forgets triggers
when Django changes a table.
"""

from django.db import connections, models
from django.db.models import Lookup
from django.utils.translation import gettext_lazy as _

from koss.ground import variants
from koss.ground.progress import followed

# Between two names: no pair, and never searched for.
_END = "end"


def pairs_of(names):
    """The text of the column for ``names``."""
    keys = list(dict.fromkeys(key for key in map(variants.key, names) if key))
    pairs = [pair for key in keys for pair in [*_pairs(key), _END]]
    return " ".join([*pairs, *dict.fromkeys("".join(keys))])


def _pairs(key):
    return [key[place : place + 2] for place in range(len(key) - 1)]


class NamesColumn(models.TextField):
    """What a model's rows are found by. ``sources``: its columns that hold names.

    Search it with the lookup ``finds``.
    """

    def __init__(self, sources, **kwargs):
        self.sources = tuple(sources)
        super().__init__(_("検索用の名前"), **{"default": "", "editable": False, **kwargs})

    def deconstruct(self):
        name, _path, _args, kwargs = super().deconstruct()
        kwargs.pop("verbose_name", None)
        return name, "koss.ground.name_search.NamesColumn", [list(self.sources)], kwargs

    def pre_save(self, instance, add):
        value = pairs_of(getattr(instance, name) for name in self.sources)
        setattr(instance, self.attname, value)
        return value


@NamesColumn.register_lookup
class Finds(Lookup):
    """Rows of which one name holds the text, in any width, kana or variant of a kanji."""

    lookup_name = "finds"
    prepare_rhs = False

    def __init__(self, lhs, rhs):
        super().__init__(lhs, rhs)
        key = variants.key(rhs)
        self.tokens = _pairs(key) or [key]

    def as_sqlite(self, compiler, connection):
        column, table = self.lhs, _index_of(self.lhs.target.model)
        rowid = f'"{column.alias}"."{column.target.model._meta.pk.column}"'
        found = f'SELECT rowid FROM "{table}" WHERE "{table}" MATCH %s'
        return f"{rowid} IN ({found})", [f'"{" ".join(self.tokens)}"']

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        # The first condition is what the index answers. The second is exact, and cheap enough to be
        # asked of row after row where a name is so common that this is faster.
        condition = f"(string_to_array({column}, ' ') @> %s::text[] AND {column} LIKE %s)"
        return condition, [*params, self.tokens, *params, f"%{' '.join(self.tokens)}%"]


class NamedQuerySet(models.QuerySet):
    """Refuses what would change a name and not its ``names``."""

    def update(self, **values):
        sources = self.model._meta.get_field("names").sources
        if changed := sorted(set(sources) & set(values)):
            raise TypeError(f"save() the rows instead: update() of {changed} leaves names as it is")
        return super().update(**values)


class Named(models.Model):
    """A model with a column ``names``: whatever saves a name saves that too."""

    objects = NamedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        sources = self._meta.get_field("names").sources
        if update_fields and set(sources) & set(update_fields):
            update_fields = {*update_fields, "names"}
        super().save(*args, update_fields=update_fields, **kwargs)


def fill(model, *, using, chunk=2000):
    """Write ``names`` of all rows, for a migration. ``model``: as the migration knows it."""
    rows = model._default_manager.using(using).order_by("pk")
    column = model._meta.get_field("names")
    batches = -(-rows.count() // chunk)
    for batch in followed(_batches(rows, chunk), model._meta.db_table, total=batches):
        for row in batch:
            row.names = pairs_of(getattr(row, name) for name in column.sources)
        rows.bulk_update(batch, ["names"], batch_size=200)


def _batches(rows, chunk):
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:chunk]):
        yield batch
        last = batch[-1].pk


def ensure(app_config, using, **_signal):
    """Have the index of every model of an app that has ``names``. Receiver of ``post_migrate``."""
    connection = connections[using]
    for model in app_config.get_models():
        has_names = any(isinstance(field, NamesColumn) for field in model._meta.local_fields)
        if has_names and _column_is_there(connection, model):
            _MAKERS[connection.vendor](connection, model)


def _column_is_there(connection, model):
    """Not so in the middle of migrations, or before them."""
    with connection.cursor() as cursor:
        if model._meta.db_table not in connection.introspection.table_names(cursor):
            return False
        described = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return "names" in {column.name for column in described}


def _index_of(model):
    return f"{model._meta.db_table}_names"


def _ensure_on_sqlite(connection, model):
    table, index, key = model._meta.db_table, _index_of(model), model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
            " AND name LIKE %s",
            [table, f"{index}_%"],
        )
        if cursor.fetchone()[0] == 3:
            return
        add = f'INSERT INTO "{index}"(rowid, names) VALUES (new."{key}", new.names);'
        drop = (
            f'INSERT INTO "{index}"("{index}", rowid, names)'
            f" VALUES ('delete', old.\"{key}\", old.names);"
        )
        for statement in (
            f'CREATE VIRTUAL TABLE IF NOT EXISTS "{index}" USING fts5(names, content="{table}",'
            f' content_rowid="{key}", tokenize="unicode61 remove_diacritics 0", columnsize=0)',
            f'CREATE TRIGGER IF NOT EXISTS "{index}_add" AFTER INSERT ON "{table}" BEGIN {add} END',
            f'CREATE TRIGGER IF NOT EXISTS "{index}_drop" AFTER DELETE ON "{table}"'
            f" BEGIN {drop} END",
            f'CREATE TRIGGER IF NOT EXISTS "{index}_change" AFTER UPDATE OF names ON "{table}"'
            f" WHEN old.names <> new.names BEGIN {drop} {add} END",
            f'INSERT INTO "{index}"("{index}") VALUES (\'rebuild\')',
        ):
            cursor.execute(statement)


def _ensure_on_postgresql(connection, model):
    table, index = model._meta.db_table, _index_of(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE INDEX IF NOT EXISTS "{index}" ON "{table}"'
            " USING gin (string_to_array(names, ' '))"
        )


_MAKERS = {"sqlite": _ensure_on_sqlite, "postgresql": _ensure_on_postgresql}
