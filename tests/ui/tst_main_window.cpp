#include "core/testing/await.h"
#include "core/testing/temporary_schema.h"
#include "ui/ingest/ingest_model.h"
#include "ui/main_window.h"
#include "ui/search/hit_model.h"
#include "ui/search/part_chip.h"
#include "ui/search/query_chips.h"
#include "ui/tenants/owner_panel.h"
#include "ui/tenants/recall_dialog.h"

#include <QApplication>
#include <QDesktopServices>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QToolButton>
#include <QTreeView>
#include <QUrl>

#include <memory>

using namespace llmemory;
using ui::MainWindow;

namespace {

/// Reading a file starts a process, and tests run side by side on small machines.
constexpr int kPatienceMs = 60'000;

} // namespace

/// The real window on a real database: what a user does first.
class TestMainWindow : public QObject
{
    Q_OBJECT

public slots:
    /// Stands for the desktop.
    void takeOpened(const QUrl &url) { m_opened = url; }

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void invitesWhenEmpty();
    void droppedFileIsFound();
    void partsOfTheSearchCanBeRemoved();
    void mistakeIsMarkedWhereItIs();
    void suggestionIsSearched();
    void resultsAreJudged();
    void searchQualityIsChecked();
    void foundInThePdfWithItsPage();
    void unreadableFileSaysWhy();
    void deletesADocument();
    void escapeLeadsBackToTheDocuments();
    void remembersTheTenant();
    void saysThatTheDatabaseIsNotThere();

private:
    template <typename T>
    T *child(const char *name) const
    {
        return m_window->findChild<T *>(QString::fromLatin1(name));
    }

    QString write(const QString &name, const QByteArray &content)
    {
        QFile file(m_files.filePath(name));
        if (!file.open(QFile::WriteOnly) || file.write(content) != content.size())
            qFatal("The test's own file could not be written.");
        return file.fileName();
    }

    void open();
    void drop(const QStringList &paths);
    void search(const QString &text);
    bool says(const QString &text) const;
    bool documentIsListed(const QString &name) const;
    QModelIndex hitOf(const QString &name) const;

    std::unique_ptr<testing::TemporarySchema> m_database;
    std::unique_ptr<Memory> m_memory;
    std::unique_ptr<MainWindow> m_window;
    QTemporaryDir m_files;
    QUrl m_opened;
};

void TestMainWindow::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("llmemory-test"));
    QCoreApplication::setApplicationName(QStringLiteral("tst_main_window"));
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(
        QSettings::IniFormat, QSettings::UserScope, m_files.filePath(QStringLiteral("settings")));
    m_database = std::make_unique<testing::TemporarySchema>();
    if (!m_database->isAvailable())
        QSKIP(qPrintable(m_database->reason()));
}

void TestMainWindow::init()
{
    open();
}

void TestMainWindow::cleanup()
{
    if (m_window)
        m_window->close();
    if (m_memory)
        m_memory->close();
    m_window.reset();
    m_memory.reset();
}

void TestMainWindow::open()
{
    m_memory = std::make_unique<Memory>(m_database->config());
    m_window = std::make_unique<MainWindow>(*m_memory);
    m_window->show();
    QSignalSpy ready(m_window.get(), &MainWindow::ready);
    m_window->start();
    QVERIFY(ready.wait(kPatienceMs));
}

void TestMainWindow::drop(const QStringList &paths)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const QString &path : paths)
        urls.append(QUrl::fromLocalFile(path));
    data.setUrls(urls);
    const QPoint middle = m_window->rect().center();
    QDragEnterEvent enter(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    enter.ignore();
    QApplication::sendEvent(m_window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent dropped(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    dropped.ignore();
    QApplication::sendEvent(m_window.get(), &dropped);
    QVERIFY(dropped.isAccepted());
}

void TestMainWindow::search(const QString &text)
{
    auto *field = child<QLineEdit>("searchField");
    field->setFocus();
    field->selectAll();
    QTest::keyClicks(field, text);
}

bool TestMainWindow::says(const QString &text) const
{
    for (const QLabel *label : m_window->findChildren<QLabel *>()) {
        if (label->isVisible() && label->text().contains(text))
            return true;
    }
    return false;
}

bool TestMainWindow::documentIsListed(const QString &name) const
{
    const QAbstractItemModel *model = child<QTreeView>("documents")->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        if (model->index(row, 0).data().toString() == name)
            return true;
    }
    return false;
}

QModelIndex TestMainWindow::hitOf(const QString &name) const
{
    const QAbstractItemModel *model = child<QListView>("results")->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        if (model->index(row, 0).data().toString() == name)
            return model->index(row, 0);
    }
    return {};
}

