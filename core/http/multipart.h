#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace llmemory::http {

/// One part of a `multipart/form-data` body (RFC 7578).
struct FormPart
{
    QString name;
    std::optional<QString> fileName; ///< nothing for an ordinary field; never a path to be used
    QByteArray data;
};

/// The boundary in a Content-Type value; empty where the type is not multipart/form-data or has
/// none.
QByteArray formBoundary(const QByteArray &contentType);

/// Takes a body apart: at most 32 parts, at most 8 KiB of headers each, no nested multipart. Pure.
/// Error: Validation, with field "body" or the part's name.
Result<QList<FormPart>> parseForm(const QByteArray &body, const QByteArray &boundary);

} // namespace llmemory::http
