#include "ui/ingest/ingest_model.h"

#include <QDir>
#include <QSet>

#include <algorithm>

namespace llmemory::ui {

namespace {

constexpr int kFlushMs = 100;

bool canBeRetried(const IngestFile &file)
{
    return file.state == IngestState::Failed || file.state == IngestState::Cancelled;
}

bool endedWell(const IngestFile &file)
{
    return file.isFinished() && !canBeRetried(file);
}

QString fileName(const QString &path)
{
    const QString name = path.section(u'/', -1, -1, QString::SectionSkipEmpty);
    return name.isEmpty() ? path : name;
}

QString folderOf(const QString &path)
{
    const qsizetype slash = path.lastIndexOf(u'/');
    return slash > 0 ? QDir::toNativeSeparators(path.first(slash)) : QString();
}

QString stateName(const IngestFile &file)
{
    switch (file.state) {
    case IngestState::Waiting:
        return IngestModel::tr("Waiting");
    case IngestState::Running:
        return IngestModel::tr("Reading…");
    case IngestState::Added:
        return IngestModel::tr("Added, %n passage(s)", nullptr, file.chunksCreated);
    case IngestState::Updated:
        return IngestModel::tr("Updated, %n passage(s)", nullptr, file.chunksCreated);
    case IngestState::Unchanged:
        return IngestModel::tr("Unchanged");
    case IngestState::Cancelled:
        return IngestModel::tr("Cancelled");
    case IngestState::Failed:
        break;
    }
    return IngestModel::tr("Failed");
}

} // namespace

IngestModel::IngestModel(QObject *parent) : QAbstractListModel(parent)
{
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setInterval(kFlushMs);
    connect(&m_flushTimer, &QTimer::timeout, this, &IngestModel::flush);
}

void IngestModel::update(const IngestFile &file)
{
    m_pending.append(file);
    if (!m_flushTimer.isActive())
        m_flushTimer.start();
}

void IngestModel::merge(const QList<IngestFile> &files)
{
    for (auto file = files.crbegin(); file != files.crend(); ++file) {
        const int known = m_positions.value(file->id, -1);
        if (known < 0 || m_files.at(known).updatedAt <= file->updatedAt)
            m_pending.append(*file);
    }
    flush();
}

void IngestModel::update(const IngestProgress &progress)
{
    // Once nothing is left to do, the next batch counts from zero.
    if (!m_batches.contains(progress.batch) && !totals().active)
        m_batches.clear();
    m_batches.insert(progress.batch, progress);
    emit totalsChanged();
}

void IngestModel::removeFinished()
{
    flush();
    removeIf([](const IngestFile &file) { return file.isFinished(); });
    m_batches.removeIf([](const std::pair<const IngestBatchId &, IngestProgress &> &batch) {
        return batch.second.finished;
    });
    emit totalsChanged();
}

void IngestModel::removeOwner(const OwnerId &owner)
{
    flush();
    removeIf([&owner](const IngestFile &file) { return file.owner == owner; });
    m_batches.removeIf([&owner](const std::pair<const IngestBatchId &, IngestProgress &> &batch) {
        return batch.second.owner == owner;
    });
    emit totalsChanged();
}

IngestTotals IngestModel::totals() const
{
    IngestTotals sum;
    for (const IngestProgress &batch : m_batches) {
        sum.total += batch.total;
        sum.done += batch.done();
        sum.failed += batch.failed;
        sum.scanning = sum.scanning || batch.scanning;
        sum.active = sum.active || !batch.finished;
    }
    return sum;
}

QList<IngestProgress> IngestModel::activeBatches() const
{
    QList<IngestProgress> active;
    std::ranges::copy_if(m_batches, std::back_inserter(active), [](const IngestProgress &batch) {
        return !batch.finished;
    });
    return active;
}

const IngestFile &IngestModel::file(int row) const
{
    return m_files.at(rowAt(row));
}

QHash<OwnerId, QList<IngestFileId>> IngestModel::failedFiles() const
{
    QHash<OwnerId, QList<IngestFileId>> failed;
    for (const IngestFile &file : m_files) {
        if (canBeRetried(file))
            failed[file.owner].append(file.id);
    }
    return failed;
}

QList<OwnerId> IngestModel::owners() const
{
    QSet<OwnerId> owners;
    for (const IngestFile &file : m_files)
        owners.insert(file.owner);
    return owners.values();
}

int IngestModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_files.size());
}

QVariant IngestModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const IngestFile &file = this->file(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return fileName(file.path);
    case Qt::ToolTipRole:
        return file.error.isEmpty()
                   ? QDir::toNativeSeparators(file.path)
                   : QStringLiteral("%1\n%2").arg(QDir::toNativeSeparators(file.path), file.error);
    case Qt::StatusTipRole:
        return stateName(file);
    case Qt::AccessibleTextRole:
        return tr("%1, %2").arg(fileName(file.path),
                                file.error.isEmpty() ? stateName(file) : file.error);
    case StateRole:
        return int(file.state);
    case FolderRole:
        return folderOf(file.path);
    case ReasonRole:
        return file.state == IngestState::Failed ? file.error : QString();
    case OwnerRole:
        return file.owner.toString();
    default:
        return {};
    }
}

void IngestModel::flush()
{
    m_flushTimer.stop();
    if (m_pending.isEmpty())
        return;
    QList<IngestFile> added;
    QHash<IngestFileId, qsizetype> addedAt;
    for (const IngestFile &file : std::exchange(m_pending, {})) {
        if (const auto known = m_positions.constFind(file.id); known != m_positions.constEnd()) {
            replace(*known, file);
        } else if (const auto at = addedAt.constFind(file.id); at != addedAt.constEnd()) {
            added[*at] = file;
        } else {
            addedAt.insert(file.id, added.size());
            added.append(file);
        }
    }
    if (!added.isEmpty())
        append(added);
    if (m_files.size() > kRowsKept) {
        qsizetype surplus = m_files.size() - kRowsKept / 2;
        removeIf([&surplus](const IngestFile &file) { return endedWell(file) && surplus-- > 0; });
    }
    emit totalsChanged();
}

void IngestModel::append(const QList<IngestFile> &files)
{
    beginInsertRows({}, 0, int(files.size()) - 1);
    for (const IngestFile &file : files) {
        m_positions.insert(file.id, int(m_files.size()));
        m_files.append(file);
        count(file, 1);
    }
    endInsertRows();
}

void IngestModel::replace(int position, const IngestFile &file)
{
    count(m_files.at(position), -1);
    count(file, 1);
    m_files[position] = file;
    const QModelIndex changed = index(rowAt(position));
    emit dataChanged(changed, changed);
}

void IngestModel::removeIf(const std::function<bool(const IngestFile &)> &gone)
{
    beginResetModel();
    m_files.removeIf(gone);
    reindex();
    endResetModel();
}

void IngestModel::reindex()
{
    m_positions.clear();
    m_failed = 0;
    m_cancelled = 0;
    for (qsizetype i = 0; i < m_files.size(); ++i) {
        m_positions.insert(m_files.at(i).id, int(i));
        count(m_files.at(i), 1);
    }
}

void IngestModel::count(const IngestFile &file, int by)
{
    if (file.state == IngestState::Failed)
        m_failed += by;
    else if (file.state == IngestState::Cancelled)
        m_cancelled += by;
}

} // namespace llmemory::ui