void TestMainWindow::invitesWhenEmpty()
{
    QVERIFY(!child<QTreeView>("documents")->isVisible());
    QVERIFY(!child<QLineEdit>("searchField")->isEnabled());
    QCOMPARE(child<QListView>("owners")->model()->rowCount(), 0);
}

void TestMainWindow::droppedFileIsFound()
{
    const QString name = QStringLiteral("harbour.txt");
    drop({write(name, "The harbour master counted eleven grey herons at dawn.\n")});
    // Without a tenant, the first drop makes one.
    QTRY_COMPARE_WITH_TIMEOUT(child<QListView>("owners")->model()->rowCount(), 1, kPatienceMs);
    QCOMPARE(child<QListView>("owners")->model()->index(0, 0).data().toString(),
             QStringLiteral("default"));
    QTRY_VERIFY_WITH_TIMEOUT(documentIsListed(name), kPatienceMs);

    search(QStringLiteral("grey herons"));
    QTRY_VERIFY_WITH_TIMEOUT(hitOf(name).isValid(), kPatienceMs);
    QVERIFY(child<QListView>("results")->isVisible());
    QTRY_VERIFY(
        child<QTextBrowser>("previewText")->toPlainText().contains(QStringLiteral("eleven")));

    // Down goes into the results, Enter opens the file there.
    auto *results = child<QListView>("results");
    QTest::keyClick(child<QLineEdit>("searchField"), Qt::Key_Down);
    results->setCurrentIndex(hitOf(name));
    QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "takeOpened");
    QTest::keyClick(results, Qt::Key_Return);
    QTRY_COMPARE(m_opened, QUrl::fromLocalFile(m_files.filePath(name)));
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
}

void TestMainWindow::partsOfTheSearchCanBeRemoved()
{
    const QString name = QStringLiteral("quay.txt");
    drop({write(name, "Two cormorants dried their wings on the quay.\n")});
    QTRY_VERIFY_WITH_TIMEOUT(documentIsListed(name), kPatienceMs);
    auto *chips = child<ui::QueryChips>("queryChips");
    search(QStringLiteral("cormorants on"));
    QTRY_VERIFY_WITH_TIMEOUT(hitOf(name).isValid(), kPatienceMs);
    QVERIFY(!chips->isVisible());
    search(QStringLiteral("cormorants type:email on"));
    QTRY_VERIFY_WITH_TIMEOUT(!hitOf(name).isValid(), kPatienceMs);
    QVERIFY(chips->isVisible());

    auto *field = child<QLineEdit>("searchField");
    auto *chip = chips->findChild<ui::PartChip *>();
    QTest::mouseClick(chip, Qt::LeftButton, {}, QPoint(8, 8));
    QCOMPARE(field->selectedText(), QStringLiteral("type:email"));
    QTest::mouseClick(chip->findChild<QToolButton *>(), Qt::LeftButton);
    QCOMPARE(field->text(), QStringLiteral("cormorants on"));
    QVERIFY(!chips->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(hitOf(name).isValid(), kPatienceMs);
    // As if it had been typed.
    field->undo();
    QCOMPARE(field->text(), QStringLiteral("cormorants type:email on"));
    QVERIFY(chips->isVisible());
}

void TestMainWindow::mistakeIsMarkedWhereItIs()
{
    drop({write(QStringLiteral("mole.txt"), "The mole needs repair.\n")});
    QTRY_VERIFY_WITH_TIMEOUT(documentIsListed(QStringLiteral("mole.txt")), kPatienceMs);
    auto *field = child<QLineEdit>("searchField");
    // Where the line under the text begins and ends; nothing without one.
    const auto marked = [&] {
        const QImage image = field->grab().toImage();
        QPair<int, int> place(-1, -1);
        for (int x = 0; x < image.width(); ++x) {
            for (int y = image.height() / 2; y < image.height(); ++y) {
                const QColor color = image.pixelColor(x, y);
                if (color.red() > 150 && color.red() > color.green() + 60) {
                    place.first = place.first < 0 ? x : place.first;
                    place.second = x;
                }
            }
        }
        return place;
    };
    search(QStringLiteral("repair type:bird mole"));
    QCOMPARE(marked(), qMakePair(-1, -1)); // not while somebody types
    QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("column 13")), kPatienceMs);
    const QFontMetrics metrics(field->font());
    const int begin = metrics.horizontalAdvance(QStringLiteral("repair "));
    const int length = metrics.horizontalAdvance(QStringLiteral("type:bird"));
    QVERIFY(qAbs(marked().first - begin) < 10);
    QVERIFY(qAbs(marked().second - begin - length) < 10);
    QCOMPARE(field->text(), QStringLiteral("repair type:bird mole"));
    QTest::keyClick(field, Qt::Key_A);
    QCOMPARE(marked(), qMakePair(-1, -1));
}

