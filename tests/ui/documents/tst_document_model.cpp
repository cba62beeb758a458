#include "ui/documents/document_model.h"

#include <QAbstractItemModelTester>
#include <QPromise>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

#include <algorithm>
#include <memory>

using namespace llmemory;
using ui::DocumentModel;

namespace {

/// A list of documents that answers as Memory::listDocuments() does.
class Shelf
{
public:
    QList<Document> documents; // as listed, newest first
    QList<int> offsets;        // of the pages asked for
    bool answers = true;       // false: keeps callers waiting
    bool fails = false;
    QList<std::shared_ptr<QPromise<Result<DocumentPage>>>> waiting;

    void fill(int count)
    {
        documents.clear();
        for (int i = 0; i < count; ++i)
            documents.append(make(i));
    }

    static Document make(int number)
    {
        Document document;
        document.id = DocumentId::create();
        document.name = QStringLiteral("Document %1").arg(number, 6, 10, QLatin1Char('0'));
        document.idAtOrigin = QStringLiteral("/files/%1").arg(number);
        document.chunkCount = 3;
        document.embeddingsPending = number % 2;
        return document;
    }

    DocumentModel::Fetch fetch()
    {
        return [this](const DocumentListQuery &query) {
            offsets.append(query.offset);
            auto promise = std::make_shared<QPromise<Result<DocumentPage>>>();
            promise->start();
            const QFuture<Result<DocumentPage>> future = promise->future();
            if (answers) {
                promise->addResult(page(query));
                promise->finish();
            } else {
                waiting.append(promise);
            }
            return future;
        };
    }

    Result<DocumentPage> page(const DocumentListQuery &query) const
    {
        if (fails)
            return Error{.kind = ErrorKind::Unavailable, .message = QStringLiteral("away")};
        QList<Document> matching;
        for (const Document &document : documents) {
            if (document.name.contains(query.nameContains, Qt::CaseInsensitive))
                matching.append(document);
        }
        if (query.order == DocumentOrder::Name && !query.descending)
            std::ranges::sort(matching, {}, &Document::name);
        return DocumentPage{.documents = matching.mid(query.offset, query.limit),
                            .total = matching.size(),
                            .limit = query.limit,
                            .offset = query.offset};
    }
};

OwnerId owner(const char *id)
{
    return OwnerId::parse(QString::fromLatin1(id)).value();
}

} // namespace

class TestDocumentModel : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void showsPagesAsTheyAreLookedAt();
    void rowsNotLoadedShowAnEllipsis();
    void scrollsThroughHundredThousand();
    void newDocumentsComeInOnTop();
    void refreshUpdatesInPlace();
    void removedDocumentsGo();
    void filterAndOrder();
    void ownerChangeDropsLateAnswers();
    void collectsIdsOfRowsNotLoaded();
    void reportsFailureAndRecovers();

