#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <nlohmann/json.hpp>

namespace llmemory {

using Json = nlohmann::json;

/// Levels of nesting: 0 for a scalar, 1 for a flat object or array.
int jsonDepth(const Json &value);
/// Compact UTF-8; invalid UTF-8 inside becomes U+FFFD instead of an exception.
QByteArray toUtf8(const Json &value);
/// Parses UTF-8 text without exceptions, refusing nesting deeper than @p mostDepth before building
/// it. Error: Validation with @p field and the place of the mistake.
Result<Json> parseJson(const QByteArray &text, const QString &field, int mostDepth = 64);
/// JSON string from a QString; lone surrogates become U+FFFD.
Json toJson(const QString &text);
/// What may go to PostgreSQL as jsonb: every string and key scrubbed() as in text.h, at every
/// depth.
Json scrubbed(const Json &value);
/// QString from a JSON string; empty for any other type.
QString toQString(const Json &value);

} // namespace llmemory