void TestMainWindow::suggestionIsSearched()
{
    const QString name = QStringLiteral("lighthouse.txt");
    drop({write(name, "The lighthouse keeper polished the lens.\n")});
    QTRY_VERIFY_WITH_TIMEOUT(documentIsListed(name), kPatienceMs);
    auto *suggestion = child<QAbstractButton>("didYouMean");
    search(QStringLiteral("lighthuose type:text"));
    QTRY_VERIFY_WITH_TIMEOUT(suggestion->isVisible(), kPatienceMs);
    // Before the results, after the parts of the search.
    auto *field = child<QLineEdit>("searchField");
    QWidget *focused = field;
    for (int i = 0; i < 6 && focused != suggestion; ++i) {
        QTest::keyClick(focused, Qt::Key_Tab);
        focused = QApplication::focusWidget();
        QVERIFY(focused != child<QListView>("results"));
    }
    QCOMPARE(focused, suggestion);
    QTest::keyClick(suggestion, Qt::Key_Return);
    QCOMPARE(field->text(), QStringLiteral("lighthouse type:text"));
    QVERIFY(field->hasFocus());
    QTRY_VERIFY_WITH_TIMEOUT(!suggestion->isVisible(), kPatienceMs);
    QVERIFY(hitOf(name).isValid());
}

void TestMainWindow::resultsAreJudged()
{
    const QString name = QStringLiteral("ferry.txt");
    drop({write(name, "The ferry leaves at seven, tides permitting.\n")});
    QTRY_VERIFY_WITH_TIMEOUT(documentIsListed(name), kPatienceMs);
    auto *good = child<QToolButton>("goodResult");
    auto *poor = child<QToolButton>("poorResult");
    QVERIFY(!good->isVisible());
    search(QStringLiteral("ferry tides"));
    QTRY_VERIFY_WITH_TIMEOUT(hitOf(name).isValid(), kPatienceMs);
    auto *results = child<QListView>("results");
    results->setCurrentIndex(hitOf(name));
    QVERIFY(good->isVisible());
    const OwnerId owner = m_window->findChild<ui::OwnerPanel *>()->current();
    // What the history says of the result; it is written in the background.
    const auto kept = [&] {
        const auto page = testing::await(m_memory->searchHistory(owner, 1));
        for (const SearchedPassage &passage :
             page ? page->searches.value(0).results : QList<SearchedPassage>()) {
            if (passage.documentName == name)
                return passage;
        }
        return SearchedPassage();
    };
    QTest::mouseClick(good, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(kept().verdict, Verdict::Good, kPatienceMs);
    QTest::mouseClick(poor, Qt::LeftButton);
    QVERIFY(!good->isChecked());
    QTRY_COMPARE_WITH_TIMEOUT(kept().verdict, Verdict::Bad, kPatienceMs);
    // It is still there after a look at something else.
    if (results->model()->rowCount() > 1) {
        results->setCurrentIndex(results->model()->index(hitOf(name).row() == 0 ? 1 : 0, 0));
        QVERIFY(!poor->isChecked());
        results->setCurrentIndex(hitOf(name));
    }
    QVERIFY(poor->isChecked());
    QTest::mouseClick(poor, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(kept().verdict, Verdict::None, kPatienceMs);

    QVERIFY(!kept().chosenAt.isValid());
    QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "takeOpened");
    results->setFocus();
    QTest::keyClick(results, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(kept().chosenAt.isValid(), kPatienceMs);
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
    // Documents are no results.
    QTest::keyClick(child<QLineEdit>("searchField"), Qt::Key_Escape);
    QVERIFY(!good->isVisible());
}

void TestMainWindow::searchQualityIsChecked()
{
    drop({write(QStringLiteral("buoy.txt"), "The buoy was painted green.\n")});
    QTRY_VERIFY_WITH_TIMEOUT(documentIsListed(QStringLiteral("buoy.txt")), kPatienceMs);
    m_window->findChild<ui::OwnerPanel *>()->checkAction()->trigger();
    auto *dialog = m_window->findChild<ui::RecallDialog *>();
    QVERIFY(dialog);
    QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("misses nothing")), kPatienceMs);
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!m_window->findChild<ui::RecallDialog *>());
}