private:
    QString name(int row) const
    {
        return m_model->index(row, DocumentModel::NameColumn).data().toString();
    }

    std::unique_ptr<Shelf> m_shelf;
    std::unique_ptr<DocumentModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void TestDocumentModel::init()
{
    m_tester.reset();
    m_model.reset();
    m_shelf = std::make_unique<Shelf>();
    m_model = std::make_unique<DocumentModel>(m_shelf->fetch());
    m_tester = std::make_unique<QAbstractItemModelTester>(
        m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
}

void TestDocumentModel::showsPagesAsTheyAreLookedAt()
{
    m_shelf->fill(1000);
    m_tester.reset(); // looks at everything itself
    m_model->setOwner(owner("a"));
    QTRY_COMPARE(m_model->rowCount(), 1000);
    QCOMPARE(m_shelf->offsets, QList<int>{0});
    QCOMPARE(name(0), QStringLiteral("Document 000000"));
    QVERIFY(!m_model->document(700));
    name(700);
    QTRY_VERIFY(m_model->document(700));
    QCOMPARE(m_shelf->offsets, (QList<int>{0, 600}));
    QCOMPARE(name(700), QStringLiteral("Document 000700"));
}

void TestDocumentModel::rowsNotLoadedShowAnEllipsis()
{
    m_shelf->fill(500);
    m_tester.reset();
    m_model->setOwner(owner("a"));
    QTRY_COMPARE(m_model->rowCount(), 500);
    QCOMPARE(name(499), QStringLiteral("…"));
    QVERIFY(m_model->index(499, DocumentModel::StateColumn).data().isNull());
}

void TestDocumentModel::scrollsThroughHundredThousand()
{
    m_shelf->fill(100'000);
    m_tester.reset();
    QTreeView view;
    view.setUniformRowHeights(true);
    view.setModel(m_model.get());
    view.resize(600, 400);
    view.show();
    m_model->setOwner(owner("a"));
    QTRY_COMPARE(m_model->rowCount(), 100'000);
    for (int row = 0; row < 100'000; row += 5'000) {
        view.scrollTo(m_model->index(row, 0), QTreeView::PositionAtTop);
        QTRY_VERIFY(m_model->document(row));
    }
    int kept = 0;
    for (int row = 0; row < 100'000; ++row)
        kept += m_model->document(row) ? 1 : 0;
    QVERIFY(kept <= DocumentModel::kRowsKept);
    QVERIFY(m_shelf->offsets.size() < 100); // only what was seen
}

void TestDocumentModel::newDocumentsComeInOnTop()
{
    m_shelf->fill(10);
    m_model->setOwner(owner("a"));
    QTRY_COMPARE(m_model->rowCount(), 10);
    const QPersistentModelIndex third = m_model->index(2, 0);
    const QString thirdName = third.data().toString();
    QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
    m_shelf->documents.prepend(Shelf::make(100));
    m_shelf->documents.prepend(Shelf::make(101));
    m_model->refresh();
    QTRY_COMPARE(m_model->rowCount(), 12);
    QCOMPARE(name(0), QStringLiteral("Document 000101"));
    QCOMPARE(third.row(), 4);
    QCOMPARE(third.data().toString(), thirdName);
    QCOMPARE(reset.count(), 0);
}

void TestDocumentModel::refreshUpdatesInPlace()
{
    m_shelf->fill(3);
    m_model->setOwner(owner("a"));
    QTRY_COMPARE(m_model->rowCount(), 3);
    QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
    m_shelf->documents[1].name = QStringLiteral("Renamed");
    m_model->refresh();
    QTRY_COMPARE(name(1), QStringLiteral("Renamed"));
    QCOMPARE(reset.count(), 0);
}

void TestDocumentModel::removedDocumentsGo()
{
    m_shelf->fill(5);
    m_model->setOwner(owner("a"));
    QTRY_COMPARE(m_model->rowCount(), 5);
    const DocumentId last = m_model->document(4)->id;
    m_shelf->documents.removeAt(2);
    m_model->refresh();
    QTRY_COMPARE(m_model->rowCount(), 4);
    QCOMPARE(m_model->rowOf(last), 3);
}

void TestDocumentModel::filterAndOrder()
{
    m_shelf->fill(20);
    std::ranges::reverse(m_shelf->documents);
    m_model->setOwner(owner("a"));
    QTRY_COMPARE(m_model->rowCount(), 20);
    QCOMPARE(name(0), QStringLiteral("Document 000019"));
    m_model->setNameFilter(QStringLiteral("document 00001"));
    QTRY_COMPARE(m_model->rowCount(), 10);
    QVERIFY(m_model->isFiltered());
    m_model->sort(DocumentModel::NameColumn, Qt::AscendingOrder);
    QTRY_COMPARE(name(0), QStringLiteral("Document 000010"));
    m_model->sort(DocumentModel::StateColumn, Qt::AscendingOrder); // cannot be ordered by it
    QCOMPARE(name(0), QStringLiteral("Document 000010"));
}

void TestDocumentModel::ownerChangeDropsLateAnswers()
{
    m_shelf->fill(3);
    m_shelf->answers = false;
    m_model->setOwner(owner("a"));
    QTRY_COMPARE(m_shelf->waiting.size(), 1);
    m_model->setOwner(owner("b"));
    QTRY_COMPARE(m_shelf->waiting.size(), 2);
    // The first tenant's answer comes last.
    m_shelf->waiting.last()->addResult(Result<DocumentPage>(DocumentPage()));
    m_shelf->waiting.last()->finish();
    DocumentListQuery first;
    first.limit = DocumentModel::kPageSize;
    m_shelf->waiting.first()->addResult(m_shelf->page(first));
    m_shelf->waiting.first()->finish();
    QTRY_VERIFY(m_model->isLoaded());
    QCoreApplication::processEvents();
    QCOMPARE(m_model->rowCount(), 0);
}

void TestDocumentModel::collectsIdsOfRowsNotLoaded()
{
    m_shelf->fill(450);
    m_tester.reset();
    m_model->setOwner(owner("a"));
    QTRY_COMPARE(m_model->rowCount(), 450);
    QList<DocumentId> expected;
    QList<int> rows;
    for (const int row : {0, 199, 200, 449}) {
        rows.append(row);
        expected.append(m_shelf->documents.at(row).id);
    }
    QList<DocumentId> ids;
    m_model->collectIds(rows, [&](const DocumentModel::Ids &answer) { ids = answer.value(); });
    QTRY_COMPARE(ids.size(), 4);
    std::sort(ids.begin(), ids.end());
    std::sort(expected.begin(), expected.end());
    QVERIFY(ids == expected);
}

void TestDocumentModel::reportsFailureAndRecovers()
{
    m_shelf->fill(3);
    m_shelf->fails = true;
    QSignalSpy failed(m_model.get(), &DocumentModel::failed);
    m_model->setOwner(owner("a"));
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(m_model->rowCount(), 0);
    m_shelf->fails = false;
    m_model->refresh();
    QTRY_COMPARE(m_model->rowCount(), 3);
}

QTEST_MAIN(TestDocumentModel)
#include "tst_document_model.moc"
