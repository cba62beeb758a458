#include "core/base/json.h"
#include "core/documents/document_writer.h"
#include "core/search/hybrid_search.h"
#include "core/testing/temporary_schema.h"
#include "tests/core/documents/document_store.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QMap>
#include <QRandomGenerator>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <libpq-fe.h>
#include <numeric>

using namespace llmemory;
using testing::DocumentStore;

namespace {

constexpr int kMost = 100;

const char kUsage[] =
    "usage: bench_text_search quality COLLECTION…   nDCG@10 of folders in BEIR's layout\n"
    "       bench_text_search speed CHUNKS          of one owner with so many passages\n"
    "       bench_text_search spelling CHUNKS       the same of misspelt words and prefixes\n"
    "The database is that of LLMEMORY_TEST_DATABASE, or a server of its own.\n";

[[noreturn]] void fail(const QString &message)
{
    std::fprintf(stderr, "%s\n", qPrintable(message));
    std::exit(1);
}

template <typename T>
T valueOf(Result<T> result)
{
    if (!result)
        fail(result.error().message + QLatin1Char(' ') + result.error().detail);
    return std::move(*result);
}

/// A document whose passages are these texts, whatever their lengths.
documents::PreparedDocument documentOf(const OwnerId &owner,
                                       const QString &id,
                                       const QStringList &passages)
{
    documents::PreparedDocument document;
    document.input = testing::documentInput(owner, id, passages.join(QLatin1String("\n\n")));
    document.language = QStringLiteral("en");
    document.textConfig = QStringLiteral("english");
    document.contentHash = id;
    document.chunkFingerprint = id;
    for (const QString &passage : passages) {
        chunk::ChunkDraft draft;
        draft.level = chunk::kChildLevel;
        draft.index = int(document.chunks.size());
        draft.content = passage;
        document.chunks.append(draft);
    }
    return document;
}

void add(DocumentStore &store, const documents::PreparedDocument &document)
{
    valueOf(store.as(document.input.owner, [&](db::Session &session) {
        return documents::writeDocument(session, document, QStringLiteral("none"));
    }));
}

search::LegAnswer find(DocumentStore &store, const OwnerId &owner, const QString &text, int most)
{
    SearchQuery query;
    query.owner = owner;
    query.text = text;
    query.mode = SearchMode::Text;
    return valueOf(store.as(owner, [&](db::Session &session) {
        search::Depth depth;
        depth.candidates = most;
        return search::searchByWords(session, query, {search::parseTextQuery(text), {}}, depth);
    }));
}

// Quality ----------------------------------------------------------------------------------------

QList<Json> linesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        fail(path + QLatin1String(": ") + file.errorString());
    QList<Json> lines;
    while (!file.atEnd())
        lines.append(valueOf(parseJson(file.readLine(), path)));
    return lines;
}

/// Grades by query and document.
QMap<QString, QMap<QString, int>> gradesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        fail(path + QLatin1String(": ") + file.errorString());
    file.readLine();
    QMap<QString, QMap<QString, int>> grades;
    while (!file.atEnd()) {
        const QStringList fields = QString::fromUtf8(file.readLine().trimmed()).split(u'\t');
        if (fields.size() == 3)
            grades[fields.at(0)][fields.at(1)] = fields.at(2).toInt();
    }
    return grades;
}

double dcg(const QList<int> &grades)
{
    double sum = 0;
    for (int i = 0; i < std::min<int>(10, int(grades.size())); ++i)
        sum += grades.at(i) / std::log2(i + 2);
    return sum;
}

