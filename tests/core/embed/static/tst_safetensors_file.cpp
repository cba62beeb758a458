#include "core/embed/static/safetensors_file.h"
#include "core/embed/static/static_model.h"
#include "model_files.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace llmemory;
using namespace llmemory::embed;

class TestSafetensorsFile : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void readsTensors();
    void refusesBrokenHeaders_data();
    void refusesBrokenHeaders();
    void survivesTruncation();
    void survivesFlippedBits();
    void missingFile();

    void addsRows_data();
    void addsRows();
    void sharesRows();
    void refusesBadTables_data();
    void refusesBadTables();

private:
    QString write(const QByteArray &content)
    {
        const QString path = m_directory.filePath(QStringLiteral("model.safetensors"));
        return writeFile(path, content) ? path : QString();
    }

    QTemporaryDir m_directory;
};

void TestSafetensorsFile::initTestCase()
{
    QVERIFY(m_directory.isValid());
}

void TestSafetensorsFile::readsTensors()
{
    const auto file = SafetensorsFile::open(
        write(safetensors({{"a", "I8", {3, 2}, bytesOf<qint8>({1, 2, 3, 4, 5, -6})},
                           {"b", "F32", {1}, bytesOf<float>({0.5F})},
                           {"c", "I64", {}, bytesOf<qint64>({7})},
                           {"d", "BF16", {0, 4}, {}}})));
    QVERIFY2(file, file ? "" : qPrintable(file.error().message));
    const auto *a = (*file)->find(QLatin1String("a"));
    QVERIFY(a);
    QCOMPARE(a->type, SafetensorsFile::Type::I8);
    QCOMPARE(a->shape, (std::vector<quint64>{3, 2}));
    QCOMPARE(int(a->bytes[5]), -6);
    const auto *b = (*file)->find(QLatin1String("b"));
    QVERIFY(b);
    QCOMPARE(qFromLittleEndian<float>(b->bytes.data()), 0.5F);
    QCOMPARE((*file)->find(QLatin1String("c"))->count(), quint64(1));
    QCOMPARE((*file)->find(QLatin1String("d"))->count(), quint64(0));
    QVERIFY(!(*file)->find(QLatin1String("__metadata__")));
}

void TestSafetensorsFile::refusesBrokenHeaders_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const char *header, const char *reason) {
        QTest::newRow(name) << safetensors(QByteArray(header), QByteArray(8, '\1'))
                            << QString::fromLatin1(reason);
    };
    QTest::newRow("empty") << QByteArray() << QStringLiteral("too short");
    QTest::newRow("seven bytes") << QByteArray(7, '\0') << QStringLiteral("too short");
    QTest::newRow("length beyond the file")
        << QByteArray(8, '\xFF') + QByteArray("{}") << QStringLiteral("longer than the file");
    row("no JSON", "{\"a\":", "not valid JSON");
    row("a list", "[]", "not valid JSON");
    row("no UTF-8", "{\"\xFF\":{}}", "not valid JSON");
    row("a tensor that is a number", R"({"a":1})", "\"a\" has no type");
    row("no type", R"({"a":{"shape":[8],"data_offsets":[0,8]}})", "has no type");
    row("type of a future",
        R"({"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}})",
        "not supported");
    row("no shape", R"({"a":{"dtype":"I8","data_offsets":[0,8]}})", "no shape");
    row("negative shape", R"({"a":{"dtype":"I8","shape":[-8],"data_offsets":[0,8]}})", "no shape");
    row("one offset", R"({"a":{"dtype":"I8","shape":[8],"data_offsets":[0]}})", "no place");
    row("offsets reversed",
        R"({"a":{"dtype":"I8","shape":[8],"data_offsets":[8,0]}})",
        "not within");
    row("offset beyond the file",
        R"({"a":{"dtype":"I8","shape":[9],"data_offsets":[0,9]}})",
        "cut short");
    row("shape and size differ",
        R"({"a":{"dtype":"F32","shape":[8],"data_offsets":[0,8]}})",
        "another size");
    row("shape that overflows",
        R"({"a":{"dtype":"F64","shape":[4294967296,4294967296,8],"data_offsets":[0,0]}})",
        "another size");
    row("overlapping",
        R"({"a":{"dtype":"I8","shape":[5],"data_offsets":[0,5]},)"
        R"("b":{"dtype":"I8","shape":[4],"data_offsets":[4,8]}})",
        "overlap");
}

