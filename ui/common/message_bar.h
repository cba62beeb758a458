#pragma once

#include "core/base/error.h"

#include <QFrame>

class QLabel;
class QToolButton;
class QPlainTextEdit;

namespace llmemory::ui {

class IconLabel;

/// A strip at the top of the window: what happened, what to do, details on demand. One message at a
/// time, the latest; it stays until it is dismissed or cleared. Hidden when there is none.
class MessageBar final : public QFrame
{
    Q_OBJECT

public:
    enum class Kind { Information, Warning, Failure };

    explicit MessageBar(QWidget *parent = nullptr);

    /// Shows the error's message, its detail behind a button. Nothing for ErrorKind::Cancelled.
    void showError(const Error &error);
    /// @param detail  empty hides the button "Details"
    void showMessage(Kind kind, const QString &text, const QString &detail = {});
    /// A state that goes on, such as a database that does not answer: cannot be dismissed and is
    /// replaced only by clear().
    void showLasting(Kind kind, const QString &text, const QString &detail = {});
    /// Hides the message, a lasting one too.
    void clear();

    /// The text that is shown; empty while hidden.
    QString text() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void display(Kind kind, const QString &text, const QString &detail, bool lasting);

    Kind m_kind = Kind::Information;
    bool m_lasting = false;
    IconLabel *m_icon;
    QLabel *m_text;
    QToolButton *m_more;
    QToolButton *m_dismiss;
    QPlainTextEdit *m_detail;
};

} // namespace llmemory::ui
