#pragma once

#include "ui/search/snippet.h"

#include <QTextBrowser>

namespace llmemory::ui {

/// Text of a document with one passage in it marked: a line beside it, the text around it quieter,
/// the found words on a coloured ground. Read-only.
class PassageView final : public QTextBrowser
{
    Q_OBJECT

public:
    explicit PassageView(QWidget *parent = nullptr);

    /// @param marks  found words, positions in @p passage
    void showPassage(const QString &before,
                     const QString &passage,
                     const QString &after,
                     const QList<TextRange> &marks);
    /// Text without a passage in it.
    void showText(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void render();
    void scrollToPassage();

    QString m_before;
    QString m_passage;
    QString m_after;
    QList<TextRange> m_marks;
    int m_start = 0; ///< of the passage in the document
    int m_end = 0;
};

} // namespace llmemory::ui