void quality(DocumentStore &store, const QString &folder)
{
    const OwnerId owner = testing::ownerId(folder.section(u'/', -1, -1, QString::SectionSkipEmpty));
    QMap<ChunkId, QString> originOf;
    for (const Json &line : linesOf(folder + QLatin1String("/corpus.jsonl"))) {
        const QString title = toQString(line.value("title", Json("")));
        const QString text = toQString(line.at("text"));
        add(store,
            documentOf(owner, toQString(line.at("_id")), {title + QLatin1String("\n\n") + text}));
    }
    static constexpr db::Statement kOrigins{
        "bench_origins",
        "SELECT c.chunk_id, d.id_at_origin FROM {{tables.document_chunks}} c "
        "JOIN {{tables.documents}} d ON d.owner_id = c.owner_id AND d.document_id = c.document_id "
        "WHERE c.owner_id = $1"};
    const auto rows = valueOf(store.as(
        owner, [&](db::Session &session) { return session.query(kOrigins, {owner.toString()}); }));
    for (const db::Row &row : rows)
        originOf.insert(ChunkId(row.value(0).toUuid()), row.text(1));

    const auto grades = gradesOf(folder + QLatin1String("/qrels.tsv"));
    double sum = 0;
    int count = 0;
    for (const Json &line : linesOf(folder + QLatin1String("/queries.jsonl"))) {
        const auto judged = grades.constFind(toQString(line.at("_id")));
        if (judged == grades.constEnd())
            continue;
        const auto matches = find(store, owner, toQString(line.at("text")), kMost);
        QList<int> found;
        for (const search::Ranked &entry : matches.ranked)
            found << judged->value(originOf.value(entry.chunk));
        QList<int> ideal = judged->values();
        std::sort(ideal.begin(), ideal.end(), std::greater<>());
        if (dcg(ideal) <= 0)
            continue;
        sum += dcg(found) / dcg(ideal);
        ++count;
    }
    std::printf(
        "%s: nDCG@10 %.4f over %d queries\n", qPrintable(owner.toString()), sum / count, count);
}

// Speed ------------------------------------------------------------------------------------------

constexpr int kVocabulary = 50'000;
constexpr int kWordsOfPassage = 100;
constexpr int kPassagesOfDocument = 10;
constexpr int kQueries = 300;
constexpr int kWordsOfQuery = 12;

/// What the time would be on a machine that does nothing else.
constexpr char kProcessors[] = "    of processors, here and in the server";

/// Words by Zipf's law, the exponent 1: the rank is what a uniform number is in the logarithm.
QString zipfWord(QRandomGenerator &random)
{
    return QStringLiteral("w%1x").arg(int(std::pow(double(kVocabulary), random.generateDouble())));
}

/// Time that a process has had a processor; -1 where the system does not say.
double processorMs(const QString &process)
{
    QFile file(QStringLiteral("/proc/%1/schedstat").arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    return file.readLine().split(' ').first().toDouble() / 1e6;
}

void printTimes(const char *what, QList<double> times)
{
    std::sort(times.begin(), times.end());
    const auto at = [&](double share) {
        return times.at(qsizetype(share * double(times.size() - 1)));
    };
    std::printf("%s: p50 %.2f ms, p95 %.2f ms, longest %.2f ms\n", what, at(0.5), at(0.95), at(1));
}

/// Processor time of this process and the server's.
double busyMs(DocumentStore &store)
{
    const QString server = QString::number(PQbackendPID(store.session().connection().native()));
    return processorMs(server) + processorMs(QStringLiteral("self"));
}

template <typename Word>
void write(DocumentStore &store, const OwnerId &owner, int passages, Word word)
{
    QList<double> writing;
    QList<double> writingBusy;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i * kPassagesOfDocument < passages; ++i) {
        QStringList texts;
        for (int p = 0; p < kPassagesOfDocument; ++p) {
            QStringList words;
            for (int w = 0; w < kWordsOfPassage; ++w)
                words << word();
            texts << words.join(u' ');
        }
        const auto document = documentOf(owner, QStringLiteral("d%1").arg(i), texts);
        QElapsedTimer one;
        const double before = busyMs(store);
        one.start();
        add(store, document);
        writing << double(one.nsecsElapsed()) / 1e6;
        writingBusy << busyMs(store) - before;
    }
    std::printf("%d passages written in %.1f s\n", passages, double(timer.elapsed()) / 1000);
    printTimes("one document of ten passages", writing);
    printTimes(kProcessors, writingBusy);
    std::printf("    %.1f s in all\n",
                std::accumulate(writingBusy.begin(), writingBusy.end(), 0.0) / 1000);
}

