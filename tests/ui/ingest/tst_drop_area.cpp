#include "tests/ui/strings.h"
#include "ui/ingest/drop_area.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

#include <memory>

using namespace llmemory::ui;
using llmemory::testing::strings;

class TestDropArea : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void liesOverTheWindowWhileDragging();
    void forwardsTheDrop();
    void refusesTextAndInactiveTimes();

private:
    bool dragEnter()
    {
        QDragEnterEvent event(
            {50, 50}, Qt::CopyAction, m_data.get(), Qt::LeftButton, Qt::NoModifier);
        event.ignore();
        QApplication::sendEvent(m_window.get(), &event);
        return event.isAccepted();
    }

    bool drop()
    {
        QDropEvent event({50, 50}, Qt::CopyAction, m_data.get(), Qt::LeftButton, Qt::NoModifier);
        event.ignore();
        QApplication::sendEvent(m_window.get(), &event);
        return event.isAccepted();
    }

    std::unique_ptr<QWidget> m_window;
    DropArea *m_area = nullptr;
    std::unique_ptr<QMimeData> m_data;
};

void TestDropArea::init()
{
    m_window = std::make_unique<QWidget>();
    m_window->resize(400, 300);
    m_area = new DropArea(m_window.get());
    m_area->setInvitation(QStringLiteral("Drop here"));
    m_area->setActive(true);
    m_window->show();
    m_data = std::make_unique<QMimeData>();
    m_data->setUrls({QUrl(QStringLiteral("file:///a.txt"))});
}

void TestDropArea::liesOverTheWindowWhileDragging()
{
    QVERIFY(!m_area->isVisible());
    QVERIFY(dragEnter());
    QVERIFY(m_area->isVisible());
    QCOMPARE(m_area->geometry(), m_window->rect());
    m_window->resize(500, 350);
    QCOMPARE(m_area->size(), QSize(500, 350));
    QDragLeaveEvent leave;
    QApplication::sendEvent(m_window.get(), &leave);
    QVERIFY(!m_area->isVisible());
}

void TestDropArea::forwardsTheDrop()
{
    QSignalSpy dropped(m_area, &DropArea::dropped);
    QVERIFY(dragEnter());
    QVERIFY(drop());
    QCOMPARE(dropped.count(), 1);
    QCOMPARE(dropped.first().first().value<DropPayload>().paths, strings({"/a.txt"}));
    QVERIFY(!m_area->isVisible());
}

void TestDropArea::refusesTextAndInactiveTimes()
{
    QSignalSpy dropped(m_area, &DropArea::dropped);
    m_area->setActive(false);
    QVERIFY(!dragEnter());
    QVERIFY(!drop());
    m_area->setActive(true);
    m_data = std::make_unique<QMimeData>();
    m_data->setText(QStringLiteral("words"));
    QVERIFY(!dragEnter());
    QVERIFY(!drop());
    QCOMPARE(dropped.count(), 0);
}

QTEST_MAIN(TestDropArea)
#include "tst_drop_area.moc"
