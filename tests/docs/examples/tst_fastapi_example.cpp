#include "tests/docs/examples/web_example_test.h"

#include <QTest>

using namespace llmemory::testing;

class TestFastApiExample : public WebExampleTest
{
    Q_OBJECT

public:
    TestFastApiExample()
        : WebExampleTest({.folder = QStringLiteral("fastapi"),
                          .modules = {QStringLiteral("fastapi"),
                                      QStringLiteral("uvicorn"),
                                      QStringLiteral("multipart")},
                          .arguments = {QStringLiteral("-m"),
                                        QStringLiteral("uvicorn"),
                                        QStringLiteral("app:app"),
                                        QStringLiteral("--port")}})
    {
    }
};

QTEST_GUILESS_MAIN(TestFastApiExample)
#include "tst_fastapi_example.moc"
