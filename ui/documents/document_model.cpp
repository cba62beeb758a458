#include "ui/documents/document_model.h"

#include "ui/async.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"

#include <QDir>
#include <QLocale>

#include <algorithm>
#include <array>

namespace llmemory::ui {

namespace {

/// Where a page is already on its way when the user scrolls on quickly, so that its rows are not
/// asked for one by one.
constexpr int kGatherMs = 20;

bool isNumber(int column)
{
    return column == DocumentModel::PagesColumn || column == DocumentModel::PassagesColumn;
}

QString languageText(const QString &code)
{
    return code == QLatin1String("unknown") ? QString() : code;
}

QString textOf(const Document &document, int column)
{
    switch (column) {
    case DocumentModel::NameColumn:
        return document.name;
    case DocumentModel::TypeColumn:
        return typeName(document.type);
    case DocumentModel::LanguageColumn:
        return languageText(document.language);
    case DocumentModel::PagesColumn:
        return document.pageCount > 0 ? numberText(document.pageCount) : QString();
    case DocumentModel::PassagesColumn:
        return numberText(document.chunkCount);
    case DocumentModel::StateColumn:
        return stateText(document);
    case DocumentModel::AddedColumn:
        return dateText(document.createdAt);
    default:
        return {};
    }
}

QString toolTipOf(const Document &document, int column)
{
    if (column == DocumentModel::NameColumn)
        return document.idAtOrigin;
    if (column == DocumentModel::LanguageColumn && !languageText(document.language).isEmpty())
        return QLocale(document.language).nativeLanguageName();
    if (column == DocumentModel::StateColumn && document.embeddingsPending > 0)
        return DocumentModel::tr("Found by its words already, and soon by its meaning too.");
    return {};
}

QVariant iconOf(const Document &document, int column)
{
    if (column == DocumentModel::NameColumn)
        return icon(typeIcon(document.type), Tint::Muted);
    if (column != DocumentModel::StateColumn)
        return {};
    if (document.chunkCount == 0)
        return icon(QStringLiteral("minus"), Tint::Muted);
    return document.embeddingsPending > 0 ? icon(QStringLiteral("clock"), Tint::Muted)
                                          : icon(QStringLiteral("done"), Tint::Good);
}

} // namespace

DocumentModel::DocumentModel(Fetch fetch, QObject *parent)
    : QAbstractTableModel(parent), m_fetch(std::move(fetch))
{
    m_query.limit = kPageSize;
    m_fetchTimer.setSingleShot(true);
    m_fetchTimer.setInterval(kGatherMs);
    connect(&m_fetchTimer, &QTimer::timeout, this, &DocumentModel::fetchWanted);
}

void DocumentModel::setOwner(const OwnerId &owner)
{
    m_query.owner = owner;
    beginResetModel();
    m_documents.clear();
    m_rows = 0;
    endResetModel();
    restart();
}

void DocumentModel::setNameFilter(const QString &text)
{
    if (text == m_query.nameContains)
        return;
    m_query.nameContains = text;
    restart();
}

void DocumentModel::refresh()
{
    if (m_query.owner.isEmpty())
        return;
    m_current.clear();
    want(0);
}

void DocumentModel::sort(int column, Qt::SortOrder order)
{
    if (column != NameColumn && column != AddedColumn)
        return;
    m_query.order = column == NameColumn ? DocumentOrder::Name : DocumentOrder::CreatedAt;
    m_query.descending = order == Qt::DescendingOrder;
    restart();
}

const Document *DocumentModel::document(int row) const
{
    const auto found = m_documents.constFind(row);
    return found == m_documents.constEnd() ? nullptr : &*found;
}

int DocumentModel::rowOf(const DocumentId &id) const
{
    for (auto it = m_documents.cbegin(); it != m_documents.cend(); ++it) {
        if (it->id == id)
            return it.key();
    }
    return -1;
}

void DocumentModel::collectIds(const QList<int> &rows,
                               const std::function<void(const Ids &)> &answer)
{
    QList<DocumentId> ids;
    QHash<int, QList<int>> missing;
    for (const int row : rows) {
        if (const Document *known = document(row))
            ids.append(known->id);
        else if (m_loaded)
            missing[row / kPageSize].append(row % kPageSize);
    }
    if (missing.isEmpty())
        answer(ids);
    else
        collectNext(missing.constBegin().key(), missing, ids, answer);
}

void DocumentModel::collectNext(int page,
                                QHash<int, QList<int>> rows,
                                QList<DocumentId> ids,
                                const std::function<void(const Ids &)> &answer)
{
    DocumentListQuery query = m_query;
    query.offset = page * kPageSize;
    const quint64 generation = m_generation;
    onFinished(m_fetch(query), this, [=, this](const Result<DocumentPage> &found) mutable {
        if (generation != m_generation)
            return;
        if (!found) {
            answer(found.error());
            return;
        }
        for (const int row : rows.take(page)) {
            if (row < found->documents.size())
                ids.append(found->documents.at(row).id);
        }
        if (rows.isEmpty())
            answer(ids);
        else
            collectNext(rows.constBegin().key(), rows, ids, answer);
    });
}

int DocumentModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int DocumentModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DocumentModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::DisplayRole)
        want(index.row() / kPageSize);
    const Document *document = this->document(index.row());
    const int column = index.column();
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((isNumber(column) ? Qt::AlignTrailing : Qt::AlignLeading) |
                                   Qt::AlignVCenter);
    if (!document)
        return role == Qt::DisplayRole && column == NameColumn ? QVariant(QStringLiteral("…"))
                                                               : QVariant();
    switch (role) {
    case Qt::DisplayRole:
        return textOf(*document, column);
    case Qt::ToolTipRole:
        return toolTipOf(*document, column);
    case Qt::DecorationRole:
        return iconOf(*document, column);
    default:
        return {};
    }
}

