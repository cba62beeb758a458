#pragma once

#include "core/base/result.h"

#include <QString>

namespace llmemory::db {

/// Expands the templates of statements and migrations for one schema:
/// `{{schema}}` → quoted schema, `{{tables.x}}` → schema-qualified table, `{{embeddings}}` → the
/// vector table of the active model. Nothing depends on search_path. A value; any thread.
class SqlNames
{
public:
    /// @param schema  any name that PostgreSQL takes, but without control characters: 1-63 bytes of
    /// UTF-8, not
    ///                beginning with "pg_". Mixed case, spaces and quotes are kept as they are.
    /// Error: Configuration with field "schema" and code "schema_name".
    static Result<SqlNames> forSchema(const QString &schema);

    const QString &schema() const { return m_schema; }
    /// Table of the active embedding model, unqualified, as made by
    /// embed::EmbeddingModelRepository.
    void setEmbeddingsTable(const QString &table) { m_embeddingsTable = table; }
    const QString &embeddingsTable() const { return m_embeddingsTable; }
    /// @p sql with all templates replaced, in one pass: what a name holds is not looked at again.
    /// An unknown template is left as it is and fails in the server.
    QString expand(const QString &sql) const;

private:
    QString m_schema;
    QString m_embeddingsTable;
};

/// Whether a text may be an identifier of ours: `^[a-z_][a-z0-9_]{0,62}$`, whole string.
bool isIdentifier(const QString &text);
/// @p name as SQL writes it: in quotes, inner ones doubled.
QString quotedIdentifier(const QString &name);

} // namespace llmemory::db
