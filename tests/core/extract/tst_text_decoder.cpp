#include "core/extract/text_decoder.h"

#include <QStringEncoder>
#include <QTest>

using namespace llmemory::extract;

namespace {

const QString kRussian =
    QStringLiteral("Однажды, в студеную зимнюю пору, я из лесу вышел; был сильный мороз. Гляжу, "
                   "поднимается медленно в гору лошадка, везущая хворосту воз.");
const QString kJapanese = QStringLiteral(
    "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所で"
    "ニャーニャー泣いていた事だけは記憶している。");
const QString kGerman =
    QStringLiteral("Die Bürger von Köln fürchten sich nicht: „Alles wird gut“ – so heißt es. "
                   "Müßige Gemüter ärgern sich über Größe und Öfen.");

QByteArray encoded(const char *encoding, const QString &text)
{
    QStringEncoder encoder(encoding);
    return encoder.encode(text);
}

} // namespace

class TestTextDecoder : public QObject
{
    Q_OBJECT

private slots:
    void guessed_data();
    void guessed();
    void declared_data();
    void declared();
    void farIntoTheFile();
    void binary_data();
    void binary();
};

void TestTextDecoder::guessed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *tag, const char *encoding, const QString &text) {
        QTest::newRow(tag) << encoded(encoding, text) << text;
    };
    QTest::newRow("empty") << QByteArray() << QString();
    row("ASCII", "UTF-8", QStringLiteral("plain words"));
    row("UTF-8", "UTF-8", kGerman + kRussian);
    row("windows-1252", "windows-1252", kGerman);
    row("windows-1251", "windows-1251", kRussian);
    row("KOI8-R", "KOI8-R", kRussian);
    row("cp866", "IBM866", kRussian);
    row("Shift_JIS", "Shift_JIS", kJapanese);
    row("EUC-JP", "EUC-JP", kJapanese);
    row("ISO-2022-JP", "ISO-2022-JP", kJapanese);
    QTest::newRow("UTF-8 with mark") << QByteArray("\xef\xbb\xbfmark") << QStringLiteral("mark");
    const auto utf16 = [](QStringConverter::Encoding encoding,
                          const QString &text,
                          QStringConverter::Flags flags) {
        QStringEncoder encoder(encoding, flags);
        return QByteArray(encoder.encode(text));
    };
    using Flag = QStringConverter::Flag;
    QTest::newRow("UTF-16LE with mark")
        << utf16(QStringConverter::Utf16LE, kRussian, Flag::WriteBom) << kRussian;
    QTest::newRow("UTF-16BE with mark")
        << utf16(QStringConverter::Utf16BE, kRussian, Flag::WriteBom) << kRussian;
    QTest::newRow("UTF-16LE without mark")
        << utf16(QStringConverter::Utf16LE, kGerman, Flag::Default) << kGerman;
    QTest::newRow("UTF-16BE without mark")
        << utf16(QStringConverter::Utf16BE, kGerman, Flag::Default) << kGerman;
}

void TestTextDecoder::guessed()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, text);
    const auto decoded = decodeText(bytes);
    QVERIFY(decoded);
    QCOMPARE(decoded->text, text);
    QVERIFY(!decoded->encoding.isEmpty());
}

void TestTextDecoder::declared_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QString>("text");
    QTest::newRow("believed") << QByteArray("\xe4\xf6") << QByteArray("windows-1251")
                              << QStringLiteral("дц");
    QTest::newRow("like half a UTF-8 character at the end")
        << QByteArray("a\xe4") << QByteArray("windows-1252") << QStringLiteral("aä");
    QTest::newRow("Latin-1 means the Windows code page")
        << QByteArray("\x93quoted\x94") << QByteArray("ISO-8859-1") << QStringLiteral("“quoted”");
    QTest::newRow("UTF-8 is not talked away")
        << QByteArray("\xc3\xa4") << QByteArray("windows-1251") << QStringLiteral("ä");
    QTest::newRow("wrong UTF-8") << encoded("windows-1251", kRussian) << QByteArray("utf-8")
                                 << kRussian;
    QTest::newRow("no encoding") << QByteArray("\xc3\xa4") << QByteArray("klingon")
                                 << QStringLiteral("ä");
}

void TestTextDecoder::declared()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, name);
    QFETCH(const QString, text);
    const auto decoded = decodeText(bytes, name);
    QVERIFY(decoded);
    QCOMPARE(decoded->text, text);
}

void TestTextDecoder::farIntoTheFile()
{
    const QString start(500'000, QLatin1Char('a'));
    const auto decoded =
        decodeText(start.toLatin1() + encoded("windows-1251", QLatin1Char('\n') + kRussian));
    QVERIFY(decoded);
    QVERIFY(decoded->text.endsWith(kRussian));
}

void TestTextDecoder::binary_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("zeros") << QByteArray(100, '\0');
    QTest::newRow("a zero in text") << QByteArray("text\0text", 9);
    QTest::newRow("program") << QByteArray("\x7f"
                                           "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
                                           16);
    QTest::newRow("control characters") << QByteArray("a\x01\x02\x03\x04g");
}

void TestTextDecoder::binary()
{
    QFETCH(const QByteArray, bytes);
    QVERIFY(!decodeText(bytes));
}

QTEST_GUILESS_MAIN(TestTextDecoder)
#include "tst_text_decoder.moc"
