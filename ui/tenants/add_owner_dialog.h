#pragma once

#include "core/base/ids.h"

#include <QDialog>
#include <QSet>

class QLabel;
class QLineEdit;
class QPushButton;

namespace llmemory::ui {

/// Asks for a new tenant's name and id. The id follows the name until it is edited, and is checked
/// while it is typed.
class AddOwnerDialog final : public QDialog
{
    Q_OBJECT

public:
    /// @param taken  ids that exist already
    explicit AddOwnerDialog(QSet<OwnerId> taken, QWidget *parent = nullptr);

    /// Says why it did not work and lets the user try again.
    void showProblem(const QString &message);

signals:
    /// "Add" was pressed with a valid id; the dialog stays open until accept().
    void submitted(const llmemory::OwnerId &id, const QString &displayName);

private:
    void suggest(const QString &displayName);
    void check();
    void submit();

    QSet<OwnerId> m_taken;
    QLineEdit *m_name;
    QLineEdit *m_id;
    QLabel *m_problem;
    QPushButton *m_add;
};

} // namespace llmemory::ui
