"""Operations of migrations that leave a large table open to readers and writers."""

from django.db.migrations import AddIndex


class AddIndexOnline(AddIndex):
    """An index that PostgreSQL makes while the table is written (CONCURRENTLY).

    Only in a migration with ``atomic = False``. What a try that was ended has left, an index that
    is not valid, goes first, so the migration can be run again. On SQLite as AddIndex.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif self.allow_migrate_model(schema_editor.connection.alias, model):
            name = schema_editor.quote_name(self.index.name)
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            schema_editor.add_index(model, self.index, concurrently=True)
