#include "core/db/statement_trace.h"

#include "core/db/sql_value.h"

#include <QMap>
#include <QRegularExpression>

#include <atomic>
#include <mutex>

namespace llmemory::db {

struct StatementTrace::Private
{
    static inline std::mutex mutex;
    static inline std::atomic<Private *> active = nullptr;

    QMap<const void *, QList<TracedStatement>> statements; // guarded by mutex
};

StatementTrace::StatementTrace() : d(std::make_unique<Private>())
{
    const std::lock_guard lock(Private::mutex);
    Private::active = d.get();
}

StatementTrace::~StatementTrace()
{
    const std::lock_guard lock(Private::mutex);
    Private::active = nullptr;
}

QList<TracedStatement> StatementTrace::take()
{
    const std::lock_guard lock(Private::mutex);
    QList<TracedStatement> all;
    for (const QList<TracedStatement> &statements : std::as_const(d->statements))
        all += statements;
    d->statements.clear();
    return all;
}

void StatementTrace::add(const void *connection, const TracedStatement &statement)
{
    const std::lock_guard lock(Private::mutex);
    if (auto *trace = Private::active.load())
        trace->statements[connection] += statement;
}

bool StatementTrace::isActive()
{
    return Private::active != nullptr;
}

QString pgbenchScript(const QList<TracedStatement> &statements)
{
    QString script;
    for (const TracedStatement &statement : statements) {
        QString line = withLiterals(statement.sql, statement.values);
        line.replace(QLatin1Char('\n'), QLatin1Char(' '));
        // Statements that are sent together stay together.
        if (statement.values.isEmpty())
            line.replace(QLatin1String("; "), QLatin1String(" \\; "));
        script += line + QLatin1String(statement.withNext ? " \\;\n" : ";\n");
    }
    return script;
}

QString withLiterals(const QString &sql, const QVariantList &values)
{
    static const QRegularExpression parameter(QStringLiteral("\\$([0-9]{1,3})"));
    QString text;
    qsizetype end = 0;
    auto matches = parameter.globalMatch(sql);
    while (matches.hasNext()) {
        const auto match = matches.next();
        const QVariant value = values.value(match.captured(1).toInt() - 1);
        text += QStringView(sql).mid(end, match.capturedStart() - end);
        end = match.capturedEnd();
        if (value.isNull()) {
            text += QLatin1String("NULL");
        } else {
            QString literal = QString::fromUtf8(sqlText(value));
            literal.replace(QLatin1Char('\''), QLatin1String("''"));
            text += QLatin1Char('\'') + literal + QLatin1Char('\'');
        }
    }
    return text + QStringView(sql).mid(end);
}

} // namespace llmemory::db