QVariant DocumentModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == SortableRole)
        return section == NameColumn || section == AddedColumn;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((isNumber(section) ? Qt::AlignTrailing : Qt::AlignLeading) |
                                   Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::array<QString, ColumnCount> titles{tr("Name"),
                                                  tr("Type"),
                                                  tr("Language"),
                                                  tr("Pages"),
                                                  tr("Passages"),
                                                  tr("State"),
                                                  tr("Added")};
    return titles.at(size_t(section));
}

void DocumentModel::restart()
{
    ++m_generation;
    for (QFuture<Result<DocumentPage>> &future : m_running)
        future.cancel();
    m_running.clear();
    m_fetchTimer.stop();
    m_current.clear();
    m_wanted.clear();
    m_loaded = false;
    if (!m_query.owner.isEmpty())
        want(0);
}

void DocumentModel::want(int page) const
{
    if (m_current.contains(page))
        return;
    m_current.insert(page);
    m_wanted.insert(page);
    if (!m_fetchTimer.isActive())
        m_fetchTimer.start();
}

void DocumentModel::fetchWanted()
{
    const QSet<int> pages = std::exchange(m_wanted, {});
    for (const int page : pages)
        fetchPage(page);
}

void DocumentModel::fetchPage(int page)
{
    DocumentListQuery query = m_query;
    query.offset = page * kPageSize;
    const quint64 generation = m_generation;
    const QFuture<Result<DocumentPage>> future = m_fetch(query);
    m_running.removeIf([](const QFuture<Result<DocumentPage>> &f) { return f.isFinished(); });
    m_running.append(future);
    onFinished(future, this, [this, generation, page](const Result<DocumentPage> &answer) {
        if (generation != m_generation)
            return;
        if (answer) {
            accept(page, *answer);
            return;
        }
        m_current.remove(page);
        if (answer.error().kind != ErrorKind::Cancelled)
            emit failed(answer.error());
    });
}

void DocumentModel::accept(int page, const DocumentPage &answer)
{
    if (page == 0) {
        acceptFirst(answer);
        return;
    }
    if (answer.total != m_rows) {
        // Changed since page 0 was read, which tells how.
        m_current.clear();
        want(0);
        return;
    }
    store(answer);
    forgetFarFrom(answer.offset);
}

void DocumentModel::acceptFirst(const DocumentPage &answer)
{
    const int onTop = insertedOnTop(answer);
    if (onTop > 0) {
        beginInsertRows({}, 0, onTop - 1);
        QHash<int, Document> moved;
        for (auto it = m_documents.cbegin(); it != m_documents.cend(); ++it)
            moved.insert(it.key() + onTop, it.value());
        m_documents = moved;
        m_rows += onTop;
        for (int row = 0; row < onTop; ++row)
            m_documents.insert(row, answer.documents.at(row));
        endInsertRows();
        store(answer);
    } else if (m_loaded && answer.total == m_rows && sameRows(answer)) {
        store(answer);
    } else {
        replaceAll(answer);
    }
    if (m_rows > 0) {
        // What a view shows of the other pages is old now; drawing asks for them.
        emit dataChanged(index(0, 0), index(m_rows - 1, ColumnCount - 1));
    }
    if (!std::exchange(m_loaded, true))
        emit loaded();
}

void DocumentModel::store(const DocumentPage &answer)
{
    const int first = answer.offset;
    const int last = qMin(first + int(answer.documents.size()), m_rows) - 1;
    if (last < first)
        return;
    for (int row = first; row <= last; ++row)
        m_documents.insert(row, answer.documents.at(row - first));
    emit dataChanged(index(first, 0), index(last, ColumnCount - 1));
}

void DocumentModel::forgetFarFrom(int row)
{
    if (m_documents.size() <= kRowsKept)
        return;
    const int reach = kRowsKept / 4;
    m_documents.removeIf([&](const std::pair<const int &, Document &> &entry) {
        return qAbs(entry.first - row) > reach;
    });
    m_current.removeIf([&](int page) { return page > 0 && qAbs(page * kPageSize - row) > reach; });
}

int DocumentModel::insertedOnTop(const DocumentPage &answer) const
{
    const qint64 grown = answer.total - m_rows;
    const Document *top = document(0);
    if (!m_loaded || !top || grown <= 0 || grown >= answer.documents.size())
        return 0;
    return answer.documents.at(grown).id == top->id ? int(grown) : 0;
}

bool DocumentModel::sameRows(const DocumentPage &answer) const
{
    for (qsizetype i = 0; i < answer.documents.size(); ++i) {
        const Document *known = document(int(i));
        if (!known || known->id != answer.documents.at(i).id)
            return false;
    }
    return true;
}

void DocumentModel::replaceAll(const DocumentPage &answer)
{
    beginResetModel();
    m_documents.clear();
    m_rows = int(answer.total);
    for (qsizetype i = 0; i < answer.documents.size(); ++i)
        m_documents.insert(int(i), answer.documents.at(i));
    endResetModel();
}

} // namespace llmemory::ui
