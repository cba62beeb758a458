#include "core/embed/static/static_embedder.h"

#include "core/embed/static/content_hash.h"
#include "core/embed/static/static_model.h"
#include "core/embed/tokenizer/tokenizer.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace llmemory::embed {

namespace {

constexpr qsizetype kLongestId = 40; // Embedder::modelId()
constexpr double kUsualBalance = 0.3;
constexpr double kMostBalance = 0.99;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

Result<QByteArray> readAll(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return SafetensorsFile::damaged(path, file.errorString());
    return file.readAll();
}

/// The config.json, which need not be there; no object when it is not.
nlohmann::json readConfig(const QString &directory)
{
    QFile file(directory + QLatin1String("/config.json"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray text = file.readAll();
    return nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
}

/// The member "model_name" or "name"; empty when there is none.
QString nameInConfig(const nlohmann::json &config)
{
    for (const char *key : {"model_name", "name"}) {
        if (config.is_object() && config.contains(key) && config[key].is_string())
            return QString::fromStdString(config[key].get_ref<const std::string &>()).trimmed();
    }
    return {};
}

/// The line "model_name: …" between the lines "---" of a README.md; empty when there is none.
QString nameInReadme(const QString &directory)
{
    constexpr qint64 kMostBytes = 65'536;
    QFile file(directory + QLatin1String("/README.md"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    static const QRegularExpression pattern(
        QStringLiteral("\\A---\\s*$.*?^model_name:[ \\t]*([^\\r\\n]+?)\\s*$.*?^---\\s*$"),
        QRegularExpression::MultilineOption | QRegularExpression::DotMatchesEverythingOption);
    return pattern.match(QString::fromUtf8(file.read(kMostBytes))).captured(1);
}

QString nameOf(const QString &directory, const nlohmann::json &config)
{
    QString name = nameInConfig(config);
    if (name.isEmpty())
        name = nameInReadme(directory);
    if (name.isEmpty())
        name = QDir(directory).dirName();
    return name;
}

/// A name with the characters of an id, and the hash behind it.
QString idOf(const QString &name, quint64 hash)
{
    constexpr int kHexDigits = 8;
    static const QRegularExpression others(QStringLiteral("[^a-z0-9_]+"));
    QString slug = name.mid(name.lastIndexOf(QLatin1Char('/')) + 1).toLower();
    slug.replace(others, QStringLiteral("-"));
    while (slug.startsWith(QLatin1Char('-')))
        slug.remove(0, 1);
    slug.truncate(kLongestId - kHexDigits - 1);
    while (slug.endsWith(QLatin1Char('-')))
        slug.chop(1);
    if (slug.isEmpty())
        slug = QStringLiteral("model");
    const QString digits = QString::number(hash >> 32, 16).rightJustified(kHexDigits, u'0');
    return slug + QLatin1Char('-') + digits;
}

/// A number of config.json above 0 and at most @p most; @p otherwise when there is none.
Result<double> numberInConfig(const QString &directory,
                              const nlohmann::json &config,
                              const char *key,
                              double most,
                              double otherwise)
{
    if (!config.is_object() || !config.contains(key))
        return otherwise;
    const auto &number = config[key];
    if (!number.is_number() || !(number.get<double>() > 0) || number.get<double>() > most) {
        return Error{.kind = ErrorKind::Configuration,
                     .message = tr("The %1 in %2/config.json must be a number above 0, at most %3. "
                                   "Copy the model's files again, or choose another model.")
                                    .arg(QLatin1String(key), directory)
                                    .arg(most)};
    }
    return number.get<double>();
}

Result<Vector> normalized(Vector sum)
{
    double squares = 0;
    for (const float value : sum)
        squares += double(value) * double(value);
    if (!std::isfinite(squares)) {
        return Error{.kind = ErrorKind::Embedding,
                     .message = tr("The embedding model has numbers that are not finite. Copy the "
                                   "model's files again, or choose another model.")};
    }
    const double length = std::sqrt(squares);
    const auto factor = float(1 / length);
    if (length == 0 || !std::isfinite(factor)) { // nothing known in the text
        std::fill(sum.begin(), sum.end(), 0.0F);
        sum.front() = 1;
        return sum;
    }
    for (float &value : sum)
        value *= factor;
    return sum;
}

} // namespace

/// What one call at a time needs.
class StaticEmbedder::Work
{
public:
    Tokenizer::Scratch tokens;
    std::vector<quint32> occurrences; ///< by token; all 0 between texts
    std::vector<quint32> distinct;    ///< tokens of a text, in the order they come up
    std::vector<WeightedRow> rows;    ///< of these
    qsizetype longest = 0;            ///< text so far, in UTF-16 units
};

struct StaticEmbedder::Data
{
    Data(StaticModel table, Tokenizer reader)
        : model(std::move(table)), tokenizer(std::move(reader))
    {
    }

    std::unique_ptr<Work> takeWork()
    {
        {
            const std::lock_guard lock(mutex);
            if (!idle.empty()) {
                auto work = std::move(idle.back());
                idle.pop_back();
                return work;
            }
        }
        auto work = std::make_unique<Work>();
        work->occurrences.resize(model.tokenCount());
        return work;
    }
    void giveBack(std::unique_ptr<Work> work)
    {
        constexpr qsizetype kMostUnits = 1 << 17; // what a huge text took is not kept
        if (work->longest > kMostUnits)
            return;
        const std::lock_guard lock(mutex);
        idle.push_back(std::move(work));
    }

    const StaticModel model;
    const Tokenizer tokenizer;
    /// What a token that occurs so many times counts.
    float timesCounted(quint32 times) const
    {
        return times == 1 || power == 1.0 ? float(times) : float(std::pow(double(times), power));
    }

    quint32 unknown = 0xFFFF'FFFF; ///< this token counts nothing
    double power = 1.0;            ///< of occurrences
    double balance = kUsualBalance;
    QString id;
    QString name;
    QString providerType;
    std::mutex mutex;
    std::vector<std::unique_ptr<Work>> idle; // guarded by mutex; as many as ever ran at once
};

StaticEmbedder::StaticEmbedder(std::unique_ptr<Data> data) : m_data(std::move(data)) {}

StaticEmbedder::~StaticEmbedder() = default;

Result<std::shared_ptr<const StaticEmbedder>> StaticEmbedder::load(const QString &directory,
                                                                   const Options &options)
{
    static const QRegularExpression idPattern(QStringLiteral("^[a-z0-9_-]{1,40}\\z"));
    if (!options.id.isEmpty() && !idPattern.match(options.id).hasMatch()) {
        return Error{.kind = ErrorKind::Configuration,
                     .message = tr("\"%1\" cannot be the id of a model. Use 1 to %2 of the "
                                   "characters a-z, 0-9, _ and -.")
                                    .arg(options.id)
                                    .arg(kLongestId)};
    }
    auto model = StaticModel::read(directory + QLatin1String("/model.safetensors"));
    if (!model)
        return model.error();
    const QString tokenizerPath = directory + QLatin1String("/tokenizer.json");
    const auto json = readAll(tokenizerPath);
    if (!json)
        return json.error();
    auto tokenizer = Tokenizer::read(*json);
    if (!tokenizer) {
        return Error{.kind = ErrorKind::Configuration,
                     .message = tr("The tokenizer %1 cannot be used. %2 Copy the model's files "
                                   "again, or choose another model.")
                                    .arg(tokenizerPath, tokenizer.error().message)};
    }
    if (tokenizer->size() > model->tokenCount()) {
        return Error{.kind = ErrorKind::Configuration,
                     .message = tr("The tokenizer %1 has %2 tokens, but the model beside it only "
                                   "%3. Copy both files from the same model.")
                                    .arg(tokenizerPath)
                                    .arg(tokenizer->size())
                                    .arg(model->tokenCount())};
    }
    const nlohmann::json config = readConfig(directory);
    const auto power = numberInConfig(directory, config, "term_frequency_power", 1.0, 1.0);
    if (!power)
        return power.error();
    const auto balance =
        numberInConfig(directory, config, "hybrid_balance", kMostBalance, kUsualBalance);
    if (!balance)
        return balance.error();
    auto data = std::make_unique<Data>(std::move(*model), std::move(*tokenizer));
    data->power = *power;
    data->balance = *balance;
    data->unknown = data->tokenizer.unknownId().value_or(data->unknown);
    data->name = options.name.isEmpty() ? nameOf(directory, config) : options.name;
    if (options.id.isEmpty()) {
        quint64 hash = contentHash(*json, contentHash(data->model.content()));
        if (data->power != 1.0)
            hash = contentHash(QByteArray::number(data->power), hash);
        data->id = idOf(data->name, hash);
    } else {
        data->id = options.id;
    }
    data->providerType = options.providerType;
    return std::shared_ptr<const StaticEmbedder>(new StaticEmbedder(std::move(data)));
}

QString StaticEmbedder::modelId() const
{
    return m_data->id;
}
int StaticEmbedder::dimension() const
{
    return m_data->model.dimension();
}
QString StaticEmbedder::providerType() const
{
    return m_data->providerType;
}
QString StaticEmbedder::modelName() const
{
    return m_data->name;
}

double StaticEmbedder::hybridBalance() const
{
    return m_data->balance;
}

Result<Vector> StaticEmbedder::embed(const QString &text, Work &work) const
{
    work.longest = std::max(work.longest, text.size());
    m_data->tokenizer.encode(text, work.tokens);
    // A token's row is added once, times its occurrences.
    work.distinct.clear();
    for (const quint32 token : work.tokens.ids) {
        if (work.occurrences[token]++ == 0)
            work.distinct.push_back(token);
    }
    work.rows.clear();
    for (const quint32 token : work.distinct) {
        const quint32 times = std::exchange(work.occurrences[token], 0);
        if (token != m_data->unknown)
            work.rows.push_back(m_data->model.row(token, m_data->timesCounted(times)));
    }
    // Dividing by the number of tokens would not change the direction.
    Vector sum(size_t(m_data->model.dimension()), 0.0F);
    m_data->model.add(sum.data(), work.rows);
    return normalized(std::move(sum));
}

Result<std::vector<Vector>> StaticEmbedder::embedDocumentsUnless(const CancelTest &isCancelled,
                                                                 const QList<QString> &texts) const
{
    auto work = m_data->takeWork();
    std::vector<Vector> vectors;
    vectors.reserve(size_t(texts.size()));
    std::optional<Error> error;
    for (const QString &text : texts) {
        if (isCancelled && isCancelled()) {
            error = Error::cancelled();
            break;
        }
        auto vector = embed(text, *work);
        if (!vector) {
            error = vector.error();
            break;
        }
        vectors.push_back(std::move(*vector));
    }
    m_data->giveBack(std::move(work));
    if (error)
        return *error;
    return vectors;
}

Result<std::vector<Vector>> StaticEmbedder::embedDocuments(const QList<QString> &texts) const
{
    return embedDocumentsUnless({}, texts);
}

Result<Vector> StaticEmbedder::embedQuery(const QString &text) const
{
    auto work = m_data->takeWork();
    auto vector = embed(text, *work);
    m_data->giveBack(std::move(work));
    return vector;
}

} // namespace llmemory::embed
