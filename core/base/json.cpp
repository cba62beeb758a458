#include "core/base/json.h"

#include "core/base/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace llmemory {

int jsonDepth(const Json &value)
{
    if (!value.is_structured())
        return 0;
    int deepest = 0;
    for (const Json &child : value)
        deepest = std::max(deepest, jsonDepth(child));
    return deepest + 1;
}

QByteArray toUtf8(const Json &value)
{
    return QByteArray::fromStdString(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<Json> parseJson(const QByteArray &text, const QString &field, int mostDepth)
{
    bool tooDeep = false;
    const auto watchDepth = [&](int depth, Json::parse_event_t event, Json &) {
        const bool opens =
            event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
        if (opens && depth >= mostDepth)
            tooDeep = true;
        return !tooDeep;
    };
    try {
        Json value = Json::parse(text.begin(), text.end(), watchDepth);
        if (tooDeep) {
            return Error::validation(
                field,
                QCoreApplication::translate("llmemory", "The JSON is nested deeper than %1 levels.")
                    .arg(mostDepth));
        }
        return value;
    } catch (const Json::parse_error &e) {
        return Error::validation(
            field,
            QCoreApplication::translate("llmemory", "Not valid JSON: mistake at byte %1.")
                .arg(qulonglong(e.byte)));
    } catch (const Json::out_of_range &) {
        return Error::validation(
            field,
            QCoreApplication::translate("llmemory", "The JSON holds a number that is too large."));
    }
}

Json toJson(const QString &text)
{
    return withoutLoneSurrogates(text).toUtf8().toStdString();
}

Json scrubbed(const Json &value)
{
    if (value.is_string())
        return toJson(scrubbed(toQString(value)));
    if (value.is_array()) {
        Json out = Json::array();
        for (const Json &item : value)
            out.push_back(scrubbed(item));
        return out;
    }
    if (value.is_object()) {
        Json out = Json::object();
        for (const auto &[key, item] : value.items())
            out[scrubbed(QString::fromStdString(key)).toStdString()] = scrubbed(item);
        return out;
    }
    return value;
}

QString toQString(const Json &value)
{
    if (!value.is_string())
        return {};
    return QString::fromStdString(value.get_ref<const std::string &>());
}

} // namespace llmemory
