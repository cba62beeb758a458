#include "core/search/query_language/query_parser.h"
#include "core/testing/verify_result.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

#include <vector>

using namespace llmemory;
using search::parseQuery;

namespace {

// A Friday.
const search::ReadingContext kContext{QDate(2024, 5, 17), QLocale(QLocale::German)};

const char *nameOf(QueryPart::Kind kind)
{
    switch (kind) {
    case QueryPart::Kind::Word:
        return "word";
    case QueryPart::Kind::Phrase:
        return "phrase";
    case QueryPart::Kind::Prefix:
        return "prefix";
    case QueryPart::Kind::Near:
        return "near";
    case QueryPart::Kind::Type:
        return "type";
    case QueryPart::Kind::Name:
        return "name";
    case QueryPart::Kind::Path:
        return "path";
    case QueryPart::Kind::Language:
        return "lang";
    case QueryPart::Kind::Tag:
        return "tag";
    case QueryPart::Kind::Page:
        return "page";
    case QueryPart::Kind::Date:
        return "date";
    case QueryPart::Kind::Metadata:
        return "metadata";
    }
    return "";
}

QString daysOf(const DateRange &dates)
{
    return dates.from.toString(Qt::ISODate) + QLatin1String("..") + dates.to.toString(Qt::ISODate);
}

/// "word:red", "-phrase:an apple", "near:red/5/apple": what a row of the table compares.
QString shown(const QueryPart &part)
{
    QString text;
    if (part.sign == QueryPart::Sign::Required)
        text += QLatin1Char('+');
    else if (part.sign == QueryPart::Sign::Excluded)
        text += QLatin1Char('-');
    text += QLatin1String(nameOf(part.kind)) + QLatin1Char(':');
    switch (part.kind) {
    case QueryPart::Kind::Near:
        return text + QStringLiteral("%1/%2/%3").arg(part.value).arg(part.distance).arg(part.other);
    case QueryPart::Kind::Page:
        return text + QStringLiteral("%1..%2").arg(part.pages.from).arg(part.pages.to);
    case QueryPart::Kind::Date:
        return text + daysOf(part.dates);
    case QueryPart::Kind::Metadata:
        return text + QStringLiteral("%1 %2 %3")
                          .arg(part.condition.key)
                          .arg(int(part.condition.comparison))
                          .arg(part.condition.value);
    default:
        return text + part.value;
    }
}

/// Whether parts lie in order, apart, and all the rest is white space.
bool coverTheText(const ParsedQuery &query)
{
    qsizetype at = 0;
    const auto isSpace = [&](qsizetype from, qsizetype to) {
        return QStringView(query.text).mid(from, to - from).trimmed().isEmpty();
    };
    for (const QueryPart &part : query.parts) {
        if (part.start < at || part.length <= 0 || !isSpace(at, part.start))
            return false;
        at = part.start + part.length;
    }
    return at <= query.text.size() && isSpace(at, query.text.size());
}

} // namespace

/// The query language: what is an operator, what stays a word, and what is a mistake where.
class TestQueryParser : public QObject
{
    Q_OBJECT

private slots:
    void parts_data();
    void parts();
    void mistakes_data();
    void mistakes();
    void placesOfParts();
    void withoutPart_data();
    void withoutPart();
    void longQuery();
    void anyTextIsReadOrRefused();
};

