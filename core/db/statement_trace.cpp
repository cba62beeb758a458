#include "core/db/statement_trace.h"

#include "core/db/sql_value.h"

#include <QMap>
#include <QRegularExpression>
#include <QStringList>

#include <atomic>
#include <mutex>

namespace llmemory::db {

struct StatementTrace::Private
{
    static inline std::mutex mutex;
    static inline std::atomic<Private *> active = nullptr;

    QMap<const void *, QStringList> lines; // guarded by mutex
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

QString StatementTrace::take()
{
    const std::lock_guard lock(Private::mutex);
    QString script;
    for (const QStringList &lines : std::as_const(d->lines))
        script += lines.join(QString());
    d->lines.clear();
    return script;
}

void StatementTrace::add(const void *connection, const QString &sql, const QVariantList &values)
{
    if (!Private::active) // nearly always
        return;
    QString line = withLiterals(sql, values);
    line.replace(QLatin1Char('\n'), QLatin1Char(' '));
    // Statements that are sent together stay together.
    if (values.isEmpty())
        line.replace(QLatin1String("; "), QLatin1String(" \\; "));
    const std::lock_guard lock(Private::mutex);
    if (auto *trace = Private::active.load())
        trace->lines[connection] += line + QLatin1String(";\n");
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
