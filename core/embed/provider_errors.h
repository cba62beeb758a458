#pragma once

#include "core/base/error.h"

namespace llmemory::embed {

// Failures of embedding services, in the same words everywhere. @p provider is the service's host;
// neither keys nor texts get into an Error, so nothing that a service answered may be put there.

inline constexpr const char *kProviderAuth = "provider_auth";       ///< Embedding
inline constexpr const char *kProviderLimited = "provider_limited"; ///< Unavailable
inline constexpr const char *kProviderOffline = "provider_offline"; ///< Unavailable
inline constexpr const char *kProviderConfig = "provider_config";   ///< Configuration
inline constexpr const char *kProviderAnswer = "provider_answer";   ///< Embedding
inline constexpr const char *kTextRefused = "text_refused";         ///< Embedding

/// What an HTTP status that is no success means.
/// @param retryAfterS  from the answer, 0 = it says nothing
Error errorForStatus(const QString &provider, int status, int retryAfterS);
/// The service asked for a pause of @p seconds.
Error limitedError(const QString &provider, int seconds);
/// No answer. @param reason  for people, a part of a sentence; @param detail  for the log
Error offlineError(const QString &provider, const QString &reason, const QString &detail = {});
/// A success that cannot be used. @param what  for people, a part of a sentence
Error answerError(const QString &provider, const QString &what);

} // namespace llmemory::embed