void TestQueryParser::parts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("expected");
    const struct
    {
        const char *text;
        std::vector<const char *> parts;
    } rows[] = {
        // words
        {"", {}},
        {"   ", {}},
        {"red", {"word:red"}},
        {"red  apple\t\ntree", {"word:red", "word:apple", "word:tree"}},
        {"What is the fee?", {"word:What", "word:is", "word:the", "word:fee?"}},
        {"red OR apple AND tree", {"word:red", "word:OR", "word:apple", "word:AND", "word:tree"}},
        {"A-1312/B foo_bar v2.3.1", {"word:A-1312/B", "word:foo_bar", "word:v2.3.1"}},
        {"C++ C# .NET #4711", {"word:C++", "word:C#", "word:.NET", "word:#4711"}},
        {"& | ! :* <-> () '",
         {"word:&", "word:|", "word:!", "word::*", "word:<->", "word:()", "word:'"}},
        {"don't l'eau", {"word:don't", "word:l'eau"}},
        {"(red apple)", {"word:(red", "word:apple)"}},
        // words with colons and equals signs
        {"std::vector", {"word:std::vector"}},
        {"type::id path::Path", {"word:type::id", "word:path::Path"}},
        {"http://a.b/c?d=e", {"word:http://a.b/c?d=e"}},
        {"12:30", {"word:12:30"}},
        {"C:\\x D:/y", {"word:C:\\x", "word:D:/y"}},
        {"foo:bar", {"word:foo:bar"}},
        {"mytype:pdf", {"word:mytype:pdf"}},
        {"Note: see", {"word:Note:", "word:see"}},
        {"a==b a=>b", {"word:a==b", "word:a=>b"}},
        {"key= =value", {"word:key=", "word:=value"}},
        {"vector<int> x->y", {"word:vector<int>", "word:x->y"}},
        {"abc== 2=2", {"word:abc==", "word:2=2"}},
        {"a<b", {"word:a<b"}},
        // phrases
        {"\"red apple\"", {"phrase:red apple"}},
        {"\"red apple", {"phrase:red apple"}},
        {"red\"apple\"tree", {"word:red", "phrase:apple", "word:tree"}},
        {"\"\" red \" \"", {"word:", "word:red", "word:"}},
        {"\"-red\" \"type:pdf\" \"a=b\"", {"phrase:-red", "phrase:type:pdf", "phrase:a=b"}},
        {"„rote Äpfel“", {"phrase:rote Äpfel"}},
        {"„rote Äpfel”", {"phrase:rote Äpfel"}},
        {"“red apple”", {"phrase:red apple"}},
        {"”rött äpple”", {"phrase:rött äpple"}},
        {"“red apple\"", {"phrase:red apple"}},
        {"« pomme rouge »", {"phrase:pomme rouge"}},
        {"»roter Apfel«", {"phrase:roter Apfel"}},
        {"「赤い林檎」", {"phrase:赤い林檎"}},
        {"検索『赤い林檎』", {"word:検索", "phrase:赤い林檎"}},
        {"＂red apple＂", {"phrase:red apple"}},
        {"‘red’ apple", {"word:‘red’", "word:apple"}},
        {"27” screen", {"word:27”", "word:screen"}},
        // signs
        {"+red", {"+word:red"}},
        {"-red", {"-word:red"}},
        {"+\"red apple\" -\"an apple\"", {"+phrase:red apple", "-phrase:an apple"}},
        {"-„an apple“", {"-phrase:an apple"}},
        {"red-apple", {"word:red-apple"}},
        {"red - apple + tree", {"word:red", "word:-", "word:apple", "word:+", "word:tree"}},
        {"--help -- -> +-", {"word:--help", "word:--", "word:->", "word:+-"}},
        {"-5 +49", {"-word:5", "+word:49"}},
        {"-.5", {"word:-.5"}},
        {"+_private", {"+word:_private"}},
        {"red -", {"word:red", "word:-"}},
        // prefixes
        {"wor*", {"prefix:wor"}},
        {"+wor* -led*", {"+prefix:wor", "-prefix:led"}},
        {"A* R* * **", {"word:A*", "word:R*", "word:*", "word:**"}},
        {"港*", {"prefix:港"}},
        {"**bold** f(x)* 2*3", {"word:**bold**", "word:f(x)*", "word:2*3"}},
        {"\"wor*\"", {"phrase:wor*"}},
        {"v2.3* foo_b*", {"prefix:v2.3", "prefix:foo_b"}},
        // near
        {"red NEAR apple", {"near:red/10/apple"}},
        {"red NEAR/5 apple", {"near:red/5/apple"}},
        {"red near/5 apple", {"near:red/5/apple"}},
        {"red near apple", {"near:red/10/apple"}},
        {"Red Near Apple", {"near:Red/10/Apple"}},
        {"red near \"green apple\" type:pdf", {"near:red/10/green apple", "type:pdf"}},
        {"\"a b\" NEAR/3 \"c d\" e", {"near:a b/3/c d", "word:e"}},
        {"-red NEAR/2 apple tree", {"-near:red/2/apple", "word:tree"}},
        {"hotels near the harbour", {"word:hotels", "word:near", "word:the", "word:harbour"}},
        {"near miss", {"word:near", "word:miss"}},
        {"stations near", {"word:stations", "word:near"}},
        {"\"NEAR\" \"near\"", {"phrase:NEAR", "phrase:near"}},
        {"NEARBY nearly", {"word:NEARBY", "word:nearly"}},
        // fields
        {"type:pdf", {"type:pdf"}},
        {"TYPE:PDF Type:legal_document", {"type:pdf", "type:legal_document"}},
        {"-type:pdf +type:html", {"-type:pdf", "+type:html"}},
        {"name:report name:\"annual report\"", {"name:report", "name:annual report"}},
        {"name:„Jahresbericht 2024“", {"name:Jahresbericht 2024"}},
        {"path:reports/2024 -path:\"/home/me/my files\"",
         {"path:reports/2024", "-path:/home/me/my files"}},
        {"path:C:\\docs", {"path:C:\\docs"}},
        {"lang:de lang:DE", {"lang:de", "lang:de"}},
        {"lang:german lang:Deutsch lang:zh-hant lang:unknown",
         {"lang:de", "lang:de", "lang:zh-Hant", "lang:unknown"}},
        {"tag:invoice tag:\"to do\" -tag:draft", {"tag:invoice", "tag:to do", "-tag:draft"}},
        {"page:3 page:3-5 page:3..5", {"page:3..3", "page:3..5", "page:3..5"}},
        {"page:3.. page:..5 page:3-", {"page:3..0", "page:0..5", "page:3..0"}},
        {"type:pdf\"red\"", {"type:pdf", "phrase:red"}},
        {"name:\"unclosed report", {"name:unclosed report"}},
        // dates
        {"date:2024", {"date:2024-01-01..2024-12-31"}},
        {"date:2024-02", {"date:2024-02-01..2024-02-29"}},
        {"date:2024-05-17", {"date:2024-05-17..2024-05-17"}},
        {"date:2024-q2", {"date:2024-04-01..2024-06-30"}},
        {"date:2023..2024", {"date:2023-01-01..2024-12-31"}},
        {"date:2023.. date:..2024-05", {"date:2023-01-01..", "date:..2024-05-31"}},
        {"date:today", {"date:2024-05-17..2024-05-17"}},
        {"date:yesterday..today", {"date:2024-05-16..2024-05-17"}},
        {"date:\"last week\"", {"date:2024-05-06..2024-05-12"}},
        {"date:this-week", {"date:2024-05-13..2024-05-19"}},
        {"date:last_month", {"date:2024-04-01..2024-04-30"}},
        {"date:\"last year\"", {"date:2023-01-01..2023-12-31"}},
        {"date:\"3 days ago\"", {"date:2024-05-14..2024-05-14"}},
        {"date:2-weeks-ago", {"date:2024-05-03..2024-05-03"}},
        {"date:\"a month ago\"", {"date:2024-04-17..2024-04-17"}},
        {"date:\"last 7 days\"", {"date:2024-05-10..2024-05-17"}},
        {"date:monday date:Freitag",
         {"date:2024-05-13..2024-05-13", "date:2024-05-17..2024-05-17"}},
        {"date:may date:Juni", {"date:2024-05-01..2024-05-31", "date:2023-06-01..2023-06-30"}},
        {"date:\"March 2023\" date:\"März 2023\"",
         {"date:2023-03-01..2023-03-31", "date:2023-03-01..2023-03-31"}},
        {"date:\"17 May 2023\" date:\"May 17, 2023\" date:\"17. Mai 2023\"",
         {"date:2023-05-17..2023-05-17",
          "date:2023-05-17..2023-05-17",
          "date:2023-05-17..2023-05-17"}},
        {"date:17.05.2023 date:1.2.2023",
         {"date:2023-05-17..2023-05-17", "date:2023-02-01..2023-02-01"}},
        {"before:2024", {"date:..2023-12-31"}},
        {"after:2024-05", {"date:2024-06-01.."}},
        {"-before:today", {"-date:..2024-05-16"}},
        // metadata
        {"year=2024", {"metadata:year 0 2024"}},
        {"year!=2024", {"metadata:year 1 2024"}},
        {"pages<10 pages<=10 pages>10 pages>=1.5e3",
         {"metadata:pages 2 10",
          "metadata:pages 3 10",
          "metadata:pages 4 10",
          "metadata:pages 5 1.5e3"}},
        {"due>=2024-05-17", {"metadata:due 5 2024-05-17"}},
        {"author=\"Ada Lovelace\" -status=done",
         {"metadata:author 0 Ada Lovelace", "-metadata:status 0 done"}},
        {"a.b-c_d=x", {"metadata:a.b-c_d 0 x"}},
        {"title=größer", {"metadata:title 0 größer"}},
        // scripts
        {"港口船只 harbour", {"word:港口船只", "word:harbour"}},
        {"ميناء -سفينة \"رسوم الميناء\"", {"word:ميناء", "-word:سفينة", "phrase:رسوم الميناء"}},
        {"שלום +עולם", {"word:שלום", "+word:עולם"}},
        {"😀 +😀 -\"😀 😀\"", {"word:😀", "+word:😀", "-phrase:😀 😀"}},
        {"ราคา ท่าเรือ", {"word:ราคา", "word:ท่าเรือ"}},
        {"red\u00a0apple\u3000tree", {"word:red", "word:apple", "word:tree"}},
        // all together
        {"fees +harbour -rain \"port dues\" led* type:pdf date:2023..2024 year>=2020",
         {"word:fees",
          "+word:harbour",
          "-word:rain",
          "phrase:port dues",
          "prefix:led",
          "type:pdf",
          "date:2023-01-01..2024-12-31",
          "metadata:year 5 2020"}},
    };
    int number = 0;
    for (const auto &row : rows) {
        QStringList parts;
        for (const char *part : row.parts)
            parts << QString::fromUtf8(part);
        QTest::addRow("%d %s", ++number, row.text) << QString::fromUtf8(row.text) << parts;
    }
}

