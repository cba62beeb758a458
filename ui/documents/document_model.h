#pragma once

#include "core/documents/document.h"

#include <QAbstractTableModel>
#include <QFuture>
#include <QHash>
#include <QSet>
#include <QTimer>

#include <functional>

namespace llmemory::ui {

/// A tenant's documents, of which only the part that is looked at is in memory: pages of
/// kPageSize rows are fetched when a view asks for them, and the rows far from there are let go.
/// Rows that are not there yet show "…".
class DocumentModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        NameColumn,
        TypeColumn,
        LanguageColumn,
        PagesColumn,
        PassagesColumn,
        StateColumn,
        AddedColumn,
        ColumnCount,
    };
    enum Role {
        SortableRole = Qt::UserRole + 1, ///< bool, header data: the list can be ordered by it
    };
    static constexpr int kPageSize = 200;
    /// Rows that are kept at most, about 10 MB of them.
    static constexpr int kRowsKept = 20'000;

    using Fetch = std::function<QFuture<Result<DocumentPage>>(const DocumentListQuery &query)>;
    using Ids = Result<QList<DocumentId>>;

    explicit DocumentModel(Fetch fetch, QObject *parent = nullptr);

    /// Shows this tenant's documents from the start; empty shows none.
    void setOwner(const OwnerId &owner);
    /// Only documents whose name or origin contains @p text; empty = all. The rows so far stay
    /// until the answer comes; so with sort().
    void setNameFilter(const QString &text);
    /// Fetches again what is looked at; rows that stay keep their selection.
    void refresh();
    /// By name or by the time of adding; other columns are ignored.
    void sort(int column, Qt::SortOrder order) override;

    /// Null when the row is not in memory.
    const Document *document(int row) const;
    /// -1 when no row in memory holds this document.
    int rowOf(const DocumentId &id) const;
    /// The ids of rows, those not in memory too, which are fetched for it. Before the first page of
    /// a new list has come, only those in memory.
    /// @param answer  called once, at once when all are in memory; never after a change of tenant
    void collectIds(const QList<int> &rows, const std::function<void(const Ids &)> &answer);

    bool isFiltered() const { return !m_query.nameContains.isEmpty(); }
    /// The first page has arrived.
    bool isLoaded() const { return m_loaded; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    /// The first page of another list is there.
    void loaded();
    void failed(const llmemory::Error &error);

private:
    void restart();
    void want(int page) const;
    void fetchWanted();
    void fetchPage(int page);
    void accept(int page, const DocumentPage &answer);
    void acceptFirst(const DocumentPage &answer);
    void store(const DocumentPage &answer);
    void forgetFarFrom(int row);
    int insertedOnTop(const DocumentPage &answer) const;
    bool sameRows(const DocumentPage &answer) const;
    void replaceAll(const DocumentPage &answer);
    void collectNext(int page,
                     QHash<int, QList<int>> rows,
                     QList<DocumentId> ids,
                     const std::function<void(const Ids &)> &answer);

    Fetch m_fetch;
    DocumentListQuery m_query;
    int m_rows = 0;
    bool m_loaded = false;
    QHash<int, Document> m_documents; ///< by row; some may be of an older answer
    quint64 m_generation = 0;         ///< of the list; answers of an older one are dropped
    QList<QFuture<Result<DocumentPage>>> m_running;
    // Asked for while a view draws, that is from const functions.
    mutable QSet<int> m_current; ///< pages that are fetched or being fetched since refresh()
    mutable QSet<int> m_wanted;
    mutable QTimer m_fetchTimer;
};

} // namespace llmemory::ui
