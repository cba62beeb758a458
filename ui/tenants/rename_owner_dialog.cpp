#include "ui/tenants/rename_owner_dialog.h"

#include "ui/common/problem_label.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace llmemory::ui {

namespace {
constexpr int kLongestName = 255;
} // namespace

RenameOwnerDialog::RenameOwnerDialog(const QString &displayName, QWidget *parent)
    : QDialog(parent), m_name(new QLineEdit(displayName, this)), m_problem(new ProblemLabel(this))
{
    setWindowTitle(tr("Rename Tenant"));
    m_name->setObjectName(QStringLiteral("name"));
    m_name->setMaxLength(kLongestName);
    m_name->setAccessibleName(tr("Name"));
    m_name->selectAll();

    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("&Name:"), m_name);
    form->addRow(QString(), m_problem);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_rename = buttons->addButton(tr("Rename"), QDialogButtonBox::AcceptRole);
    m_rename->setObjectName(QStringLiteral("rename"));
    m_rename->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &RenameOwnerDialog::submit);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_name, &QLineEdit::textChanged, this, [this](const QString &name) {
        m_rename->setEnabled(!name.trimmed().isEmpty());
        m_problem->clear();
    });

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(18, 18, 18, 14);
    layout->addLayout(form);
    layout->addStretch();
    layout->addWidget(buttons);
    resize(400, sizeHint().height());
}

void RenameOwnerDialog::showProblem(const QString &message)
{
    m_problem->setText(message);
    m_rename->setEnabled(true);
}

void RenameOwnerDialog::submit()
{
    m_rename->setEnabled(false);
    emit submitted(m_name->text().trimmed());
}

} // namespace llmemory::ui