void TestQueryParser::parts()
{
    QFETCH(QString, text);
    QFETCH(QStringList, expected);
    const auto query = parseQuery(text, kContext);
    VERIFY_RESULT(query);
    QStringList parts;
    for (const QueryPart &part : query->parts)
        parts << shown(part);
    QCOMPARE(parts, expected);
    QVERIFY(coverTheText(*query));
}

void TestQueryParser::mistakes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("hint"); // that the message must give
    const struct
    {
        const char *text;
        int column;
        const char *hint;
    } rows[] = {
        {"before:someday", 8, "2024-05-17"},
        {"red after:32.13.2024", 11, "yesterday"},
        {"before:2023..2024", 8, "A date was expected"},
        {"date:2024..2023", 6, "range"},
        {"date:..", 6, "range"},
        {"date:2024-13", 6, "range"},
        {"date:2023-02-29", 6, "range"},
        {"date:", 1, "date:2024-05"},
        {"red date: 2024", 5, "without a space"},
        {"page:x", 6, "3-5"},
        {"page:0", 6, "3-5"},
        {"page:5-3", 6, "3-5"},
        {"page:-", 6, "3-5"},
        {"page:99999999999", 6, "3-5"},
        {"type:novel", 6, "legal_document"},
        {"😀 type:novel", 8, "legal_document"},
        {"type:\"novel\"", 7, "legal_document"},
        {"-type:", 1, "type:pdf"},
        {"name:\"\"", 1, "name:report"},
        {"name:\" \" red", 1, "name:report"},
        {"lang:klingonish", 6, "en or de"},
        {"tag: red", 1, "tag:invoice"},
        {"near", 1, "two words"},
        {"near type:pdf", 1, "two words"},
        {"NEAR red", 1, "two words"},
        {"red NEAR", 5, "two words"},
        {"red NEAR -apple", 5, "two words"},
        {"red NEAR type:pdf", 5, "two words"},
        {"type:pdf NEAR red", 10, "two words"},
        {"red NEAR NEAR apple", 5, "two words"},
        {"a NEAR b NEAR c", 3, "two words"},
        {"red NEAR/0 apple", 5, "1 to 50"},
        {"red NEAR/51 apple", 5, "1 to 50"},
        {"red NEAR/999999999 apple", 5, "1 to 50"},
        {"a NEAR b a NEAR b a NEAR b a NEAR b a NEAR b", 37, "4 times"},
        {"year>=soon", 7, "number"},
        {"year=\"\"", 1, "year=2024"},
    };
    for (const auto &row : rows)
        QTest::newRow(row.text) << QString::fromUtf8(row.text) << row.column
                                << QString::fromUtf8(row.hint);
}

