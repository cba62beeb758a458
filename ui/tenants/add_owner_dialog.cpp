#include "ui/tenants/add_owner_dialog.h"

#include "ui/common/muted_label.h"
#include "ui/common/problem_label.h"
#include "ui/tenants/owner_id_suggestion.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace llmemory::ui {

namespace {
constexpr int kLongestName = 255;
} // namespace

AddOwnerDialog::AddOwnerDialog(QSet<OwnerId> taken, QWidget *parent)
    : QDialog(parent)
    , m_taken(std::move(taken))
    , m_name(new QLineEdit(this))
    , m_id(new QLineEdit(this))
    , m_problem(new ProblemLabel(this))
{
    setWindowTitle(tr("Add Tenant"));
    m_name->setObjectName(QStringLiteral("name"));
    m_name->setMaxLength(kLongestName);
    m_name->setPlaceholderText(tr("For example: Legal department"));
    m_name->setAccessibleName(tr("Name"));
    m_id->setObjectName(QStringLiteral("id"));
    m_id->setPlaceholderText(tr("For example: legal"));
    m_id->setAccessibleName(tr("Id"));
    m_id->setAccessibleDescription(tr("Letters, digits and . _ @ - without spaces"));

    auto *explanation = new MutedLabel(tr("A tenant keeps its documents apart from all others. "
                                          "Scripts and the command line use its id, which stays "
                                          "as it is; the name can be changed later."),
                                       this);
    explanation->setWordWrap(true);
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("&Name:"), m_name);
    form->addRow(tr("&Id:"), m_id);
    form->addRow(QString(), m_problem);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_add = buttons->addButton(tr("Add"), QDialogButtonBox::AcceptRole);
    m_add->setObjectName(QStringLiteral("add"));
    m_add->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &AddOwnerDialog::submit);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_name, &QLineEdit::textEdited, this, &AddOwnerDialog::suggest);
    connect(m_id, &QLineEdit::textChanged, this, &AddOwnerDialog::check);

    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(14);
    layout->setContentsMargins(18, 18, 18, 14);
    layout->addWidget(explanation);
    layout->addLayout(form);
    layout->addStretch();
    layout->addWidget(buttons);
    resize(440, sizeHint().height());
    check();
}

void AddOwnerDialog::showProblem(const QString &message)
{
    m_problem->setText(message);
    m_add->setEnabled(true);
}

void AddOwnerDialog::suggest(const QString &displayName)
{
    // isModified() is set by typing and pasting, not by setText().
    if (!m_id->isModified() || m_id->text().isEmpty())
        m_id->setText(suggestOwnerId(displayName));
}

void AddOwnerDialog::check()
{
    const Result<OwnerId> id = OwnerId::parse(m_id->text());
    const bool taken = id && m_taken.contains(*id);
    m_add->setEnabled(id && !taken);
    if (m_id->text().isEmpty())
        m_problem->clear();
    else if (!id)
        m_problem->setText(id.error().message);
    else if (taken)
        m_problem->setText(tr("A tenant with this id exists already."));
    else
        m_problem->clear();
}

void AddOwnerDialog::submit()
{
    const Result<OwnerId> id = OwnerId::parse(m_id->text());
    if (!id)
        return;
    m_add->setEnabled(false);
    emit submitted(*id, m_name->text().trimmed());
}

} // namespace llmemory::ui
