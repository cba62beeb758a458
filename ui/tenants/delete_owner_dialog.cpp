#include "ui/tenants/delete_owner_dialog.h"

#include "ui/common/icon_label.h"
#include "ui/common/problem_label.h"
#include "ui/common/theme.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace llmemory::ui {

namespace {

QLabel *plainLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

DeleteOwnerDialog::DeleteOwnerDialog(const Owner &owner, QWidget *parent)
    : QDialog(parent)
    , m_owner(owner.id)
    , m_typed(new QLineEdit(this))
    , m_problem(new ProblemLabel(this))
{
    setWindowTitle(tr("Delete Tenant"));
    auto *title = plainLabel(tr("Delete “%1”?").arg(owner.displayName), this);
    QFont font = scaled(title->font(), 1.15);
    font.setWeight(QFont::DemiBold);
    title->setFont(font);
    auto *consequence = plainLabel(
        owner.documentCount > 0 ? tr("%n document(s) of this tenant will be deleted here for good. "
                                     "The files on the disk stay as they are.",
                                     nullptr,
                                     int(owner.documentCount))
                                : tr("This tenant has no documents."),
        this);
    auto *demand =
        plainLabel(tr("To confirm, type the tenant's id: %1").arg(m_owner.toString()), this);
    demand->setTextInteractionFlags(Qt::TextSelectableByMouse);

    m_typed->setObjectName(QStringLiteral("confirmation"));
    m_typed->setAccessibleName(tr("Id of the tenant to delete"));
    demand->setBuddy(m_typed);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_delete = buttons->addButton(tr("Delete"), QDialogButtonBox::DestructiveRole);
    m_delete->setObjectName(QStringLiteral("delete"));
    m_delete->setDefault(true);
    connect(m_delete, &QPushButton::clicked, this, &DeleteOwnerDialog::submit);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_typed, &QLineEdit::textChanged, this, &DeleteOwnerDialog::check);

    auto *text = new QVBoxLayout;
    text->setSpacing(8);
    for (QWidget *part : {title, consequence, demand})
        text->addWidget(part);
    text->addWidget(m_typed);
    text->addWidget(m_problem);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(14);
    grid->addWidget(
        new IconLabel(QStringLiteral("warning"), 32, Tint::Bad, this), 0, 0, Qt::AlignTop);
    grid->addLayout(text, 0, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(18, 18, 18, 14);
    layout->addLayout(grid);
    layout->addStretch();
    layout->addWidget(buttons);
    m_typed->setFocus();
    resize(460, sizeHint().height());
    check();
}

void DeleteOwnerDialog::showProblem(const QString &message)
{
    m_problem->setText(message);
    m_delete->setEnabled(true);
}

void DeleteOwnerDialog::check()
{
    m_delete->setEnabled(m_typed->text() == m_owner.toString());
    m_problem->clear();
}

void DeleteOwnerDialog::submit()
{
    if (m_typed->text() != m_owner.toString())
        return;
    m_delete->setEnabled(false);
    emit submitted(m_owner);
}

} // namespace llmemory::ui
