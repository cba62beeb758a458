#include "ui/search/passage_view.h"

#include "ui/common/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QApplication>
#include <QEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>

#include <algorithm>

namespace llmemory::ui {

namespace {
constexpr int kMargin = 16;
constexpr int kBarWidth = 3;
constexpr int kLineHeightPercent = 125;
constexpr int kSpaceAbovePassage = 60; // of the text before it
} // namespace

PassageView::PassageView(QWidget *parent) : QTextBrowser(parent)
{
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    setAcceptDrops(false);
    setUndoRedoEnabled(false);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    document()->setDocumentMargin(kMargin);
}

void PassageView::showPassage(const QString &before,
                              const QString &passage,
                              const QString &after,
                              const QList<TextRange> &marks)
{
    m_before = before;
    m_passage = passage;
    m_after = after;
    m_marks = marks;
    render();
}

void PassageView::showText(const QString &text)
{
    showPassage({}, {}, text, {});
}

void PassageView::paintEvent(QPaintEvent *event)
{
    QTextBrowser::paintEvent(event);
    if (m_passage.isEmpty())
        return;
    QTextCursor cursor(document());
    cursor.setPosition(m_start);
    const QRect first = cursorRect(cursor);
    cursor.setPosition(m_end);
    const QRect last = cursorRect(cursor);
    const int x = layoutDirection() == Qt::RightToLeft ? viewport()->width() - kBarWidth - 5 : 5;
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Tones::of(palette()).accent);
    painter.drawRoundedRect(
        QRect(QPoint(x, first.top()), QPoint(x + kBarWidth - 1, last.bottom())), 1.5, 1.5);
}

void PassageView::changeEvent(QEvent *event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        render();
}

void PassageView::render()
{
    const QPalette colors = QApplication::palette();
    const Tones tones = Tones::of(colors);
    QTextCharFormat around;
    around.setForeground(m_passage.isEmpty() ? colors.color(QPalette::Text) : tones.muted);
    QTextCharFormat inside;
    inside.setForeground(colors.color(QPalette::Text));
    QTextCharFormat found = inside;
    found.setBackground(tones.mark);
    QTextBlockFormat lines;
    lines.setLineHeight(kLineHeightPercent, QTextBlockFormat::ProportionalHeight);

    clear();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    cursor.setBlockFormat(lines);
    cursor.insertText(m_before, around);
    m_start = cursor.position();
    qsizetype done = 0;
    for (const TextRange &mark : m_marks) {
        cursor.insertText(m_passage.mid(done, mark.start - done), inside);
        cursor.insertText(m_passage.mid(mark.start, mark.end - mark.start), found);
        done = mark.end;
    }
    cursor.insertText(m_passage.mid(done), inside);
    m_end = cursor.position();
    cursor.insertText(m_after, around);
    cursor.endEditBlock();
    scrollToPassage();
}

void PassageView::scrollToPassage()
{
    QTextCursor cursor(document());
    cursor.setPosition(m_start);
    setTextCursor(cursor);
    const int top = cursorRect(cursor).top() + verticalScrollBar()->value();
    verticalScrollBar()->setValue(std::max(0, top - kSpaceAbovePassage));
}

} // namespace llmemory::ui
