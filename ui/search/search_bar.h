#pragma once

#include "core/search/search_query.h"
#include "ui/search/snippet.h"

#include <QWidget>

class QLineEdit;

namespace llmemory::ui {

class ModeSwitch;

/// The search field with the choice of how to search.
class SearchBar final : public QWidget
{
    Q_OBJECT

public:
    explicit SearchBar(QWidget *parent = nullptr);

    QString text() const;
    SearchMode mode() const;
    void setMode(SearchMode mode);
    /// Whose documents are searched, as people call it; for the empty field's text.
    void setOwnerName(const QString &name);
    /// Puts the cursor into the field and selects what is there.
    void focusField();
    /// Puts the cursor into the field and selects a piece of the text, in UTF-16.
    void select(qsizetype start, qsizetype length);
    /// Another text, as if it had been typed: it can be undone.
    void replaceText(const QString &text);
    /// Underlines pieces of the text until it changes.
    void markMistakes(const QList<TextRange> &places);
    void clear();

signals:
    void textChanged(const QString &text);
    void modeChanged(llmemory::SearchMode mode);
    /// Enter: search without waiting and go on in the results.
    void submitted();
    /// Down: go on in the results.
    void listWanted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void underline(const QList<TextRange> &places);

    QLineEdit *m_field;
    ModeSwitch *m_mode;
    bool m_marked = false;
};

} // namespace llmemory::ui