void TestSafetensorsFile::refusesBrokenHeaders()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, reason);
    const QString path = write(content);
    const auto file = SafetensorsFile::open(path);
    QVERIFY(!file);
    QVERIFY(file.error().kind == ErrorKind::Configuration);
    QVERIFY2(file.error().message.contains(reason), qPrintable(file.error().message));
    QVERIFY(file.error().message.contains(path));
}

/// Every shorter file is refused, since the last byte belongs to a tensor.
void TestSafetensorsFile::survivesTruncation()
{
    const QByteArray whole = safetensors({{"embeddings", "I8", {4, 3}, QByteArray(12, '\2')},
                                          {"weights", "F32", {4}, bytesOf<float>({1, 2, 3, 4})}});
    QVERIFY(StaticModel::read(write(whole)));
    for (qsizetype size = 0; size < whole.size(); ++size)
        QVERIFY2(!StaticModel::read(write(whole.left(size))), qPrintable(QString::number(size)));
}

/// Whatever a flipped bit makes of the file, it is read or refused.
void TestSafetensorsFile::survivesFlippedBits()
{
    const QByteArray whole =
        safetensors({{"embeddings", "F16", {4, 3}, QByteArray(24, '\2')},
                     {"mapping", "I32", {5}, bytesOf<qint32>({0, 1, 2, 3, 0})},
                     {"weights", "F64", {5}, bytesOf<double>({1, 2, 3, 4, 5})}});
    QVERIFY(StaticModel::read(write(whole)));
    int refused = 0;
    for (qsizetype bit = 0; bit < whole.size() * 8; ++bit) {
        QByteArray flipped = whole;
        flipped[bit / 8] = char(flipped[bit / 8] ^ (1 << (bit % 8)));
        const auto model = StaticModel::read(write(flipped));
        if (!model) {
            QVERIFY(model.error().kind == ErrorKind::Configuration);
            ++refused;
            continue;
        }
        std::vector<float> sum(size_t(model->dimension()));
        std::vector<WeightedRow> rows;
        for (quint32 token = 0; token < model->tokenCount(); ++token)
            rows.push_back(model->row(token, 1));
        model->add(sum.data(), rows);
    }
    QVERIFY(refused > 100);
}

void TestSafetensorsFile::missingFile()
{
    const auto file = SafetensorsFile::open(m_directory.filePath(QStringLiteral("none")));
    QVERIFY(!file);
    QVERIFY(file.error().kind == ErrorKind::Configuration);
}

void TestSafetensorsFile::addsRows_data()
{
    QTest::addColumn<QByteArray>("content");
    constexpr int kRows = 11;      // two times four and some
    constexpr int kDimension = 37; // no multiple of anything
    std::vector<qint8> small;
    std::vector<float> numbers;
    std::vector<quint16> halves;
    for (int i = 0; i < kRows * kDimension; ++i) {
        const int value = (i * 53) % 255 - 127;
        small.push_back(qint8(value));
        numbers.push_back(float(value));
        quint16 bits = 0; // of an integer below 2048, exactly
        if (value != 0) {
            const int exponent = int(std::ilogb(float(value)));
            const int fraction = std::abs(value) - (1 << exponent);
            bits = quint16(((value < 0 ? 1 : 0) << 15) | ((exponent + 15) << 10) |
                           (fraction << (10 - exponent)));
        }
        halves.push_back(bits);
    }
    const std::vector<int> shape{kRows, kDimension};
    QTest::newRow("int8") << safetensors({{"embeddings", "I8", shape, bytesOf(small)}});
    QTest::newRow("half") << safetensors({{"embeddings", "F16", shape, bytesOf(halves)}});
    QTest::newRow("float") << safetensors({{"embeddings", "F32", shape, bytesOf(numbers)}});
    QTest::newRow("float, not aligned")
        << safetensors({{"a", "I8", {1}, "x"}, {"embeddings", "F32", shape, bytesOf(numbers)}});
}

