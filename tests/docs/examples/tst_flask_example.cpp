#include "tests/docs/examples/web_example_test.h"

#include <QTest>

using namespace llmemory::testing;

class TestFlaskExample : public WebExampleTest
{
    Q_OBJECT

public:
    TestFlaskExample()
        : WebExampleTest({.folder = QStringLiteral("flask"),
                          .modules = {QStringLiteral("flask")},
                          .arguments = {QStringLiteral("app.py"), QStringLiteral("--port")}})
    {
    }
};

QTEST_GUILESS_MAIN(TestFlaskExample)
#include "tst_flask_example.moc"
