#include "ui/shortcuts_dialog.h"

#include "ui/common/muted_label.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QVBoxLayout>

namespace llmemory::ui {

ShortcutsDialog::ShortcutsDialog(const QList<Entry> &entries, QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("Keyboard Shortcuts"));
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(40);
    grid->setVerticalSpacing(7);
    grid->setColumnStretch(0, 1);
    int row = 0;
    for (const auto &[what, key] : entries) {
        grid->addWidget(new QLabel(what, this), row, 0);
        grid->addWidget(new MutedLabel(key, this), row++, 1, Qt::AlignTrailing);
    }
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 20, 22, 14);
    layout->setSpacing(18);
    layout->addLayout(grid);
    layout->addStretch();
    layout->addWidget(buttons);
}

} // namespace llmemory::ui