void TestQueryParser::mistakes()
{
    QFETCH(QString, text);
    QFETCH(int, column);
    QFETCH(QString, hint);
    const auto query = parseQuery(text, kContext);
    QVERIFY(!query);
    const Error &error = query.error();
    QCOMPARE(error.kind, ErrorKind::Validation);
    QCOMPARE(error.field, QStringLiteral("query"));
    QCOMPARE(error.code, QStringLiteral("query_syntax"));
    QVERIFY2(error.message.contains(QStringLiteral("column %1,").arg(column)),
             qPrintable(error.message));
    QVERIFY2(error.message.contains(hint), qPrintable(error.message));
}

void TestQueryParser::placesOfParts()
{
    const QString text = QStringLiteral(" red  -\"an apple\" a NEAR/5 b type:\"pdf\" x=1");
    const auto query = parseQuery(text, kContext);
    VERIFY_RESULT(query);
    QStringList pieces;
    for (const QueryPart &part : query->parts)
        pieces << text.mid(part.start, part.length);
    QCOMPARE(pieces,
             QStringList({QStringLiteral("red"),
                          QStringLiteral("-\"an apple\""),
                          QStringLiteral("a NEAR/5 b"),
                          QStringLiteral("type:\"pdf\""),
                          QStringLiteral("x=1")}));
}

