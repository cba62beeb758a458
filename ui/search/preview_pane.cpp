#include "ui/search/preview_pane.h"

#include "ui/async.h"
#include "ui/common/elided_label.h"
#include "ui/common/empty_state.h"
#include "ui/common/file_actions.h"
#include "ui/common/format.h"
#include "ui/common/hairline.h"
#include "ui/common/icon_label.h"
#include "ui/common/theme.h"
#include "ui/search/passage_view.h"
#include "ui/search/reflow.h"
#include "ui/search/verdict_buttons.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QStackedLayout>
#include <QStringBuilder>
#include <QToolButton>
#include <QVBoxLayout>

namespace llmemory::ui {

namespace {

/// Characters of a document that are shown when no passage of it is.
constexpr qsizetype kBeginning = 20'000;

QToolButton *buttonFor(QAction *action, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(action->statusTip());
    return button;
}

/// A text for reading; that of a format with pages has lost the lines of its pages.
QString readable(const QString &text, bool hasPages)
{
    return hasPages ? reflowed(text) : text;
}

QStringList placeOf(DocumentType type, const Locator &locator)
{
    const QString page =
        locator.page > 0 ? PreviewPane::tr("Page %1").arg(locator.page) : QString();
    return {typeName(type), page, headingText(locator.headingPath)};
}

} // namespace

PreviewPane::PreviewPane(Memory &memory, QWidget *parent)
    : QWidget(parent)
    , m_memory(memory)
    , m_stack(new QStackedLayout(this))
    , m_icon(new IconLabel(QStringLiteral("document"), 20, Tint::Muted, this))
    , m_name(new ElidedLabel(this))
    , m_place(new ElidedLabel(this))
    , m_view(new PassageView(this))
    , m_verdict(new VerdictButtons(this))
    , m_open(new QAction(icon(QStringLiteral("open")), tr("Open File"), this))
    , m_showInFolder(new QAction(icon(QStringLiteral("folder")), tr("Show in Folder"), this))
    , m_copy(new QAction(icon(QStringLiteral("copy")), tr("Copy"), this))
{
    auto *empty = new EmptyState(QStringLiteral("document"), this);
    empty->setTitle(tr("Nothing chosen"));
    empty->setText(tr("Choose a document or a found passage to read it here."));
    m_stack->addWidget(empty);
    m_stack->addWidget(buildPage());
}

void PreviewPane::showHit(const OwnerId &owner, const SearchHit &hit)
{
    drop();
    setHead(
        hit.documentType, hit.documentName, placeOf(hit.documentType, hit.locator), hit.idAtOrigin);
    m_copied = hit.content;
    m_view->showPassage({},
                        readable(hit.content, hit.locator.page > 0),
                        {},
                        utf16Ranges(hit.content, hit.highlights));
    m_stack->setCurrentIndex(1);

    const quint64 generation = m_generation;
    m_passage = m_memory.passage(owner, hit.chunk);
    onFinished(m_passage, this, [this, hit, generation](const Result<Passage> &passage) {
        if (generation != m_generation)
            return;
        if (passage)
            showSurroundings(hit, *passage);
        else
            emit failed(passage.error());
    });
}

void PreviewPane::showVerdict(std::optional<Verdict> verdict)
{
    m_verdict->setVisible(verdict.has_value());
    m_verdict->setVerdict(verdict.value_or(Verdict::None));
}

void PreviewPane::showDocument(const OwnerId &owner, const DocumentId &id)
{
    drop();
    const quint64 generation = m_generation;
    m_details = m_memory.document(owner, id, {.content = true});
    onFinished(m_details, this, [this, generation](const Result<DocumentDetails> &details) {
        if (generation != m_generation)
            return;
        if (details)
            showDetails(*details);
        else if (details.error().kind == ErrorKind::NotFound)
            clear();
        else
            emit failed(details.error());
    });
}

void PreviewPane::clear()
{
    drop();
    m_stack->setCurrentIndex(0);
}

QWidget *PreviewPane::buildPage()
{
    m_name->setObjectName(QStringLiteral("previewName"));
    m_name->setElideMode(Qt::ElideMiddle);
    QFont font = scaled(m_name->font(), 1.1);
    font.setWeight(QFont::DemiBold);
    m_name->setFont(font);
    m_place->setObjectName(QStringLiteral("previewPlace"));
    m_place->setForegroundRole(QPalette::PlaceholderText);
    m_view->setObjectName(QStringLiteral("previewText"));
    m_view->setAccessibleName(tr("Text of the document"));

    m_open->setStatusTip(tr("Open the document's file with its program"));
    m_showInFolder->setStatusTip(tr("Open the folder that holds the document's file"));
    m_copy->setStatusTip(tr("Copy the text of the passage"));
    for (QAction *action : {m_open, m_showInFolder, m_copy})
        action->setToolTip(action->statusTip());
    connect(m_open, &QAction::triggered, this, [this] { emit openRequested(m_origin); });
    connect(m_showInFolder, &QAction::triggered, this, [this] {
        emit showInFolderRequested(m_origin);
    });
    connect(m_copy, &QAction::triggered, this, [this] {
        QApplication::clipboard()->setText(m_copied);
    });

    connect(m_verdict, &VerdictButtons::verdictGiven, this, &PreviewPane::verdictGiven);
    m_verdict->hide();

    auto *page = new QWidget(this);
    auto *title = new QHBoxLayout;
    title->setSpacing(2);
    title->addWidget(m_icon);
    title->addSpacing(8);
    title->addWidget(m_name, 1);
    title->addWidget(m_verdict);
    title->addSpacing(6);
    for (QAction *action : {m_open, m_showInFolder, m_copy})
        title->addWidget(buttonFor(action, page));
    auto *head = new QVBoxLayout;
    head->setContentsMargins(16, 4, 10, 8);
    head->setSpacing(2);
    head->addLayout(title);
    head->addWidget(m_place);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(new Hairline(page));
    layout->addWidget(m_view, 1);
    return page;
}

void PreviewPane::setHead(DocumentType type,
                          const QString &name,
                          const QStringList &facts,
                          const QString &origin)
{
    m_icon->setIcon(typeIcon(type));
    m_name->setText(name);
    QStringList parts = facts;
    parts.removeAll(QString());
    m_place->setText(parts.join(QStringLiteral(" · ")));
    m_origin = origin;
    const bool isFile = !localPath(origin).isEmpty();
    m_open->setEnabled(isFile);
    m_showInFolder->setEnabled(isFile);
}

void PreviewPane::drop()
{
    ++m_generation;
    showVerdict({});
    m_passage.cancel();
    m_details.cancel();
}

void PreviewPane::showSurroundings(const SearchHit &hit, const Passage &passage)
{
    const QString &text = passage.chunk.content;
    // The document may have been replaced since the search; its marks would be off then.
    const bool same = text == hit.content;
    m_copied = text;
    // As one text, so that lines are joined across the passage's ends too.
    const QString whole =
        readable(QString(passage.before % text % passage.after), passage.chunk.locator.page > 0);
    m_view->showPassage(whole.first(passage.before.size()),
                        whole.sliced(passage.before.size(), text.size()),
                        whole.last(passage.after.size()),
                        same ? utf16Ranges(text, hit.highlights) : QList<TextRange>());
}

void PreviewPane::showDetails(const DocumentDetails &details)
{
    const Document &document = details.document;
    const QString pages =
        document.pageCount > 0 ? tr("%n page(s)", nullptr, document.pageCount) : QString();
    setHead(document.type,
            document.name,
            {typeName(document.type), pages, tr("%n passage(s)", nullptr, document.chunkCount)},
            document.idAtOrigin);
    m_copied = details.content;
    const bool cut = details.content.size() > kBeginning;
    const QString text = readable(details.content.left(kBeginning), document.pageCount > 0);
    m_view->showText(cut ? QString(text % QStringLiteral("\n…")) : text);
    m_stack->setCurrentIndex(1);
}

} // namespace llmemory::ui
