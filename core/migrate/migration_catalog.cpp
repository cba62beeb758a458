#include "core/migrate/migration_catalog.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>

// At global scope, as the macro demands; a static library's resources are not loaded by themselves.
static void loadResources()
{
    Q_INIT_RESOURCE(llmemory_migrations);
}

namespace llmemory::migrate {

namespace {

Error broken(const QString &message)
{
    return {.kind = ErrorKind::Configuration,
            .message = message,
            .code = QStringLiteral("migration_files")};
}

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::migrate", text);
}

} // namespace

QString migrationChecksum(const QString &sql)
{
    QString normalised = sql;
    normalised.replace(QLatin1String("\r\n"), QLatin1String("\n"));
    return sha256Hex(QStringView(normalised).trimmed());
}

Result<QList<Migration>> readMigrations(const QString &folder)
{
    loadResources();
    static const QRegularExpression namePattern(QStringLiteral("^(\\d{4})_[a-z0-9_]+\\.sql\\z"));
    QList<Migration> migrations;
    const QStringList names = QDir(folder).entryList({QStringLiteral("*.sql")}, QDir::Files);
    for (const QString &name : names) {
        const auto match = namePattern.match(name);
        if (!match.hasMatch())
            return broken(tr("The migration file \"%1\" is not named NNNN_what.sql.").arg(name));
        QFile file(QDir(folder).filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return broken(
                tr("Cannot read the migration file \"%1\": %2.").arg(name, file.errorString()));
        const QString sql = QString::fromUtf8(file.readAll());
        migrations.append({match.captured(1).toInt(), name, sql, migrationChecksum(sql)});
    }
    std::sort(migrations.begin(), migrations.end(), [](const Migration &a, const Migration &b) {
        return a.number < b.number;
    });
    const auto twice = std::adjacent_find(
        migrations.begin(), migrations.end(), [](const Migration &a, const Migration &b) {
            return a.number == b.number;
        });
    if (twice != migrations.end())
        return broken(tr("The migration number of \"%1\" is used twice.").arg(twice->fileName));
    return migrations;
}

} // namespace llmemory::migrate
