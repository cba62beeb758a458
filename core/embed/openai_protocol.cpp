#include "core/embed/openai_protocol.h"

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/embed/provider_errors.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace llmemory::embed {

namespace {

constexpr int kMostDimensions = 4000;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

/// Of unit length; empty when the numbers make no direction.
Vector vectorFrom(const Json &numbers)
{
    Vector vector;
    vector.reserve(numbers.size());
    double sum = 0;
    for (const Json &number : numbers) {
        if (!number.is_number())
            return {};
        const auto value = number.get<double>();
        sum += value * value;
        vector.push_back(float(value));
    }
    if (!std::isfinite(sum) || sum <= 0)
        return {};
    const double length = std::sqrt(sum);
    std::transform(vector.begin(), vector.end(), vector.begin(), [length](float x) {
        return float(double(x) / length);
    });
    const bool finite =
        std::all_of(vector.begin(), vector.end(), [](float x) { return std::isfinite(x); });
    return finite ? vector : Vector();
}

} // namespace

QByteArray embeddingRequest(const QString &model, int dimensions, const QList<QString> &texts)
{
    Json input = Json::array();
    for (const QString &text : texts)
        input.push_back(toJson(text));
    Json request = {{"model", toJson(model)}, {"input", input}, {"encoding_format", "float"}};
    if (dimensions > 0)
        request["dimensions"] = dimensions;
    return toUtf8(request);
}

Result<std::vector<Vector>> vectorsFrom(const QByteArray &answer,
                                        qsizetype expected,
                                        int dimension,
                                        const QString &provider)
{
    const auto json = parseJson(answer, QStringLiteral("answer"));
    if (!json)
        return answerError(provider, tr("it is not JSON"));
    const auto data = json->is_object() ? json->find("data") : json->end();
    if (data == json->end() || !data->is_array())
        return answerError(provider, tr("it holds no embeddings"));
    if (qsizetype(data->size()) != expected) {
        return answerError(provider,
                           tr("it holds %1 vectors for %2 texts").arg(data->size()).arg(expected));
    }
    std::vector<Vector> vectors{size_t(expected)};
    for (const Json &item : *data) {
        const bool complete = item.is_object() && item.contains("index") &&
                              item["index"].is_number_unsigned() && item.contains("embedding") &&
                              item["embedding"].is_array();
        if (!complete)
            return answerError(provider, tr("it holds no embeddings"));
        const auto index = item["index"].get<quint64>();
        if (index >= vectors.size() || !vectors[index].empty())
            return answerError(provider, tr("its vectors are not numbered as the texts"));
        const Json &numbers = item["embedding"];
        const bool fits = dimension > 0 ? numbers.size() == size_t(dimension)
                                        : !numbers.empty() && numbers.size() <= kMostDimensions;
        if (!fits)
            return answerError(provider, tr("a vector has %1 dimensions").arg(numbers.size()));
        vectors[index] = vectorFrom(numbers);
        if (vectors[index].empty())
            return answerError(provider, tr("a vector is not finite or is zero"));
    }
    return vectors;
}

int retryAfterSeconds(const QByteArray &header, const QDateTime &now)
{
    constexpr qint64 kLongest = 600;
    const QByteArray value = header.trimmed();
    if (value.isEmpty())
        return 0;
    bool isNumber = false;
    qint64 seconds = value.toLongLong(&isNumber);
    if (!isNumber) {
        QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(value),
                                                 QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
        date.setTimeZone(QTimeZone::utc());
        if (!date.isValid())
            return 0;
        seconds = now.secsTo(date);
    } else if (seconds < 0) {
        return 0;
    }
    return int(std::clamp<qint64>(seconds, 1, kLongest));
}

int knownDimension(const QString &model)
{
    constexpr int kSmall = 1536;
    constexpr int kLarge = 3072;
    if (model == QLatin1String("text-embedding-3-small") ||
        model == QLatin1String("text-embedding-ada-002"))
        return kSmall;
    return model == QLatin1String("text-embedding-3-large") ? kLarge : 0;
}

QString openAiModelId(const QUrl &url, const QString &model, int dimension)
{
    // The name for people, the hash for the difference.
    constexpr qsizetype kNameLength = 26;
    constexpr qsizetype kHashLength = 8;
    QString name;
    for (const QChar c : model.toLower()) {
        const bool plain = (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'_';
        name += plain ? c : QChar(u'-');
    }
    const QString whole =
        hostName(url) + QLatin1Char('\n') + model + QLatin1Char('\n') + QString::number(dimension);
    return name.left(kNameLength) + QLatin1Char('-') + QString::number(dimension) +
           QLatin1Char('-') + sha256Hex(QStringView(whole)).left(kHashLength);
}

QString hostName(const QUrl &url)
{
    const QString host = url.host();
    return url.port() < 0 ? host : host + QLatin1Char(':') + QString::number(url.port());
}

} // namespace llmemory::embed
