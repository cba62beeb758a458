#pragma once

#include "core/embed/embedder.h"

#include <QByteArray>
#include <QDateTime>
#include <QUrl>

namespace llmemory::embed {

// What goes to and comes from `POST {url}/embeddings` of OpenAI and services that do as it does.
// Pure.

/// @param dimensions  asked for, 0 = the model's own
QByteArray embeddingRequest(const QString &model, int dimensions, const QList<QString> &texts);

/// The vectors of an answer, in the order of the texts, brought to unit length.
/// @param expected   number of texts
/// @param dimension  length that the vectors must have, 0 = any up to 4,000
/// @param provider   for messages
/// Error: Embedding with code "provider_answer" for what is no such answer, has too many, too few
/// or repeated vectors, or one that is of another length, not finite or zero.
Result<std::vector<Vector>> vectorsFrom(const QByteArray &answer,
                                        qsizetype expected,
                                        int dimension,
                                        const QString &provider);

/// Seconds that a Retry-After header asks for, 1-600; 0 when there is none or it makes no sense.
/// @param header  a number of seconds or a date (RFC 9110, section 10.2.3)
int retryAfterSeconds(const QByteArray &header, const QDateTime &now);

/// The number of dimensions of OpenAI's own models; 0 for others.
int knownDimension(const QString &model);

/// `[a-z0-9_-]{1,40}`, different for every service (host and port), model and number of dimensions.
QString openAiModelId(const QUrl &url, const QString &model, int dimension);

/// "host", or "host:port" where the address names a port.
QString hostName(const QUrl &url);

} // namespace llmemory::embed
