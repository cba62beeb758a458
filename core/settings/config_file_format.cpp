#include "core/settings/config_file_format.h"

#include <QCoreApplication>
#include <QFile>
#include <QSet>

#include <vector>

namespace llmemory::settings {

namespace {

// Far beyond any sensible file; keeps a mistaken path harmless.
constexpr qint64 kMostBytes = 64 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::settings", text);
}

Error configurationError(const QString &message)
{
    return {.kind = ErrorKind::Configuration, .message = message};
}

Result<QByteArray> readAll(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return configurationError(
            tr("Cannot read the configuration file %1: %2.").arg(path, file.errorString()));
    QByteArray bytes = file.read(kMostBytes + 1);
    if (bytes.size() > kMostBytes)
        return configurationError(tr("The configuration file %1 is too large.").arg(path));
    return bytes;
}

/// A name that stands twice in one object, of which a parser only keeps the last; empty if none.
QString repeatedName(const QByteArray &json)
{
    std::vector<QSet<QString>> open;
    QString repeated;
    const auto watchNames = [&](int, Json::parse_event_t event, Json &value) {
        if (event == Json::parse_event_t::object_start)
            open.emplace_back();
        if (event == Json::parse_event_t::object_end)
            open.pop_back();
        if (event == Json::parse_event_t::key) {
            const QString name = toQString(value);
            if (open.back().contains(name))
                repeated = name;
            open.back().insert(name);
        }
        return true;
    };
    [[maybe_unused]] const Json value = Json::parse(json.begin(), json.end(), watchNames, false);
    return repeated;
}

} // namespace

Result<OrderedJson> readConfigObject(const QString &path)
{
    const auto bytes = readAll(path);
    if (!bytes)
        return bytes.error();
    const auto parsed = parseJson(*bytes, QStringLiteral("config"));
    if (!parsed)
        return configurationError(tr("The configuration file %1 is not valid JSON: %2")
                                      .arg(path, parsed.error().message));
    if (!parsed->is_object())
        return configurationError(
            tr("The configuration file %1 must hold one JSON object.").arg(path));
    const QString repeated = repeatedName(*bytes);
    if (!repeated.isEmpty())
        return configurationError(tr("%1: \"%2\" is given twice.").arg(path, repeated));
    return OrderedJson::parse(bytes->begin(), bytes->end(), nullptr, false);
}

} // namespace llmemory::settings