void TestSafetensorsFile::addsRows()
{
    QFETCH(QByteArray, content);
    const auto model = StaticModel::read(write(content));
    QVERIFY2(model, model ? "" : qPrintable(model.error().message));
    QCOMPARE(model->tokenCount(), 11U);
    QCOMPARE(model->dimension(), 37);
    std::vector<float> sum(37);
    std::vector<WeightedRow> rows;
    std::vector<double> expected(37);
    for (quint32 token = 0; token < 11; ++token) {
        rows.push_back(model->row(token, float(token) * 0.25F));
        for (size_t i = 0; i < expected.size(); ++i)
            expected[i] += token * 0.25 * ((int(token * 37 + i) * 53) % 255 - 127);
    }
    model->add(sum.data(), rows);
    for (size_t i = 0; i < expected.size(); ++i)
        QVERIFY(std::abs(sum[i] - expected[i]) < 1e-3);
}

void TestSafetensorsFile::sharesRows()
{
    const auto model = StaticModel::read(
        write(safetensors({{"embeddings", "F32", {2, 2}, bytesOf<float>({1, 2, 3, 4})},
                           {"mapping", "I64", {3}, bytesOf<qint64>({1, 0, 1})},
                           {"weights", "F16", {3}, bytesOf<quint16>({0x3C00, 0x4000, 0x0001})}})));
    QVERIFY2(model, model ? "" : qPrintable(model.error().message));
    QCOMPARE(model->tokenCount(), 3U);
    QCOMPARE(model->row(0, 3).weight, 3.0F);
    QCOMPARE(model->row(1, 3).weight, 6.0F);
    QCOMPARE(model->row(2, 1).weight, 0x1p-24F);
    QCOMPARE(model->row(2, 1).numbers, model->row(0, 1).numbers);
    std::vector<float> sum(2);
    model->add(sum.data(), {model->row(0, 1), model->row(1, 1)});
    QCOMPARE(sum, (std::vector<float>{5, 8}));
}

void TestSafetensorsFile::refusesBadTables_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("reason");
    const TensorParts rows{"embeddings", "F32", {2, 1}, bytesOf<float>({1, 2})};
    const auto row = [&](const char *name, const TensorParts &other, const char *reason) {
        QTest::newRow(name) << safetensors({rows, other}) << QString::fromLatin1(reason);
    };
    QTest::newRow("no embeddings")
        << safetensors({{"other", "I8", {1}, "x"}}) << QStringLiteral("no tensor \"embeddings\"");
    QTest::newRow("embeddings of integers")
        << safetensors({{"embeddings", "I32", {1, 1}, bytesOf<qint32>({1})}})
        << QStringLiteral("no table");
    QTest::newRow("flat embeddings")
        << safetensors({{"embeddings", "I8", {4}, "abcd"}}) << QStringLiteral("no table");
    QTest::newRow("no rows") << safetensors({{"embeddings", "I8", {0, 4}, {}}})
                             << QStringLiteral("0 rows");
    QTest::newRow("too many dimensions")
        << safetensors({{"embeddings", "I8", {1, 4001}, QByteArray(4001, '\1')}})
        << QStringLiteral("4001 dimensions");
    row("too few weights", {"weights", "F32", {1}, bytesOf<float>({1})}, "1 weights for 2 tokens");
    row("weights of integers", {"weights", "I8", {2}, "ab"}, "weights are no list");
    row("weight not a number",
        {"weights", "F32", {2}, bytesOf<float>({1, std::numeric_limits<float>::quiet_NaN()})},
        "token 1 is not finite");
    row("weight infinite",
        {"weights", "F16", {2}, bytesOf<quint16>({0x7C00, 0})},
        "token 0 is not finite");
    row("mapping beyond the rows", {"mapping", "I32", {2}, bytesOf<qint32>({0, 2})}, "row 2 of 2");
    row("mapping below the rows", {"mapping", "I64", {2}, bytesOf<qint64>({0, -1})}, "row -1 of 2");
    row("mapping of floats", {"mapping", "F32", {1}, bytesOf<float>({0})}, "mapping is no list");
}

void TestSafetensorsFile::refusesBadTables()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, reason);
    const auto model = StaticModel::read(write(content));
    QVERIFY(!model);
    QVERIFY(model.error().kind == ErrorKind::Configuration);
    QVERIFY2(model.error().message.contains(reason), qPrintable(model.error().message));
}

QTEST_GUILESS_MAIN(TestSafetensorsFile)
#include "tst_safetensors_file.moc"
