#pragma once

#include <QString>

namespace llmemory::language {

/// What a text is written in.
struct DetectedLanguage
{
    /// ISO 639-1 where there is one ("en", "de"), else 639-3; Chinese is "zh" or "zh-Hant".
    /// "unknown" unless reliable.
    QString code = QStringLiteral("unknown");
    /// Share of the sample in the likeliest language, 0-1; 0 without letters.
    double confidence = 0;
    /// Whether the detector trusts its answer and the language makes up most of the text.
    bool reliable = false;

    friend bool operator==(const DetectedLanguage &, const DetectedLanguage &) = default;
};

/// Detects with CLD2 the language of @p text; long texts by slices from the beginning, the middle
/// and the end, so the time is bounded. A few words are often not enough. Pure; any thread.
DetectedLanguage detectLanguage(const QString &text);

/// The name of PostgreSQL's built-in text search configuration (those of PostgreSQL 14 and later)
/// for a language code; "simple" where there is none. Pure; any thread.
QString textSearchConfig(const QString &languageCode);

} // namespace llmemory::language