void TestQueryParser::withoutPart_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("part");
    QTest::addColumn<QString>("rest");
    QTest::newRow("first") << QStringLiteral(" red  apple ") << 0 << QStringLiteral("apple");
    QTest::newRow("middle") << QStringLiteral("red  type:pdf  apple") << 1
                            << QStringLiteral("red apple");
    QTest::newRow("last") << QStringLiteral("red type:pdf") << 1 << QStringLiteral("red");
    QTest::newRow("only") << QStringLiteral("-\"a b\"") << 0 << QString();
    QTest::newRow("touching") << QStringLiteral("red\"an apple\"tree") << 1
                              << QStringLiteral("red tree");
    QTest::newRow("near") << QStringLiteral("a NEAR b c") << 0 << QStringLiteral("c");
}

void TestQueryParser::withoutPart()
{
    QFETCH(QString, text);
    QFETCH(int, part);
    const auto query = parseQuery(text, kContext);
    VERIFY_RESULT(query);
    QTEST(query->withoutPart(part), "rest");
}

void TestQueryParser::longQuery()
{
    QString text;
    while (text.size() < 8000)
        text += QStringLiteral("word%1 ").arg(text.size());
    text.truncate(8000);
    const auto words = parseQuery(text, kContext);
    VERIFY_RESULT(words);
    QVERIFY(words->parts.size() > 700);
    QVERIFY(coverTheText(*words));
    for (const QString &one : {QString(8000, QLatin1Char('"')),
                               QString(8000, QLatin1Char('-')),
                               QString(8000, QLatin1Char('a')),
                               QString(8000, QLatin1Char('=')),
                               QStringLiteral("a=").repeated(4000),
                               QStringLiteral("name:").repeated(1600)}) {
        const auto query = parseQuery(one, kContext);
        VERIFY_RESULT(query);
        QVERIFY(coverTheText(*query));
    }
}

