#pragma once

#include "core/memory.h"

#include <QSet>
#include <QTimer>
#include <QWidget>

class QAction;
class QLabel;
class QLineEdit;
class QStackedLayout;
class QTreeView;

namespace llmemory::ui {

class DocumentModel;
class EmptyState;

/// A tenant's documents: list, filter by name, open, delete.
class DocumentsPage final : public QWidget
{
    Q_OBJECT

public:
    explicit DocumentsPage(Memory &memory, QWidget *parent = nullptr);

    /// @param displayName  for the texts of an empty list; an empty id shows the first invitation
    void setOwner(const OwnerId &owner, const QString &displayName);
    /// Reads the list again; soon, so that a burst of changes costs few queries.
    void refresh();
    void setAddActions(QAction *addFiles, QAction *addFolder);

signals:
    /// The current row changed; a null id when nothing is chosen.
    void documentChosen(const llmemory::DocumentId &id);
    /// A document of this origin is to be opened.
    void openRequested(const QString &idAtOrigin);
    void showInFolderRequested(const QString &idAtOrigin);
    void failed(const llmemory::Error &error);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildView();
    void buildHeader();
    void fitColumns();
    void buildActions();
    QWidget *buildList();
    void updateState();
    void updateActions();
    void chooseCurrent();
    QList<int> selectedRows() const;
    QString currentOrigin() const;
    void confirmDeletion();
    void openConfirmation(const QList<DocumentId> &ids, const QString &name);
    void deleteDocuments(const QList<DocumentId> &ids);
    void keepSelection();
    void restoreSelection();

    Memory &m_memory;
    OwnerId m_owner;
    QString m_ownerName;
    DocumentModel *m_model;
    QTreeView *m_view;
    QLineEdit *m_filter;
    QLabel *m_count;
    QStackedLayout *m_stack;
    EmptyState *m_invitation;
    EmptyState *m_nothingMatches;
    QAction *m_open;
    QAction *m_showInFolder;
    QAction *m_delete;
    int m_sortColumn;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
    QTimer m_refreshTimer;
    QTimer m_filterTimer;
    QSet<DocumentId> m_keptSelection;
    DocumentId m_keptCurrent;
    DocumentId m_announced;   ///< by documentChosen()
    bool m_resetting = false; ///< the list is being replaced; its current row means nothing
};

} // namespace llmemory::ui
