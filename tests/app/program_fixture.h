#pragma once

#include "core/base/json.h"
#include "core/testing/temporary_schema.h"

#include <QByteArray>
#include <QList>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace llmemory::testing {

/// Patience with the program, on a busy machine too.
inline constexpr int kProgramPatienceMs = 60'000;

/// What a run of the program left behind.
struct ProgramRun
{
    int exitCode = -1; ///< -1: it crashed, or did not end in time
    QByteArray output;
    QByteArray errors;

    /// The lines of output, each a JSON object.
    QList<Json> json() const;
    QByteArray all() const { return output + errors; }
};

/// The real executable on a fresh schema of the test server, with a folder of its own and without a
/// display.
class ProgramFixture
{
public:
    ProgramFixture();
    Q_DISABLE_COPY_MOVE(ProgramFixture)

    /// Empty when all is there; else why the tests must be skipped.
    QString reason() const;
    /// Begins with an empty folder; before each test. False when that fails.
    bool clear();

    const TemporarySchema &database() const { return m_database; }
    /// Options that name the test database, and @p arguments.
    QStringList withDatabase(const QStringList &arguments) const;
    /// A process that only needs start().
    std::unique_ptr<QProcess> process(const QStringList &arguments) const;
    /// Runs to the end.
    ProgramRun run(const QStringList &arguments) const;
    /// The same on the test database.
    ProgramRun runOnDatabase(const QStringList &arguments) const
    {
        return run(withDatabase(arguments));
    }

    /// Where write() puts files; has a folder "sub".
    QString folder() const;
    /// A path outside that folder, removed with it.
    QString path(const QString &name) const { return m_directory->filePath(name); }
    bool write(const QString &name, const QByteArray &content) const;

    /// Reads two files without a fault, a text and a PDF; fails the test otherwise.
    void ingestTwoFiles(const QString &owner) const;

    /// The first line of output, as soon as it is there; null when none comes.
    static Json firstLine(QProcess &process);

private:
    QString m_program;
    TemporarySchema m_database;
    std::unique_ptr<QTemporaryDir> m_directory;
};

/// A page with the sentence "The heron waits beside the weir."
QByteArray onePagePdf();

} // namespace llmemory::testing
