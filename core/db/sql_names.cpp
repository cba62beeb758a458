#include "core/db/sql_names.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace llmemory::db {

namespace {

QString quoted(const QString &identifier)
{
    return QLatin1Char('"') + identifier + QLatin1Char('"');
}

} // namespace

bool isIdentifier(const QString &text)
{
    static const QRegularExpression pattern(QStringLiteral("^[a-z_][a-z0-9_]{0,62}\\z"));
    return pattern.match(text).hasMatch();
}

Result<SqlNames> SqlNames::forSchema(const QString &schema)
{
    if (!isIdentifier(schema)) {
        return Error{
            .kind = ErrorKind::Configuration,
            .message =
                QCoreApplication::translate(
                    "llmemory::db",
                    "\"%1\" cannot be a schema name. Use at most 63 of the characters a-z 0-9 _, "
                    "not beginning with a digit.")
                    .arg(schema),
            .field = QStringLiteral("schema"),
            .code = QStringLiteral("schema_name")};
    }
    SqlNames names;
    names.m_schema = schema;
    return names;
}

QString SqlNames::expand(QString sql) const
{
    static const QRegularExpression table(
        QStringLiteral("\\{\\{tables\\.([a-z_][a-z0-9_]*)\\}\\}"));
    sql.replace(QLatin1String("{{schema}}"), quoted(m_schema));
    sql.replace(table, quoted(m_schema) + QStringLiteral(".\"\\1\""));
    if (!m_embeddingsTable.isEmpty()) {
        const QString name = quoted(m_schema) + QLatin1Char('.') + quoted(m_embeddingsTable);
        sql.replace(QLatin1String("{{embeddings}}"), name);
    }
    return sql;
}

} // namespace llmemory::db
