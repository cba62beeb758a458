#include "core/eval/collection.h"

#include "core/base/json.h"
#include "core/base/limits.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSet>

#include <functional>
#include <optional>

namespace llmemory::eval {

namespace {

constexpr int kJsonDepth = 16; // BEIR's metadata is shallow

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::eval", text);
}

/// The mistake of a line, without its place.
Error mistake(const QString &message)
{
    return Error::validation(QStringLiteral("dataset"), message);
}

/// Calls @p read with each line that is not blank, without its end, and its number; stops at the
/// first error, which gets file and line in front.
Result<> forEachLine(const QString &path,
                     const std::function<Result<>(const QByteArray &, int)> &read)
{
    QFile file(path);
    if (!file.exists()) {
        return Error{.kind = ErrorKind::NotFound,
                     .message = tr("There is no file %1. A collection needs corpus.jsonl, "
                                   "queries.jsonl and qrels.tsv (or qrels/test.tsv).")
                                    .arg(path)};
    }
    if (!file.open(QIODevice::ReadOnly)) {
        return Error{.kind = ErrorKind::Permission,
                     .message = tr("%1 cannot be opened: %2.").arg(path, file.errorString()),
                     .detail = path};
    }
    int number = 0;
    while (!file.atEnd()) {
        QByteArray line = file.readLine();
        ++number;
        if (number == 1 && line.startsWith("\xEF\xBB\xBF"))
            line.remove(0, 3);
        while (line.endsWith('\n') || line.endsWith('\r'))
            line.chop(1);
        if (line.trimmed().isEmpty())
            continue;
        if (auto ok = read(line, number); !ok) {
            Error error = ok.error();
            error.message = QStringLiteral("%1:%2: %3").arg(path).arg(number).arg(error.message);
            return error;
        }
    }
    if (file.error() != QFileDevice::NoError) {
        return Error{.kind = ErrorKind::Unavailable,
                     .message = tr("%1 cannot be read: %2.").arg(path, file.errorString())};
    }
    return {};
}

Result<Json> parseObject(const QByteArray &line)
{
    auto value = parseJson(line, QStringLiteral("dataset"), kJsonDepth);
    if (!value)
        return mistake(tr("This is no JSON: %1").arg(value.error().message));
    if (!value->is_object())
        return mistake(tr("A JSON object is expected."));
    return value;
}

/// The member @p name; some collections number their documents.
Result<QString> readText(const Json &object, const char *name, bool isRequired)
{
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) {
        if (isRequired)
            return mistake(tr("The member \"%1\" is missing.").arg(QLatin1String(name)));
        return QString();
    }
    if (found->is_number_integer())
        return QString::fromStdString(found->dump());
    if (!found->is_string())
        return mistake(tr("The member \"%1\" must be a text.").arg(QLatin1String(name)));
    return toQString(*found);
}

/// What is known of a line of the corpus, up to where it is broken.
struct CorpusLine
{
    CollectionDocument document;
    bool isEmpty = false;
};

Result<CorpusLine> parseDocument(const QByteArray &line, int number)
{
    const auto object = parseObject(line);
    if (!object)
        return object.error();
    const auto id = readText(*object, "_id", true);
    if (!id)
        return id.error();
    if (auto ok = limits::checkIdAtOrigin(*id); !ok)
        return mistake(ok.error().message);
    const auto title = readText(*object, "title", false);
    if (!title)
        return title.error();
    const auto text = readText(*object, "text", true);
    if (!text)
        return text.error();
    CorpusLine read{.document = {.id = *id, .title = *title, .text = *text, .line = number}};
    read.isEmpty = read.document.content().trimmed().isEmpty();
    if (!read.isEmpty) {
        if (auto ok = limits::checkContent(read.document.content()); !ok)
            return mistake(ok.error().message);
    }
    return read;
}

class Reader
{
public:
    explicit Reader(const QString &directory) : m_directory(QDir(directory).absolutePath())
    {
        m_collection.name = m_directory.dirName();
    }

