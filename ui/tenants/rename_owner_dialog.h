#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace llmemory::ui {

/// Asks for a tenant's new name.
class RenameOwnerDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit RenameOwnerDialog(const QString &displayName, QWidget *parent = nullptr);

    /// Says why it did not work and lets the user try again.
    void showProblem(const QString &message);

signals:
    /// "Rename" was pressed; the dialog stays open until accept().
    void submitted(const QString &displayName);

private:
    void submit();

    QLineEdit *m_name;
    QLabel *m_problem;
    QPushButton *m_rename;
};

} // namespace llmemory::ui
