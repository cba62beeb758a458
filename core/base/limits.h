#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <QDateTime>
#include <QString>

namespace llmemory::limits {

// The values of the public contract, the same for window, command line, library and endpoint.
inline constexpr int kOwnerIdLength = 255;
inline constexpr int kIdAtOriginLength = 1024;
inline constexpr int kDocumentNameLength = 500;
inline constexpr int kQueryLength = 8000;
inline constexpr int kContentLength = 10'000'000;
inline constexpr int kMetadataBytes = 64 * 1024;
inline constexpr int kMetadataKeyLength = 100;
inline constexpr int kFilterBytes = 16 * 1024;
inline constexpr int kFilterKeys = 64;
inline constexpr int kJsonDepth = 8;
inline constexpr int kSearchLimit = 200;
inline constexpr int kSearchOffset = 10'000;
inline constexpr int kPageLimit = 200;

// Every check returns Error::Validation with the field's name in the HTTP contract.

/// 1-1,024 characters, no control characters; paths and URLs are good ids.
Result<> checkIdAtOrigin(const QString &value);
/// 1-500 characters.
Result<> checkDocumentName(const QString &value);
/// What people see of an owner: 1-500 characters. Field "display_name".
Result<> checkDisplayName(const QString &value);
/// 1-8,000 characters, not only space.
Result<> checkQuery(const QString &value);
/// At least one character that is not space, at most 10,000,000.
Result<> checkContent(const QString &value);
/// An object of at most 64 KiB as UTF-8 JSON, at most 8 levels deep; keys 1-100 of
/// `[A-Za-z0-9_.-]`.
Result<> checkMetadata(const Json &value);
/// An object of at most 16 KiB, 64 keys in all, 8 levels deep. Null means no filter.
Result<> checkMetadataFilter(const Json &value);
/// 1-200.
Result<> checkLimit(int value, int most = kSearchLimit);
/// Not negative: for lists, which end.
Result<> checkListOffset(int value);
/// 0-10,000.
Result<> checkOffset(int value);
/// 0-1; NaN is refused.
Result<> checkShare(const char *field, double value);
/// ISO 8601 date ("2024-05-01") or date-time with optional offset; a bare date is midnight UTC.
Result<QDateTime> parseDate(const QString &field, const QString &value);

} // namespace llmemory::limits
