#include "ui/tenants/recall_dialog.h"

#include "ui/async.h"
#include "ui/common/busy_indicator.h"
#include "ui/common/icon_label.h"
#include "ui/common/muted_label.h"
#include "ui/common/theme.h"
#include "ui/tenants/recall_text.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

namespace llmemory::ui {

namespace {

constexpr int kWidth = 460;
constexpr int kIconSize = 24;

QLabel *lines(QLabel *label)
{
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

RecallDialog::RecallDialog(const QString &ownerName, Measure measure, QWidget *parent)
    : QDialog(parent)
    , m_measure(std::move(measure))
    , m_pages(new QStackedWidget(this))
    , m_buttons(new QDialogButtonBox(this))
    , m_again(m_buttons->addButton(tr("Check &Again"), QDialogButtonBox::ActionRole))
{
    setWindowTitle(tr("Search Quality of “%1”").arg(ownerName));
    m_pages->addWidget(buildBusyPage(ownerName));
    m_pages->addWidget(buildResultPage());
    m_again->setObjectName(QStringLiteral("again"));
    connect(m_again, &QAbstractButton::clicked, this, &RecallDialog::start);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 14);
    layout->setSpacing(16);
    layout->addWidget(m_pages, 1);
    layout->addWidget(m_buttons);
    resize(kWidth, sizeHint().height());
    start();
}

void RecallDialog::done(int result)
{
    m_running.cancel();
    QDialog::done(result);
}

QWidget *RecallDialog::buildBusyPage(const QString &ownerName)
{
    auto *page = new QWidget(this);
    auto *text = new QLabel(tr("Trying searches in the documents of “%1” and comparing what they "
                               "find with all passages…")
                                .arg(ownerName),
                            page);
    lines(text)->setObjectName(QStringLiteral("measuring"));
    auto *layout = new QHBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(14);
    layout->addWidget(new BusyIndicator(kIconSize, page), 0, Qt::AlignTop);
    layout->addWidget(text, 1, Qt::AlignTop);
    return page;
}

QWidget *RecallDialog::buildResultPage()
{
    auto *page = new QWidget(this);
    m_icon = new IconLabel(QStringLiteral("done"), kIconSize, Tint::Good, page);
    m_title = lines(new QLabel(page));
    m_title->setObjectName(QStringLiteral("title"));
    QFont font = scaled(m_title->font(), 1.1);
    font.setWeight(QFont::DemiBold);
    m_title->setFont(font);
    m_detail = lines(new MutedLabel(page));
    m_detail->setObjectName(QStringLiteral("detail"));
    m_advice = lines(new QLabel(page));
    m_advice->setObjectName(QStringLiteral("advice"));
    auto *layout = new QGridLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(14);
    layout->setVerticalSpacing(8);
    layout->setColumnStretch(1, 1);
    layout->setRowStretch(3, 1);
    layout->addWidget(m_icon, 0, 0, Qt::AlignTop);
    layout->addWidget(m_title, 0, 1);
    layout->addWidget(m_detail, 1, 1);
    layout->addWidget(m_advice, 2, 1);
    return page;
}

void RecallDialog::start()
{
    m_buttons->setStandardButtons(QDialogButtonBox::Cancel);
    m_again->hide(); // laying out anew has shown it
    m_pages->setCurrentIndex(0);
    m_running = m_measure();
    onFinished(m_running, this, [this](const Result<RecallCheck> &check) { showResult(check); });
}

void RecallDialog::showResult(const Result<RecallCheck> &check)
{
    const RecallText text = check ? textOf(*check)
                                  : RecallText{.tone = RecallText::Tone::Bad,
                                               .title = tr("The search could not be checked"),
                                               .detail = check.error().message,
                                               .advice = {}};
    switch (text.tone) {
    case RecallText::Tone::Good:
        m_icon->setIcon(QStringLiteral("done"), Tint::Good);
        break;
    case RecallText::Tone::Neutral:
        m_icon->setIcon(QStringLiteral("info"), Tint::Accent);
        break;
    case RecallText::Tone::Bad:
        m_icon->setIcon(QStringLiteral("warning"), Tint::Warning);
        break;
    }
    m_title->setText(text.title);
    m_detail->setText(text.detail);
    m_advice->setText(text.advice);
    m_advice->setVisible(!text.advice.isEmpty());
    m_buttons->setStandardButtons(QDialogButtonBox::Close);
    m_again->show();
    m_pages->setCurrentIndex(1);
    m_pages->setAccessibleName(text.title);
    m_buttons->button(QDialogButtonBox::Close)->setFocus();
    // Wrapped lines need more height than the empty page did.
    layout()->activate();
    resize(width(), qMax(height(), heightForWidth(width())));
}

} // namespace llmemory::ui
