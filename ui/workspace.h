#pragma once

#include "core/memory.h"

#include <QWidget>

class QAction;
class QSplitter;
class QStackedWidget;

namespace llmemory::ui {

class DocumentsPage;
class PreviewPane;
class QueryChips;
class ResultFeedback;
class ResultsPage;
class SearchBar;
class SearchController;

/// One tenant's work: search field with the query's parts, documents or results, preview.
class Workspace final : public QWidget
{
    Q_OBJECT

public:
    explicit Workspace(Memory &memory, QWidget *parent = nullptr);

    void setOwner(const OwnerId &owner, const QString &displayName);
    void setAddActions(QAction *addFiles, QAction *addFolder);
    /// The tenant's documents have changed.
    void refresh();
    void focusSearch();
    void clearSearch();

    SearchMode searchMode() const;
    void setSearchMode(SearchMode mode);
    QByteArray saveState() const;
    void restoreState(const QByteArray &state);

signals:
    void failed(const llmemory::Error &error);
    void openRequested(const QString &idAtOrigin);
    void showInFolderRequested(const QString &idAtOrigin);

private:
    void connectSearch();
    void connectChips();
    void connectPages();
    void connectFeedback();
    /// The verdict on the current result beside its text, where the history takes one.
    void showVerdict();
    void showDocuments();
    void showResults();

    Memory &m_memory;
    OwnerId m_owner;
    SearchController *m_search;
    ResultFeedback *m_feedback;
    SearchBar *m_bar;
    QueryChips *m_chips;
    QSplitter *m_splitter;
    QStackedWidget *m_stack;
    DocumentsPage *m_documents;
    ResultsPage *m_results;
    PreviewPane *m_preview;
    DocumentId m_chosenDocument; ///< in the list of documents
};

} // namespace llmemory::ui
