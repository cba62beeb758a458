#include "core/db/sql_names.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace llmemory::db {

namespace {

/// NAMEDATALEN - 1: PostgreSQL cuts longer names off, and two of them could then be the same.
constexpr qsizetype kMostBytes = 63;

Result<> checkSchema(const QString &schema)
{
    const bool fits = !schema.isEmpty() && schema.toUtf8().size() <= kMostBytes;
    // PostgreSQL would take control characters; they are always somebody's mistake.
    const bool legal = !schema.startsWith(QLatin1String("pg_")) && schema.isValidUtf16() &&
                       std::none_of(schema.begin(), schema.end(), [](QChar c) {
                           return c.category() == QChar::Other_Control;
                       });
    if (fits && legal)
        return {};
    return Error{.kind = ErrorKind::Configuration,
                 .message =
                     QCoreApplication::translate("llmemory::db",
                                                 "\"%1\" cannot be a schema name. Use 1 to 63 "
                                                 "bytes without control characters that do not "
                                                 "begin with pg_.")
                         .arg(schema),
                 .field = QStringLiteral("schema"),
                 .code = QStringLiteral("schema_name")};
}

} // namespace

bool isIdentifier(const QString &text)
{
    static const QRegularExpression pattern(QStringLiteral("^[a-z_][a-z0-9_]{0,62}\\z"));
    return pattern.match(text).hasMatch();
}

QString quotedIdentifier(const QString &name)
{
    QString inner = name;
    inner.replace(QLatin1Char('"'), QLatin1String("\"\""));
    return QLatin1Char('"') + inner + QLatin1Char('"');
}

Result<SqlNames> SqlNames::forSchema(const QString &schema)
{
    if (auto ok = checkSchema(schema); !ok)
        return ok.error();
    SqlNames names;
    names.m_schema = schema;
    return names;
}

QString SqlNames::expand(const QString &sql) const
{
    static const QRegularExpression pattern(
        QStringLiteral("\\{\\{(schema|embeddings|tables\\.([a-z_][a-z0-9_]*))\\}\\}"));
    const QString schema = quotedIdentifier(m_schema);
    QString expanded;
    qsizetype copied = 0;
    auto matches = pattern.globalMatch(sql);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        QString name = schema;
        if (match.capturedView(1) == QLatin1String("embeddings")) {
            if (m_embeddingsTable.isEmpty())
                continue;
            name += QLatin1Char('.') + quotedIdentifier(m_embeddingsTable);
        } else if (!match.capturedView(2).isEmpty()) {
            name += QLatin1Char('.') + quotedIdentifier(match.captured(2));
        }
        expanded += QStringView(sql).mid(copied, match.capturedStart() - copied);
        expanded += name;
        copied = match.capturedEnd();
    }
    return expanded + QStringView(sql).mid(copied);
}

} // namespace llmemory::db
