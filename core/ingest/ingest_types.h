#pragma once

#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/documents/document_type.h"

#include <QDateTime>
#include <QMetaType>
#include <QString>
#include <QStringList>

#include <optional>

namespace llmemory {

/// Files and folders to read for an owner.
struct IngestRequest
{
    OwnerId owner;
    QStringList paths;  ///< files or folders; folders are walked, hidden entries skipped
    QString idAtOrigin; ///< only with exactly one file; empty = the absolute path
    std::optional<DocumentType> type = std::nullopt; ///< nothing = by the file's kind
    QDateTime date;                                  ///< invalid = the file's modification time
    Json metadata = Json::object();                  ///< given to every document
    QStringList excludes; ///< globs matched against the file name and the path below the folder
};

enum class IngestState { Waiting, Running, Added, Updated, Unchanged, Failed, Cancelled };
/// "waiting", "running", "added", "updated", "unchanged", "failed", "cancelled".
QString toString(IngestState state);
IngestState ingestStateFromString(const QString &word);

/// One file on its way in; a row of the table `ingest_files`, so it survives a restart.
struct IngestFile
{
    IngestFileId id;
    IngestBatchId batch;
    OwnerId owner;
    QString path;
    QString idAtOrigin;
    IngestState state = IngestState::Waiting;
    int attempts = 0;
    DocumentId document; ///< null until stored
    int chunksCreated = 0;
    QString error;       ///< for people; empty unless failed
    QString errorCode;   ///< "encrypted", "timeout", …; empty unless failed
    QDateTime updatedAt; ///< UTC

    bool isFinished() const
    {
        return state != IngestState::Waiting && state != IngestState::Running;
    }
};

/// Where a batch stands.
struct IngestProgress
{
    IngestBatchId batch;
    OwnerId owner;
    bool scanning = false; ///< folders are still being walked; total grows
    qint64 total = 0;
    qint64 added = 0;
    qint64 updated = 0;
    qint64 unchanged = 0;
    qint64 failed = 0;
    qint64 cancelled = 0;
    bool finished = false; ///< every file has ended

    qint64 done() const { return added + updated + unchanged + failed + cancelled; }
};

} // namespace llmemory

Q_DECLARE_METATYPE(llmemory::IngestFile)
Q_DECLARE_METATYPE(llmemory::IngestProgress)
