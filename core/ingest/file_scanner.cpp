#include "core/ingest/file_scanner.h"

#include "core/base/limits.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace llmemory::ingest {

namespace {

constexpr qint64 kReportEvery = 500;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::ingest", text);
}

class Scanner
{
public:
    Scanner(const IngestRequest &request,
            const std::function<void(qint64)> &onFound,
            const std::function<bool()> &isCancelled)
        : m_request(request), m_onFound(onFound), m_isCancelled(isCancelled)
    {
        for (const QString &glob : request.excludes)
            m_excludes.append(QRegularExpression::fromWildcard(glob));
    }

    Result<QList<IngestFile>> scan()
    {
        for (const QString &path : m_request.paths) {
            const QFileInfo info(path);
            if (info.isDir())
                walk(info.canonicalFilePath());
            else
                addNamed(info);
            if (cancelled())
                return Error::cancelled();
        }
        return m_files;
    }

private:
    bool cancelled() const { return m_isCancelled && m_isCancelled(); }

    void addNamed(const QFileInfo &info)
    {
        if (!info.exists())
            return fail(
                info.absoluteFilePath(), "not_found", tr("There is no such file or folder."));
        if (!info.isFile())
            return fail(info.absoluteFilePath(),
                        "unsupported",
                        tr("Only regular files and folders can be read."));
        add(info.canonicalFilePath());
    }

    void walk(const QString &root)
    {
        const QDir folder(root);
        if (!folder.isReadable())
            return fail(root, "permission", tr("The folder cannot be opened: permission denied."));
        QStringList found;
        QDirIterator entries(root,
                             QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot | QDir::Readable,
                             QDirIterator::Subdirectories);
        while (entries.hasNext() && !cancelled()) {
            entries.next();
            const QFileInfo info = entries.fileInfo();
            if (info.isDir() ||
                isExcluded(folder.relativeFilePath(info.filePath()), info.fileName()))
                continue;
            const QString target = info.canonicalFilePath();
            if (target.startsWith(root + QLatin1Char('/')))
                found << target;
            if (found.size() % kReportEvery == 0 && m_onFound)
                m_onFound(m_files.size() + found.size());
        }
        found.sort();
        for (const QString &path : std::as_const(found))
            add(path);
    }

    bool isExcluded(const QString &relativePath, const QString &name) const
    {
        return std::any_of(
            m_excludes.begin(), m_excludes.end(), [&](const QRegularExpression &glob) {
                return glob.match(name).hasMatch() || glob.match(relativePath).hasMatch();
            });
    }

    void add(const QString &path)
    {
        if (m_seen.contains(path))
            return;
        m_seen.insert(path);
        IngestFile file;
        file.id = IngestFileId::create();
        file.owner = m_request.owner;
        file.path = path;
        file.idAtOrigin = m_request.idAtOrigin.isEmpty() ? path : m_request.idAtOrigin;
        if (auto ok = limits::checkIdAtOrigin(file.idAtOrigin); !ok)
            setFailed(file, QStringLiteral("name"), ok.error().message);
        else if (!QFileInfo(path).isReadable())
            setFailed(file,
                      QStringLiteral("permission"),
                      tr("The file cannot be opened: permission denied."));
        m_files.append(file);
    }

    void fail(const QString &path, const char *code, const QString &reason)
    {
        IngestFile file;
        file.id = IngestFileId::create();
        file.owner = m_request.owner;
        file.path = path;
        file.idAtOrigin = path;
        setFailed(file, QLatin1String(code), reason);
        m_files.append(file);
    }

    static void setFailed(IngestFile &file, const QString &code, const QString &reason)
    {
        file.state = IngestState::Failed;
        file.errorCode = code;
        file.error = reason;
    }

    const IngestRequest &m_request;
    const std::function<void(qint64)> &m_onFound;
    const std::function<bool()> &m_isCancelled;
    QList<QRegularExpression> m_excludes;
    QList<IngestFile> m_files;
    QSet<QString> m_seen;
};

} // namespace

Result<QList<IngestFile>> scanFiles(const IngestRequest &request,
                                    const std::function<void(qint64)> &onFound,
                                    const std::function<bool()> &isCancelled)
{
    if (request.owner.isEmpty())
        return OwnerId::parse({}).error();
    if (request.paths.isEmpty())
        return Error::validation(QStringLiteral("path"), tr("Name at least one file or folder."));
    if (auto ok = limits::checkMetadata(request.metadata); !ok)
        return ok.error();
    auto files = Scanner(request, onFound, isCancelled).scan();
    if (files && !request.idAtOrigin.isEmpty() && files->size() != 1)
        return Error::validation(
            QStringLiteral("id_at_origin"),
            tr("id_at_origin goes with exactly one file; %1 were named.").arg(files->size()));
    return files;
}

} // namespace llmemory::ingest