/// Pieces of the language in any order, with and without space: read so that the parts cover the
/// text and removing them one by one leaves nothing, or refused with a place inside it.
void TestQueryParser::anyTextIsReadOrRefused()
{
    const QStringList pieces{
        QStringLiteral("red"),    QStringLiteral(" "),       QStringLiteral("\""),
        QStringLiteral("-"),      QStringLiteral("+"),       QStringLiteral("*"),
        QStringLiteral("NEAR"),   QStringLiteral("near/3"),  QStringLiteral("type:"),
        QStringLiteral("pdf"),    QStringLiteral("page:3"),  QStringLiteral("date:"),
        QStringLiteral("2024"),   QStringLiteral(".."),      QStringLiteral("last week"),
        QStringLiteral("key"),    QStringLiteral("="),       QStringLiteral(">="),
        QStringLiteral("\u201e"), QStringLiteral("\u201c"),  QStringLiteral("\u00ab"),
        QStringLiteral("\u00bb"), QStringLiteral("\u6e2f"),  QString(QChar(0xd83d)),
        QString(QChar(0xde00)),   QStringLiteral("\u0645"),  QStringLiteral("\u202e"),
        QString(QChar(u'\0')),    QStringLiteral("\t"),      QStringLiteral("name:"),
        QStringLiteral("\u0301"), QStringLiteral("'"),       QStringLiteral("\\"),
        QStringLiteral("<"),      QStringLiteral("lang:de"), QStringLiteral("\u00a0"),
    };
    static const QRegularExpression place(QStringLiteral("column (\\d+),"));
    QRandomGenerator random(17);
    int readable = 0;
    for (int round = 0; round < 20'000; ++round) {
        QString text;
        for (int i = random.bounded(1, 12); i > 0; --i) {
            text += pieces.at(random.bounded(int(pieces.size())));
            if (random.bounded(3) == 0)
                text += QLatin1Char(' ');
        }
        text = text.trimmed(); // offsets stay when the last part is taken away
        const auto query = parseQuery(text, kContext);
        if (!query) {
            const int column = place.match(query.error().message).captured(1).toInt();
            QVERIFY2(column >= 1 && column <= text.size() + 1, qPrintable(text));
            continue;
        }
        ++readable;
        QVERIFY2(coverTheText(*query), qPrintable(text));
        QString rest = text;
        ParsedQuery left = *query;
        while (!left.parts.isEmpty()) {
            const qsizetype before = rest.size();
            rest = left.withoutPart(left.parts.size() - 1);
            QVERIFY(rest.size() < before);
            left.parts.removeLast();
            left.text = rest;
        }
        QVERIFY2(rest.trimmed().isEmpty(), qPrintable(text));
    }
    QVERIFY(readable > 5'000);
}

QTEST_GUILESS_MAIN(TestQueryParser)
#include "tst_query_parser.moc"
