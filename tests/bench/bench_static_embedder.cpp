#include "core/embed/static/static_embedder.h"
#include "core/embed/tokenizer/tokenizer.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QTextStream>

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace llmemory::embed;

namespace {

constexpr qsizetype kWordsPerDocument = 215;

QTextStream &out()
{
    static QTextStream stream(stdout);
    return stream;
}

/// The words of JSON lines with a member "text", or of a plain text, in documents of equal length.
QStringList documentsOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QString all;
    for (QByteArray line = file.readLine(); !line.isEmpty(); line = file.readLine()) {
        const auto json = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
        if (json.is_object() && json.contains("text") && json["text"].is_string())
            all += QString::fromStdString(json["text"].get<std::string>());
        else
            all += QString::fromUtf8(line);
        all += QLatin1Char('\n');
    }
    static const QRegularExpression spaces(QStringLiteral("\\s+"));
    const QStringList words = all.split(spaces, Qt::SkipEmptyParts);
    QStringList documents;
    for (qsizetype i = 0; i + kWordsPerDocument <= words.size(); i += kWordsPerDocument)
        documents << words.mid(i, kWordsPerDocument).join(QLatin1Char(' '));
    return documents;
}

double seconds(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e9;
}

/// The fastest of several times @p work, in seconds.
template <typename Work>
double best(int times, const Work &work)
{
    double shortest = 1e9;
    for (int i = 0; i < times; ++i) {
        QElapsedTimer timer;
        timer.start();
        work();
        shortest = std::min(shortest, seconds(timer));
    }
    return shortest;
}

/// Prints the ids of each line of standard input, to compare with other programs.
int printIds(const QString &directory)
{
    QFile json(directory + QLatin1String("/tokenizer.json"));
    if (!json.open(QIODevice::ReadOnly))
        return 1;
    const auto tokenizer = Tokenizer::read(json.readAll());
    if (!tokenizer) {
        out() << tokenizer.error().message << '\n';
        return 1;
    }
    const auto scratch = std::make_unique<Tokenizer::Scratch>();
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return 1;
    for (QByteArray line = input.readLine(); !line.isEmpty(); line = input.readLine()) {
        const auto text = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
        tokenizer->encode(QString::fromStdString(text.get<std::string>()), *scratch);
        const std::vector<quint32> ids = scratch->ids;
        tokenizer->encodeWhole(QString::fromStdString(text.get<std::string>()), *scratch);
        if (ids != scratch->ids)
            out() << "cut differs: ";
        for (const quint32 id : ids)
            out() << id << ' ';
        out() << '\n';
    }
    return 0;
}

} // namespace

/// bench_static_embedder MODEL-DIRECTORY FILE… [--ids]
/// FILE  JSON lines with "text", or plain text. --ids prints the ids of the lines of standard
/// input, each a JSON string, instead.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments().mid(1);
    const bool ids = arguments.removeAll(QStringLiteral("--ids")) > 0;
    if (arguments.isEmpty()) {
        out() << "usage: bench_static_embedder MODEL-DIRECTORY FILE... [--ids]\n";
        return 1;
    }
    const QString directory = arguments.takeFirst();
    if (ids)
        return printIds(directory);

    llmemory::Result<std::shared_ptr<const StaticEmbedder>> embedder;
    const double load =
        best(5, [&] { embedder = StaticEmbedder::load(directory, StaticEmbedder::Options()); });
    if (!embedder) {
        out() << embedder.error().message << '\n';
        return 1;
    }
    out() << (*embedder)->modelId() << ", " << (*embedder)->dimension() << " dimensions\n";
    out() << "load " << load * 1e3 << " ms\n";

    QStringList documents;
    for (const QString &path : std::as_const(arguments))
        documents << documentsOf(path);
    if (documents.isEmpty())
        return 0;
    double characters = 0;
    for (const QString &document : std::as_const(documents))
        characters += double(document.size());
    constexpr int kTimes = 7;
    const auto embedAll = [&] {
        if (!(*embedder)->embedDocuments(documents))
            out() << "failed\n";
    };
    const double first = best(1, embedAll);
    const double all = best(kTimes, embedAll);
    const auto count = double(documents.size());
    out() << documents.size() << " documents of " << kWordsPerDocument << " words: first time "
          << count / first << " documents/s, then " << count / all << " documents/s, "
          << characters / all / 1e6 << " million characters/s\n";

    QStringList queries;
    for (const QString &document : std::as_const(documents))
        queries << document.section(QLatin1Char(' '), 3, 12);
    const double asked = best(kTimes, [&] {
        for (const QString &query : std::as_const(queries)) {
            if (!(*embedder)->embedQuery(query))
                out() << "failed\n";
        }
    });
    out() << "query of 10 words " << asked / count * 1e6 << " us\n";
    return 0;
}
