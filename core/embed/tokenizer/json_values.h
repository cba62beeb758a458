#pragma once

#include "core/base/result.h"
#include "core/embed/tokenizer/unicode.h"

#include <QCoreApplication>

#include <nlohmann/json.hpp>
#include <optional>

namespace llmemory::embed {

// Reading members of a tokenizer.json whatever their types are, without exceptions.

/// Kind Configuration. @param what  a whole sentence about the part of the file that is wrong
inline Error tokenizerError(const QString &what)
{
    return {.kind = ErrorKind::Configuration, .message = what};
}

/// The member of an object; nullptr when there is none, or it is null, or @p object is no object.
inline const nlohmann::json *member(const nlohmann::json &object, const char *name)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

inline std::optional<bool> boolMember(const nlohmann::json &object, const char *name)
{
    const auto *value = member(object, name);
    if (!value || !value->is_boolean())
        return std::nullopt;
    return value->get<bool>();
}

inline std::optional<std::u16string> textMember(const nlohmann::json &object, const char *name)
{
    const auto *value = member(object, name);
    if (!value || !value->is_string())
        return std::nullopt;
    return unicode::fromUtf8(value->get_ref<const std::string &>());
}

/// A number of 0 to 2^32 - 2.
inline std::optional<quint32> numberOf(const nlohmann::json &value)
{
    if (!value.is_number_integer() || value.get<qint64>() < 0 ||
        value.get<qint64>() >= qint64(0xFFFF'FFFF))
        return std::nullopt;
    return quint32(value.get<qint64>());
}

inline std::optional<quint32> numberMember(const nlohmann::json &object, const char *name)
{
    const auto *value = member(object, name);
    return value ? numberOf(*value) : std::nullopt;
}

/// The member "type" of a component, for people; empty when there is none.
inline QString typeOf(const nlohmann::json &object)
{
    return QString::fromStdU16String(textMember(object, "type").value_or(std::u16string()));
}

} // namespace llmemory::embed
