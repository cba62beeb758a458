#pragma once

#include "core/base/error.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedLayout;

namespace llmemory::ui {

/// What the window shows until the database is there: how far it is, or why it does not work.
class StartupPage final : public QWidget
{
    Q_OBJECT

public:
    explicit StartupPage(QWidget *parent = nullptr);

    /// Goes back to waiting.
    void showStep(const QString &message);
    void showFailure(const Error &error);

signals:
    void retryRequested();

private:
    QWidget *buildWaiting();
    QWidget *buildFailure();

    QStackedLayout *m_stack;
    QLabel *m_step = nullptr;
    QLabel *m_problem = nullptr;
    QPlainTextEdit *m_detail = nullptr;
    QPushButton *m_copy = nullptr;
    QPushButton *m_retry = nullptr;
};

} // namespace llmemory::ui
