#include "tests/docs/examples/web_example_test.h"

#include <QTest>

using namespace llmemory::testing;

class TestDjangoExample : public WebExampleTest
{
    Q_OBJECT

public:
    TestDjangoExample()
        : WebExampleTest({.folder = QStringLiteral("django"),
                          .modules = {QStringLiteral("django")},
                          .arguments = {QStringLiteral("manage.py"),
                                        QStringLiteral("runserver"),
                                        QStringLiteral("--noreload")}})
    {
    }
};

QTEST_GUILESS_MAIN(TestDjangoExample)
#include "tst_django_example.moc"
