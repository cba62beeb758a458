#include "core/migrate/migration_catalog.h"

#include "core/base/text.h"
#include "core/migrate/script_words.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QStringDecoder>

#include <algorithm>

// At global scope, as the macro demands; a static library's resources are not loaded by themselves.
static void loadResources()
{
    Q_INIT_RESOURCE(llmemory_migrations);
}

namespace llmemory::migrate {

namespace {

constexpr QLatin1String kOutside("-- llmemory:no-transaction");
constexpr QLatin1String kNext("-- llmemory:next");
/// Of schema_migrations.filename.
constexpr qsizetype kLongestName = 255;

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

bool isLine(QStringView line, QLatin1String text)
{
    return line.trimmed() == text;
}

Result<QString> readText(const QString &path, const QString &name)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return broken(
            tr("Cannot read the migration file \"%1\": %2.").arg(name, file.errorString()));
    QStringDecoder decoder(QStringDecoder::Utf8); // drops a byte order mark
    QString text = decoder(file.readAll());
    if (decoder.hasError())
        return broken(tr("The migration file \"%1\" is not UTF-8 text.").arg(name));
    return text;
}

/// A command that would end the transaction around the file, and with it "all or nothing".
QString transactionCommand(const QString &sql)
{
    static const QStringList commands{QStringLiteral("BEGIN"),
                                      QStringLiteral("START"),
                                      QStringLiteral("COMMIT"),
                                      QStringLiteral("END"),
                                      QStringLiteral("ROLLBACK"),
                                      QStringLiteral("ABORT")};
    for (const QStringList &words : statementWords(sql)) {
        const bool toSavepoint =
            words.first() == QLatin1String("ROLLBACK") && words.contains(QLatin1String("TO"));
        if (commands.contains(words.first()) && !toSavepoint)
            return words.first();
        if (words.startsWith(QStringLiteral("PREPARE")) &&
            words.value(1) == QLatin1String("TRANSACTION"))
            return QStringLiteral("PREPARE TRANSACTION");
    }
    return {};
}

/// Whether a statement makes an index and fails when it is there already.
bool createsIndexOnlyOnce(const QString &sql)
{
    for (QStringList words : statementWords(sql)) {
        words.removeAll(QStringLiteral("UNIQUE"));
        if (words.value(0) == QLatin1String("CREATE") && words.value(1) == QLatin1String("INDEX") &&
            !(words.value(2) == QLatin1String("CONCURRENTLY") &&
              words.value(3) == QLatin1String("IF")))
            return true;
    }
    return false;
}

Result<> check(const Migration &migration)
{
    const QString command = transactionCommand(migration.sql);
    if (!command.isEmpty())
        return broken(tr("The migration file \"%1\" contains %2. Remove it: each file runs in a "
                         "transaction of its own already.")
                          .arg(migration.fileName, command));
    const QStringList lines = migration.sql.split(QLatin1Char('\n'));
    if (migration.runsInTransaction()) {
        for (const QString &line : lines) {
            if (isLine(line, kOutside) || isLine(line, kNext))
                return broken(
                    tr("The migration file \"%1\" has a line \"%2\", but its first line is not "
                       "\"%3\".")
                        .arg(migration.fileName, line.trimmed(), kOutside));
        }
        return {};
    }
    for (const QString &statement : migration.statements()) {
        if (statementWords(statement).size() != 1)
            return broken(tr("The migration file \"%1\" runs outside a transaction: between two "
                             "lines \"%2\" it must have exactly one statement.")
                              .arg(migration.fileName, kNext));
        if (createsIndexOnlyOnce(statement))
            return broken(
                tr("The migration file \"%1\" runs outside a transaction: write CREATE INDEX "
                   "CONCURRENTLY IF NOT EXISTS, so that it can go on after an interruption.")
                    .arg(migration.fileName));
    }
    return {};
}

} // namespace

bool Migration::runsInTransaction() const
{
    const qsizetype end = sql.indexOf(QLatin1Char('\n'));
    return !isLine(QStringView(sql).left(end < 0 ? sql.size() : end), kOutside);
}

QStringList Migration::statements() const
{
    if (runsInTransaction())
        return {sql};
    QStringList statements{QString()};
    const QStringList lines = sql.split(QLatin1Char('\n'));
    for (const QString &line : lines.mid(1)) {
        if (isLine(line, kNext))
            statements.append(QString());
        else
            statements.last() += line + QLatin1Char('\n');
    }
    return statements;
}

QString migrationChecksum(const QString &sql)
{
    QString normalised = sql;
    normalised.replace(QLatin1String("\r\n"), QLatin1String("\n"));
    return sha256Hex(QStringView(normalised).trimmed());
}

Result<QList<Migration>> readMigrations(const QString &folder)
{
    loadResources();
    static const QRegularExpression namePattern(
        QStringLiteral("^([0-9]{1,18})_[a-z0-9_]+\\.sql\\z"));
    const QDir directory(folder);
    if (!directory.exists())
        return broken(tr("The folder of migrations \"%1\" does not exist.").arg(folder));
    QList<Migration> migrations;
    const QStringList names = directory.entryList({QStringLiteral("*.sql")}, QDir::Files);
    for (const QString &name : names) {
        const auto match = namePattern.match(name);
        if (!match.hasMatch() || name.size() > kLongestName)
            return broken(tr("The migration file \"%1\" is not named NUMBER_what.sql, with at most "
                             "18 digits and a-z 0-9 _.")
                              .arg(name));
        auto sql = readText(directory.filePath(name), name);
        if (!sql)
            return sql.error();
        migrations.append({match.captured(1).toLongLong(), name, *sql, migrationChecksum(*sql)});
        if (auto ok = check(migrations.last()); !ok)
            return ok.error();
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

Result<QList<ModuleMigrations>> readModules(const QList<MigrationModule> &modules)
{
    static const QRegularExpression namePattern(QStringLiteral("^[A-Za-z0-9_.-]{1,100}\\z"));
    QList<ModuleMigrations> all;
    for (const MigrationModule &module : modules) {
        if (!namePattern.match(module.name).hasMatch())
            return broken(tr("\"%1\" cannot be the name of a module of migrations. Use 1 to 100 of "
                             "the characters A-Z a-z 0-9 _ . -")
                              .arg(module.name));
        if (module.name == QLatin1String(kOwnModule) &&
            module.folder != QLatin1String(kOwnMigrations))
            return broken(
                tr("The name \"%1\" belongs to the library's own migrations.").arg(module.name));
        for (const ModuleMigrations &other : all) {
            if (other.module == module.name)
                return broken(tr("Two modules of migrations are called \"%1\".").arg(module.name));
        }
        auto migrations = readMigrations(module.folder);
        if (!migrations)
            return migrations.error();
        all.append({module.name, *migrations});
    }
    return all;
}

MigrationModule ownModule()
{
    return {QLatin1String(kOwnModule), QLatin1String(kOwnMigrations)};
}

} // namespace llmemory::migrate
