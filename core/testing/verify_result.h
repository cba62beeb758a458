#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QTest>

#include <concepts>

namespace llmemory::testing {

/// "kind: message (detail)", what a failed test prints of an Error.
inline QByteArray describe(const Error &error)
{
    QString text = toString(error.kind) + QStringLiteral(": ") + error.message;
    if (!error.detail.isEmpty()) {
        text += QStringLiteral(" (") + error.detail + QLatin1Char(')');
    }
    return text.toUtf8();
}

/// What VERIFY_RESULT prints: the error, or nothing for a value.
template <typename T>
QByteArray describe(const Result<T> &result)
{
    return result ? QByteArray() : describe(result.error());
}

/// An enum whose toString() is ours and gives a QString, as ErrorKind's does.
template <typename T>
concept NamedByQString = requires(const T &value)
{
    {
        toString(value)
        } -> std::same_as<QString>;
};

} // namespace llmemory::testing

namespace QTest {

/// Lets QCOMPARE print such enums. Qt's own version takes our toString() for one of Qt Test's,
/// which return char *, and does not compile.
template <llmemory::testing::NamedByQString T>
bool qCompare(const T &actual,
              const T &expected,
              const char *actualText,
              const char *expectedText,
              const char *file,
              int line)
{
    const auto print = [](const T &value) { return qstrdup(toString(value).toUtf8().constData()); };
    return compare_helper(
        actual == expected,
        "Compared values are not the same",
        [&] { return print(actual); },
        [&] { return print(expected); },
        actualText,
        expectedText,
        file,
        line);
}

} // namespace QTest

/// QVERIFY for a Result: fails with the error's message and detail when it holds no value.
/// Like QVERIFY, it returns from the calling function, which therefore returns void.
#define VERIFY_RESULT(result)                                                                      \
    do {                                                                                           \
        const auto &verified = (result);                                                           \
        if (!QTest::qVerify(verified.has_value(),                                                  \
                            #result,                                                               \
                            llmemory::testing::describe(verified).constData(),                     \
                            __FILE__,                                                              \
                            __LINE__)) {                                                           \
            return;                                                                                \
        }                                                                                          \
    } while (false)
