#pragma once

#include "core/ingest/ingest_types.h"

#include <QAbstractListModel>
#include <QHash>
#include <QTimer>

#include <functional>

namespace llmemory::ui {

/// Sums over the batches that are shown.
struct IngestTotals
{
    qint64 total = 0;
    qint64 done = 0;
    qint64 failed = 0;
    bool scanning = false; ///< folders are still being walked; total grows
    bool active = false;   ///< some batch is not finished
};

/// Files on their way in, newest first. Takes changes at any rate: they are gathered and shown a
/// few times a second. GUI thread.
class IngestModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        StateRole = Qt::UserRole + 1, ///< int, an IngestState
        FolderRole,                   ///< QString: the folder of the file
        ReasonRole,                   ///< QString: why it failed; else empty
        OwnerRole,                    ///< QString: the tenant's id
    };
    /// Rows kept at most; beyond, the oldest that ended well are let go.
    static constexpr int kRowsKept = 20'000;

    explicit IngestModel(QObject *parent = nullptr);

    /// A file is new or has changed.
    void update(const IngestFile &file);
    /// Files known from before, newest first.
    void merge(const QList<IngestFile> &files);
    /// A batch has gone on.
    void update(const IngestProgress &progress);
    /// Lets go of the files that have ended, failed ones too, and of finished batches.
    void removeFinished();
    /// Lets go of everything of a tenant that was deleted.
    void removeOwner(const OwnerId &owner);

    IngestTotals totals() const;
    /// Batches that are not finished.
    QList<IngestProgress> activeBatches() const;
    /// @param row  0 … rowCount() - 1
    const IngestFile &file(int row) const;
    /// Files that failed or were cancelled, by tenant.
    QHash<OwnerId, QList<IngestFileId>> failedFiles() const;
    QList<OwnerId> owners() const;
    int failedCount() const { return m_failed; }
    int cancelledCount() const { return m_cancelled; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

signals:
    /// totals() or the counts may be different now.
    void totalsChanged();

private:
    void flush();
    void append(const QList<IngestFile> &files);
    void replace(int position, const IngestFile &file);
    void removeIf(const std::function<bool(const IngestFile &)> &gone);
    void reindex();
    void count(const IngestFile &file, int by);
    int rowAt(int position) const { return int(m_files.size()) - 1 - position; }

    QList<IngestFile> m_files;            ///< oldest first, so that new ones are appended
    QHash<IngestFileId, int> m_positions; ///< in m_files
    QHash<IngestBatchId, IngestProgress> m_batches;
    QList<IngestFile> m_pending; ///< changes not shown yet, in order of arrival
    int m_failed = 0;            ///< such files in m_files
    int m_cancelled = 0;
    QTimer m_flushTimer;
};

} // namespace llmemory::ui
