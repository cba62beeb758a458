#pragma once

#include "core/search/search_hit.h"

#include <QWidget>

class QAction;
class QLabel;
class QListView;
class QStackedLayout;

namespace llmemory::ui {

class EmptyState;
class ElidedLabel;
class HitModel;
class LinkButton;

/// The found passages; or that there are none, that the search runs, that it failed.
/// Above them, what else could have been meant.
class ResultsPage final : public QWidget
{
    Q_OBJECT

public:
    explicit ResultsPage(QWidget *parent = nullptr);

    /// Forgets the results of another search or tenant.
    void reset();
    /// A search runs; results of the one before stay until the answer comes.
    void showSearching();
    void showAnswer(const SearchAnswer &answer);
    void showError(const Error &error);
    /// Goes into the list, to the current row or the first.
    void focusList();
    /// Null when there is no current row.
    const SearchHit *current() const;

signals:
    /// The current row changed; null when there is none. Valid during the signal.
    void hitChosen(const llmemory::SearchHit *hit);
    void openRequested(const QString &idAtOrigin);
    void showInFolderRequested(const QString &idAtOrigin);
    /// The query that the answer suggests is to be searched instead.
    void suggestionChosen(const QString &query);
    /// Esc, or Up on the first row: back to the field.
    void fieldWanted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildView();
    void buildActions();
    void suggest(const QString &query);
    void chooseCurrent();
    void copyCurrent();

    QWidget *m_offer; ///< holds the suggestion; hidden without one
    LinkButton *m_suggestion;
    QString m_suggested;
    HitModel *m_model;
    QListView *m_view;
    ElidedLabel *m_summary;
    QStackedLayout *m_stack;
    EmptyState *m_searching;
    EmptyState *m_nothing;
    EmptyState *m_error;
    QWidget *m_list;
    QAction *m_open;
    QAction *m_showInFolder;
    QAction *m_copy;
};

} // namespace llmemory::ui
