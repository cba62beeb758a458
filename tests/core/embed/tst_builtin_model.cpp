#include "core/embed/builtin_model.h"
#include "core/testing/verify_result.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <cmath>
#include <numeric>

using namespace llmemory;
using embed::Vector;

namespace {

/// Passages that the questions are asked among; one on each topic, in eight languages.
struct Passage
{
    const char *topic;
    const char *text;
};

const Passage kPassages[] = {
    {"automobile", "He bought a new automobile and drove it from the dealer to his house."},
    {"physician", "The physician examined the patient and prescribed a medicine against the pain."},
    {"vessel", "The vessel left the harbour at dawn with its crew and cargo."},
    {"infant", "The infant slept in its cradle while its mother sang."},
    {"deutsch-garten", "Im Garten wachsen Blumen, Obstbäume und Gemüse."},
    {"deutsch-gericht", "Das Gericht verurteilte den Angeklagten zu einer Geldstrafe."},
    {"deutsch-datei",
     "Die Datei wird beim Speichern verschlüsselt und mit einem Passwort geschützt."},
    {"français-école", "Les élèves de cette école apprennent la musique et les langues."},
    {"français-impôt", "L'impôt sur le revenu est calculé chaque année par l'administration."},
    {"español-agua", "El agua del río es limpia y se puede beber."},
    {"español-ley", "La ley establece los derechos y las obligaciones de los trabajadores."},
    {"italiano-stampante", "Collegare la stampante al computer e stampare il documento."},
    {"italiano-casa", "La famiglia vive in una casa con due camere e una cucina."},
    {"русский-война", "Война закончилась, и солдаты вернулись домой."},
    {"русский-сеть", "Настройте подключение к беспроводной сети и введите пароль."},
    {"中文-文件", "选择要删除的文件和文件夹，然后单击“删除”。"},
    {"中文-语言", "更改系统的显示语言和键盘布局。"},
    {"日本語-画面", "画面の明るさを設定で変更できます。"},
    {"日本語-音楽", "音楽を再生して音量を調整します。"},
    {"polski-poczta", "Wyślij wiadomość e-mail z załącznikiem do odbiorcy."},
};

} // namespace

/// The model that the program has from the first start: nothing configured, no network.
class TestBuiltinModel : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void findsByMeaning_data();
    void findsByMeaning();
    void liesInTheProgram();
    void isLoadedOnce();
};

void TestBuiltinModel::initTestCase()
{
    VERIFY_RESULT(embed::builtinModel());
}

void TestBuiltinModel::findsByMeaning_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("topic");
    const auto row = [](const char *query, const char *topic) {
        QTest::newRow(query) << QString::fromUtf8(query) << QString::fromUtf8(topic);
    };
    row("car", "automobile");
    row("doctor", "physician");
    row("ship", "vessel");
    row("baby", "infant");
    row("flowers and fruit trees", "deutsch-garten");
    row("the judge fined the accused", "deutsch-gericht");
    row("save an encrypted document with a password", "deutsch-datei");
    row("a school for learning languages", "français-école");
    row("income tax", "français-impôt");
    row("drinking water", "español-agua");
    row("Rechte und Pflichten der Arbeitnehmer", "español-ley");
    row("print a document", "italiano-stampante");
    row("una casa con cocina", "italiano-casa");
    row("end of the war", "русский-война");
    row("wireless network password", "русский-сеть");
    row("delete a file", "中文-文件");
    row("keyboard layout", "中文-语言");
    row("screen brightness", "日本語-画面");
    row("Musik abspielen", "日本語-音楽");
    row("send a mail with an attachment", "polski-poczta");
}

void TestBuiltinModel::findsByMeaning()
{
    QFETCH(QString, query);
    QFETCH(QString, topic);
    const auto model = *embed::builtinModel();
    QList<QString> texts;
    for (const Passage &passage : kPassages)
        texts << QString::fromUtf8(passage.text);
    const auto passages = model->embedDocuments(texts);
    VERIFY_RESULT(passages);
    const auto asked = model->embedQuery(query);
    VERIFY_RESULT(asked);
    QString nearest;
    float best = -2;
    for (size_t i = 0; i < passages->size(); ++i) {
        const Vector &passage = (*passages)[i];
        const float near = std::inner_product(asked->begin(), asked->end(), passage.begin(), 0.0F);
        if (near > best) {
            best = near;
            nearest = QString::fromUtf8(kPassages[i].topic);
        }
    }
    QCOMPARE(nearest, topic);
}

void TestBuiltinModel::liesInTheProgram()
{
    const QDir folder(embed::builtinModelDirectory());
    qint64 bytes = 0;
    for (const QFileInfo &file : folder.entryInfoList())
        bytes += file.size();
    QVERIFY(bytes > 1'000'000);
    QVERIFY2(bytes <= 16'000'000, qPrintable(QString::number(bytes)));
    QFile table(folder.filePath(QStringLiteral("model.safetensors")));
    QVERIFY(table.open(QIODevice::ReadOnly));
    QVERIFY(table.map(0, table.size()));
}

void TestBuiltinModel::isLoadedOnce()
{
    const auto first = embed::builtinModel();
    const auto second = embed::builtinModel();
    VERIFY_RESULT(first);
    VERIFY_RESULT(second);
    QCOMPARE(first->get(), second->get());
    QCOMPARE((*first)->modelId(), QStringLiteral("llmemory-multilingual-v1"));
    QCOMPARE((*first)->providerType(), QStringLiteral("builtin"));
}

QTEST_GUILESS_MAIN(TestBuiltinModel)
#include "tst_builtin_model.moc"
