#pragma once

#include "core/memory.h"

#include <QFuture>
#include <QWidget>

#include <optional>

class QAction;
class QStackedLayout;

namespace llmemory::ui {

class ElidedLabel;
class EmptyState;
class IconLabel;
class PassageView;
class VerdictButtons;

/// Shows a passage in its context, or how a document begins. What was asked for last wins.
/// A found passage can be called good or bad.
class PreviewPane final : public QWidget
{
    Q_OBJECT

public:
    explicit PreviewPane(Memory &memory, QWidget *parent = nullptr);

    /// The passage at once, its surroundings as soon as they are read.
    void showHit(const OwnerId &owner, const SearchHit &hit);
    /// The user's verdict on the passage that is shown; nothing takes the thumbs away until another
    /// one is shown.
    void showVerdict(std::optional<Verdict> verdict);
    void showDocument(const OwnerId &owner, const DocumentId &id);
    void clear();

signals:
    void verdictGiven(llmemory::Verdict verdict);
    void openRequested(const QString &idAtOrigin);
    void showInFolderRequested(const QString &idAtOrigin);
    void failed(const llmemory::Error &error);

private:
    QWidget *buildPage();
    void setHead(DocumentType type,
                 const QString &name,
                 const QStringList &facts,
                 const QString &origin);
    void drop();
    void showSurroundings(const SearchHit &hit, const Passage &passage);
    void showDetails(const DocumentDetails &details);

    Memory &m_memory;
    QStackedLayout *m_stack;
    IconLabel *m_icon;
    ElidedLabel *m_name;
    ElidedLabel *m_place;
    PassageView *m_view;
    VerdictButtons *m_verdict;
    QAction *m_open;
    QAction *m_showInFolder;
    QAction *m_copy;
    QString m_origin;
    QString m_copied;         ///< what "Copy" takes
    quint64 m_generation = 0; ///< of what is shown; older answers are dropped
    QFuture<Result<Passage>> m_passage;
    QFuture<Result<DocumentDetails>> m_details;
};

} // namespace llmemory::ui