/// Times of kQueries different queries. @param query  gives the next one's text.
template <typename Query>
void measureQueries(DocumentStore &store, const OwnerId &owner, const char *what, Query query)
{
    QList<double> times;
    QList<double> busy;
    for (int i = 0; i < kQueries; ++i) {
        const QString text = query();
        QElapsedTimer one;
        const double before = busyMs(store);
        one.start();
        find(store, owner, text, kMost);
        times << double(one.nsecsElapsed()) / 1e6;
        busy << busyMs(store) - before;
    }
    printTimes(what, times);
    printTimes(kProcessors, busy);
}

void speed(DocumentStore &store, int passages)
{
    QRandomGenerator random(1);
    const OwnerId owner = testing::ownerId(QStringLiteral("speed"));
    write(store, owner, passages, [&] { return zipfWord(random); });
    const auto measure = [&](const char *what, auto word) {
        measureQueries(store, owner, what, [&] {
            QStringList words;
            for (int w = 0; w < kWordsOfQuery; ++w)
                words << word();
            return words.join(u' ');
        });
    };
    measure("12 words as frequent as in texts", [&] { return zipfWord(random); });
    measure("12 words of the vocabulary",
            [&] { return QStringLiteral("w%1x").arg(random.bounded(1, kVocabulary)); });
    measure("12 of the 2,000 most frequent words",
            [&] { return QStringLiteral("w%1x").arg(random.bounded(1, 2000)); });
}

/// A word of eight letters, which no stemmer knows an ending of. @param rank  below a million.
QString lettersOf(int rank)
{
    static const QString consonants = QStringLiteral("bcdfghjklmnpqrtvwxyz");
    static const QString vowels = QStringLiteral("aiou");
    constexpr int kSyllables = 80;
    QString word;
    // Ranks that follow each other shall not begin alike.
    for (int left = int((qint64(rank) * 7'654'321) % (80 * 80 * 80)); word.size() < 6;
         left /= kSyllables) {
        word += consonants.at(left % 20);
        word += vowels.at(left / 20 % 4);
    }
    return word + QStringLiteral("xo");
}

void spelling(DocumentStore &store, int passages)
{
    QRandomGenerator random(1);
    const OwnerId owner = testing::ownerId(QStringLiteral("spelling"));
    const auto word = [&] {
        return lettersOf(int(std::pow(double(kVocabulary), random.generateDouble())));
    };
    write(store, owner, passages, word);
    const auto rare = [&] { return lettersOf(random.bounded(1, kVocabulary)); };
    const auto swapped = [](QString text, int at) {
        std::swap(text[at], text[at + 1]);
        return text;
    };
    const auto query = [](const QStringList &words) { return words.join(u' '); };
    measureQueries(store, owner, "3 words", [&] { return query({rare(), rare(), rare()}); });
    measureQueries(store, owner, "one of 3 words misspelt", [&] {
        return query({rare(), swapped(rare(), 4), rare()});
    });
    measureQueries(store, owner, "one of 3 words misspelt at its beginning", [&] {
        return query({rare(), swapped(rare(), 1), rare()});
    });
    measureQueries(store, owner, "one of 3 words misspelt twice", [&] {
        return query({rare(), swapped(swapped(rare(), 3), 6), rare()});
    });
    measureQueries(
        store, owner, "a prefix of 2 letters", [&] { return rare().left(2).append(u'*'); });
    measureQueries(
        store, owner, "a prefix of 4 letters", [&] { return rare().left(4).append(u'*'); });
}

} // namespace

/// What the text leg finds, and how fast; see kUsage.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 3)
        fail(QLatin1String(kUsage));
    const testing::TemporarySchema database;
    if (!database.isAvailable())
        fail(database.reason());
    DocumentStore store(database);
    if (arguments.at(1) == QLatin1String("quality")) {
        for (const QString &folder : arguments.mid(2))
            quality(store, folder);
    } else if (arguments.at(1) == QLatin1String("speed")) {
        speed(store, arguments.at(2).toInt());
    } else if (arguments.at(1) == QLatin1String("spelling")) {
        spelling(store, arguments.at(2).toInt());
    } else {
        fail(QLatin1String(kUsage));
    }
    return 0;
}
