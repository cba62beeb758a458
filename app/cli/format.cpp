#include "app/cli/format.h"

#include <QLocale>

namespace llmemory::app {

QString formatCount(qint64 count)
{
    return QLocale().toString(count);
}

QString formatBytes(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1);
}

QString formatTime(const QDateTime &time)
{
    if (!time.isValid())
        return QStringLiteral("-");
    return time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

void printTable(const TextTable &table, Console &console)
{
    const QStringList lines = table.lines();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const bool isHeader = i == 0 && table.hasHeader();
        console.print(isHeader ? console.styled(lines.at(i), Style::Bold) : lines.at(i));
    }
}

} // namespace llmemory::app
