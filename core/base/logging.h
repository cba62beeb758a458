#pragma once

#include <QString>

namespace llmemory::logging {

/// Sets what is logged, to stderr. Without it, as in a program that embeds the library, that is
/// warnings and errors. Any thread.
/// @param level  trace, debug, info, warning, error or off; anything else means warning.
void initialize(const QString &level);

// Any thread. Secrets (bearer tokens, keys, passwords in URLs) are removed before writing;
// document text and queries may only be passed to debug().
void debug(const QString &message);
void info(const QString &message);
void warning(const QString &message);
void error(const QString &message);

/// @p text with `Bearer …`, `sk-…`, `llm_…`, `password=…` and `://user:pass@` blanked out. Pure.
QString redacted(QString text);

} // namespace llmemory::logging
