#include "ui/about_dialog.h"

#include "core/base/version.h"
#include "ui/common/icons.h"
#include "ui/common/muted_label.h"
#include "ui/common/theme.h"

#include <QApplication>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace llmemory::ui {

namespace {
constexpr int kIconSize = 72;
} // namespace

AboutDialog::AboutDialog(QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("About llmemory"));
    auto *picture = new QLabel(this);
    picture->setPixmap(applicationIcon().pixmap(QSize(kIconSize, kIconSize), devicePixelRatioF()));
    auto *name = new QLabel(QStringLiteral("llmemory"), this);
    QFont font = scaled(name->font(), 1.5);
    font.setWeight(QFont::DemiBold);
    name->setFont(font);
    auto *version = new MutedLabel(
        tr("Version %1 · Qt %2").arg(QLatin1String(kVersion), QLatin1String(qVersion())), this);
    version->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *purpose =
        new QLabel(tr("Keeps documents and finds them again, by their words and by their "
                      "meaning. Built on PostgreSQL and pgvector."),
                   this);
    auto *licence =
        new MutedLabel(tr("Free software under the MIT licence, without any warranty."), this);
    for (QLabel *label : {purpose, static_cast<QLabel *>(licence)})
        label->setWordWrap(true);

    auto *text = new QVBoxLayout;
    text->setSpacing(6);
    text->addWidget(name);
    text->addWidget(version);
    text->addSpacing(8);
    text->addWidget(purpose);
    text->addWidget(licence);
    text->addStretch();
    auto *row = new QHBoxLayout;
    row->setSpacing(20);
    row->addWidget(picture, 0, Qt::AlignTop);
    row->addLayout(text, 1);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 22, 22, 14);
    layout->setSpacing(16);
    layout->addLayout(row);
    layout->addWidget(buttons);
    resize(460, sizeHint().height());
}

} // namespace llmemory::ui