    Result<Collection> read()
    {
        if (auto ok = readCorpus(); !ok)
            return ok.error();
        if (auto ok = readQueries(); !ok)
            return ok.error();
        if (auto ok = readJudgements(); !ok)
            return ok.error();
        for (CollectionQuery &query : m_queries) {
            if (hasRelevant(query.judgements))
                m_collection.queries += std::move(query);
        }
        if (m_collection.queries.isEmpty())
            return mistake(tr("%1 has no query with a relevant document.").arg(m_directory.path()));
        return std::move(m_collection);
    }

private:
    Result<> readCorpus()
    {
        const QString path = m_directory.filePath(QStringLiteral("corpus.jsonl"));
        return forEachLine(path, [&](const QByteArray &line, int number) -> Result<> {
            const auto read = parseDocument(line, number);
            if (!read) {
                addFault(path, number, read.error().message);
            } else if (m_documentIds.contains(read->document.id)) {
                addFault(path,
                         number,
                         tr("The document \"%1\" is there already.").arg(read->document.id));
            } else {
                m_documentIds.insert(read->document.id);
                if (read->isEmpty)
                    ++m_collection.emptyDocuments;
                else
                    m_collection.documents += read->document;
            }
            return {};
        });
    }

    Result<> readQueries()
    {
        const QString path = m_directory.filePath(QStringLiteral("queries.jsonl"));
        return forEachLine(path, [&](const QByteArray &line, int) -> Result<> {
            const auto object = parseObject(line);
            if (!object)
                return object.error();
            const auto id = readText(*object, "_id", true);
            if (!id)
                return id.error();
            const auto text = readText(*object, "text", true);
            if (!text)
                return text.error();
            if (auto ok = limits::checkQuery(*text); !ok)
                return mistake(ok.error().message);
            if (m_queryIndex.contains(*id))
                return mistake(tr("The query \"%1\" is there already.").arg(*id));
            m_queryIndex.insert(*id, m_queries.size());
            m_queries.append({.id = *id, .text = *text, .judgements = {}});
            return {};
        });
    }

    Result<> readJudgements()
    {
        QString path = m_directory.filePath(QStringLiteral("qrels.tsv"));
        const QString nested = m_directory.filePath(QStringLiteral("qrels/test.tsv"));
        if (!QFile::exists(path) && QFile::exists(nested))
            path = nested;
        bool isFirst = true;
        return forEachLine(path, [&](const QByteArray &line, int) -> Result<> {
            const bool mayBeHeader = std::exchange(isFirst, false);
            const QStringList fields = QString::fromUtf8(line).split(u'\t');
            if (fields.size() != 3)
                return mistake(tr("A query id, a document id and a number are expected, with a tab "
                                  "between them."));
            bool isNumber = false;
            const int judgement = fields.at(2).trimmed().toInt(&isNumber);
            if (!isNumber && mayBeHeader)
                return {};
            if (!isNumber)
                return mistake(
                    tr("The judgement \"%1\" is no whole number.").arg(fields.at(2).trimmed()));
            return addJudgement(fields.at(0).trimmed(), fields.at(1).trimmed(), judgement);
        });
    }

    Result<> addJudgement(const QString &query, const QString &document, int judgement)
    {
        const auto index = m_queryIndex.constFind(query);
        if (index == m_queryIndex.constEnd())
            return mistake(tr("There is no query \"%1\" in queries.jsonl.").arg(query));
        // It may have stood on a line that could not be read.
        if (!m_documentIds.contains(document) && m_collection.faults.isEmpty())
            return mistake(tr("There is no document \"%1\" in corpus.jsonl.").arg(document));
        Judgements &judgements = m_queries[*index].judgements;
        if (judgements.value(document, judgement) != judgement)
            return mistake(tr("The document \"%1\" is judged twice for the query \"%2\", in "
                              "different ways.")
                               .arg(document, query));
        judgements.insert(document, judgement);
        return {};
    }

    void addFault(const QString &path, int line, const QString &message)
    {
        m_collection.faults += QStringLiteral("%1:%2: %3").arg(path).arg(line).arg(message);
    }

    const QDir m_directory;
    Collection m_collection;
    QSet<QString> m_documentIds; ///< of the empty ones too
    QList<CollectionQuery> m_queries;
    QHash<QString, qsizetype> m_queryIndex;
};

} // namespace

QString CollectionDocument::content() const
{
    return title.trimmed().isEmpty() ? text : title + u'\n' + text;
}

Result<Collection> readCollection(const QString &directory)
{
    return Reader(directory).read();
}

} // namespace llmemory::eval
