#include "core/http/query_fields.h"

#include <QCoreApplication>

#include <algorithm>

namespace llmemory::http {

namespace {

/// Levels of nesting in a body.
constexpr int kBodyDepth = 64;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::http", text);
}

} // namespace

Result<Json> jsonFromText(const QueryField &field, const QString &text)
{
    bool ok = false;
    switch (field.kind) {
    case FieldKind::Integer:
        if (const qlonglong number = text.toLongLong(&ok); ok)
            return Json(number);
        break;
    case FieldKind::Number:
        if (const double number = text.toDouble(&ok); ok)
            return Json(number);
        break;
    case FieldKind::Flag:
        if (text == QLatin1String("true") || text == QLatin1String("1"))
            return Json(true);
        if (text == QLatin1String("false") || text == QLatin1String("0"))
            return Json(false);
        break;
    case FieldKind::Object:
        return parseJson(text.toUtf8(), QString::fromLatin1(field.name));
    case FieldKind::Text:
    case FieldKind::TextList:
        break;
    }
    return toJson(text);
}

Result<Json> jsonFromQuery(const Request &request, const QList<QueryField> &fields)
{
    const auto items = parseQuery(request.queryText);
    if (!items)
        return items.error();
    Json object = Json::object();
    for (const auto &[name, text] : *items) {
        const QByteArray key = name.toUtf8();
        const auto field = std::find_if(fields.begin(), fields.end(), [&](const QueryField &known) {
            return key == known.name;
        });
        if (field == fields.end())
            return Error::validation(name, tr("There is no parameter named \"%1\".").arg(name));
        auto value = jsonFromText(*field, text);
        if (!value)
            return value.error();
        if (field->kind == FieldKind::TextList)
            object[field->name].push_back(std::move(*value));
        else if (object.contains(field->name))
            return Error::validation(name, tr("The parameter \"%1\" is given twice.").arg(name));
        else
            object[field->name] = std::move(*value);
    }
    return object;
}

Result<Json> bodyAsJson(const Request &request)
{
    return parseJson(request.body, QStringLiteral("body"), kBodyDepth);
}

Result<Json> jsonFromBody(const Request &request)
{
    if (const auto none = jsonFromQuery(request, {}); !none)
        return none.error();
    return bodyAsJson(request);
}

} // namespace llmemory::http
