#pragma once

#include "core/tenants/owner.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace llmemory::ui {

/// Says what goes with a tenant and deletes only once its id has been typed.
class DeleteOwnerDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit DeleteOwnerDialog(const Owner &owner, QWidget *parent = nullptr);

    /// Says why it did not work and lets the user try again.
    void showProblem(const QString &message);

signals:
    /// "Delete" was pressed with the id typed; the dialog stays open until accept().
    void submitted(const llmemory::OwnerId &id);

private:
    void check();
    void submit();

    OwnerId m_owner;
    QLineEdit *m_typed;
    QLabel *m_problem;
    QPushButton *m_delete;
};

} // namespace llmemory::ui
