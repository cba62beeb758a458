#include "core/base/json_fields.h"

#include "core/base/limits.h"

#include <QCoreApplication>

#include <limits>

namespace llmemory {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::JsonFields", text);
}

} // namespace

JsonFields::JsonFields(const Json &value) : m_value(value)
{
    if (!value.is_object())
        fail(Error::validation({}, tr("A JSON object is expected here.")));
}

const Json *JsonFields::member(const char *name)
{
    m_known.insert(QByteArray(name));
    if (!m_value.is_object())
        return nullptr;
    const auto found = m_value.find(name);
    return found == m_value.end() || found->is_null() ? nullptr : &*found;
}

bool JsonFields::has(const char *name) const
{
    if (!m_value.is_object())
        return false;
    const auto found = m_value.find(name);
    return found != m_value.end() && !found->is_null();
}

void JsonFields::fail(const Error &error)
{
    if (!m_error)
        m_error = error;
}

void JsonFields::failType(const char *name, const QString &expected)
{
    const QString field = QString::fromUtf8(name);
    fail(Error::validation(field, tr("%1 must be %2.").arg(field, expected)));
}

QString JsonFields::requiredText(const char *name)
{
    if (!has(name)) {
        m_known.insert(QByteArray(name));
        const QString field = QString::fromUtf8(name);
        fail(Error::validation(field, tr("%1 is missing.").arg(field)));
        return {};
    }
    return text(name);
}

QString JsonFields::text(const char *name, const QString &fallback)
{
    const Json *value = member(name);
    if (!value)
        return fallback;
    if (!value->is_string())
        failType(name, tr("a string"));
    return toQString(*value);
}

QStringList JsonFields::texts(const char *name)
{
    const Json *value = member(name);
    if (!value)
        return {};
    QStringList list;
    if (value->is_array()) {
        for (const Json &item : *value) {
            if (!item.is_string())
                failType(name, tr("a list of strings"));
            list.append(toQString(item));
        }
    } else {
        failType(name, tr("a list of strings"));
    }
    return list;
}

int JsonFields::integer(const char *name, int fallback)
{
    const Json *value = member(name);
    if (!value)
        return fallback;
    using Range = std::numeric_limits<int>;
    if (value->is_number_unsigned()) {
        const auto number = value->get<quint64>();
        if (number <= quint64(Range::max()))
            return int(number);
    } else if (value->is_number_integer()) {
        const auto number = value->get<qint64>();
        if (number >= Range::min() && number <= Range::max())
            return int(number);
    }
    failType(name, tr("a whole number"));
    return fallback;
}

double JsonFields::number(const char *name, double fallback)
{
    const Json *value = member(name);
    if (!value)
        return fallback;
    if (value->is_number())
        return value->get<double>();
    failType(name, tr("a number"));
    return fallback;
}

std::optional<int> JsonFields::optionalInteger(const char *name)
{
    const int value = integer(name, 0);
    return has(name) ? std::optional(value) : std::nullopt;
}

bool JsonFields::flag(const char *name, bool fallback)
{
    const Json *value = member(name);
    if (!value)
        return fallback;
    if (value->is_boolean())
        return value->get<bool>();
    failType(name, tr("true or false"));
    return fallback;
}

std::optional<bool> JsonFields::optionalFlag(const char *name)
{
    const bool value = flag(name, false);
    return has(name) ? std::optional(value) : std::nullopt;
}

Json JsonFields::object(const char *name, const Json &fallback)
{
    const Json *value = member(name);
    if (!value)
        return fallback;
    if (!value->is_object())
        failType(name, tr("a JSON object"));
    return *value;
}

QDateTime JsonFields::date(const char *name)
{
    const QString word = text(name);
    if (!has(name))
        return {};
    const auto parsed = limits::parseDate(QString::fromUtf8(name), word);
    if (!parsed) {
        fail(parsed.error());
        return {};
    }
    return *parsed;
}

OwnerId JsonFields::owner()
{
    const QString word = requiredText("owner_id");
    if (m_error)
        return {};
    const auto id = OwnerId::parse(word);
    if (!id) {
        fail(id.error());
        return {};
    }
    return *id;
}

Result<> JsonFields::finish() const
{
    if (m_error)
        return *m_error;
    for (const auto &[name, value] : m_value.items()) {
        if (m_known.contains(QByteArray::fromStdString(name)))
            continue;
        const QString field = QString::fromStdString(name);
        return Error::validation(field, tr("There is no field named \"%1\".").arg(field));
    }
    return {};
}

} // namespace llmemory
