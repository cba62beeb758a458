#pragma once

#include "core/search/query_language/query_part.h"

#include <QString>

#include <optional>

namespace llmemory::search {

// What stands behind the colon or the sign of a part. Pure; any thread.

/// "3", "3-5", "3..5", "3..", "..5". Nothing for anything else, for page 0 and for a range whose
/// end is before its beginning.
std::optional<PageRange> readPages(const QString &text);

/// The code that documents have (ISO 639-1, else 639-3, "zh-Hant", "unknown") for a code or for the
/// name of a language in English or in itself; case does not count. Nothing for anything else.
std::optional<QString> readLanguage(const QString &text);

/// Where the operator of a metadata condition begins; -1 where the text begins with no key (a
/// letter or "_", then `[A-Za-z0-9_.-]`, at most 100) or no operator (= != < <= > >=) follows it.
qsizetype operatorPlace(QStringView text);

/// key=value, key!=value, key>=number, … A key and its operator must be there, see
/// operatorPlace().
MetadataCondition readCondition(const QString &text);

/// Whether the operator suits the value, which is not empty: < <= > >= take numbers and ISO dates.
bool isComparable(const MetadataCondition &condition);

/// Whether a value is compared as a number: digits with an optional sign, fraction and exponent.
bool isNumber(const QString &value);
/// The days an ISO date stands for, "2024-05" or "2024-05-17"; a bare year is a number.
std::optional<DateRange> isoDays(const QString &value);

} // namespace llmemory::search