void TestMainWindow::foundInThePdfWithItsPage()
{
    const QString pdf =
        qEnvironmentVariable("LLMEMORY_SHARED") + QStringLiteral("/corpus/pdflatex-4-pages.pdf");
    if (!QFile::exists(pdf))
        QSKIP("The shared sample documents are not there.");
    drop({pdf});
    QTRY_VERIFY_WITH_TIMEOUT(documentIsListed(QStringLiteral("pdflatex-4-pages.pdf")), kPatienceMs);
    search(QStringLiteral("page"));
    QTRY_VERIFY_WITH_TIMEOUT(hitOf(QStringLiteral("pdflatex-4-pages.pdf")).isValid(), kPatienceMs);
    const QModelIndex hit = hitOf(QStringLiteral("pdflatex-4-pages.pdf"));
    QVERIFY(!hit.data(ui::HitModel::PlaceRole).toString().isEmpty());
}

void TestMainWindow::unreadableFileSaysWhy()
{
    const QAbstractItemModel *files = child<QListView>("ingestFiles")->model();
    drop({write(QStringLiteral("broken.pdf"), "%PDF-1.7\nthis is not a PDF\n")});
    const auto reason = [&] {
        for (int row = 0; row < files->rowCount(); ++row) {
            const QModelIndex index = files->index(row, 0);
            if (index.data().toString() == QStringLiteral("broken.pdf"))
                return index.data(ui::IngestModel::ReasonRole).toString();
        }
        return QString();
    };
    QTRY_VERIFY_WITH_TIMEOUT(!reason().isEmpty(), kPatienceMs);
    QVERIFY(child<QListView>("ingestFiles")->isVisible());
}

void TestMainWindow::deletesADocument()
{
    const QString name = QStringLiteral("short-lived.txt");
    drop({write(name, "A mayfly lives for a day.\n")});
    QTRY_VERIFY_WITH_TIMEOUT(documentIsListed(name), kPatienceMs);
    auto *view = child<QTreeView>("documents");
    for (int row = 0; row < view->model()->rowCount(); ++row) {
        if (view->model()->index(row, 0).data().toString() == name)
            view->setCurrentIndex(view->model()->index(row, 0));
    }
    view->setFocus();
    QTest::keyClick(view, Qt::Key_Delete);
    QTRY_VERIFY(m_window->findChild<QMessageBox *>());
    QTest::mouseClick(
        m_window->findChild<QMessageBox *>()->findChild<QPushButton *>(QStringLiteral("delete")),
        Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!documentIsListed(name), kPatienceMs);
}

void TestMainWindow::escapeLeadsBackToTheDocuments()
{
    QTRY_VERIFY_WITH_TIMEOUT(child<QTreeView>("documents")->isVisible(), kPatienceMs);
    search(QStringLiteral("heron"));
    QTRY_VERIFY(!child<QTreeView>("documents")->isVisible());
    QTest::keyClick(child<QLineEdit>("searchField"), Qt::Key_Escape);
    QVERIFY(child<QTreeView>("documents")->isVisible());
    QVERIFY(child<QLineEdit>("searchField")->text().isEmpty());
}

void TestMainWindow::remembersTheTenant()
{
    auto *owners = child<QListView>("owners");
    drop({write(QStringLiteral("a.txt"), "Some text.\n")});
    (void)m_memory->addOwner(OwnerId::parse(QStringLiteral("zoo")).value());
    QTRY_COMPARE_WITH_TIMEOUT(owners->model()->rowCount(), 2, kPatienceMs);
    owners->setCurrentIndex(owners->model()->index(1, 0));
    QCOMPARE(m_window->windowTitle().section(QLatin1Char(' '), 0, 0), QStringLiteral("zoo"));
    cleanup();
    open();
    QCOMPARE(child<QListView>("owners")->currentIndex().data().toString(), QStringLiteral("zoo"));
}

void TestMainWindow::saysThatTheDatabaseIsNotThere()
{
    cleanup();
    Config config = m_database->config();
    config.database.connectionString =
        QStringLiteral("host=/nonexistent dbname=none connect_timeout=1");
    m_memory = std::make_unique<Memory>(config);
    m_window = std::make_unique<MainWindow>(*m_memory);
    m_window->show();
    m_window->start();
    auto *retry = child<QPushButton>("startupRetry");
    QTRY_VERIFY_WITH_TIMEOUT(retry->isVisible(), kPatienceMs);
    QVERIFY(!child<QLabel>("startupProblem")->text().isEmpty());
    QTest::mouseClick(retry, Qt::LeftButton);
    QVERIFY(!retry->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(retry->isVisible(), kPatienceMs);
}

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
