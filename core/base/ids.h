#pragma once

#include "core/base/result.h"

#include <QHash>
#include <QString>
#include <QUuid>

#include <compare>

namespace llmemory {

/// A tenant's name, validated: 1-255 of `[A-Za-z0-9_.@-]`. There is no "all tenants" value;
/// a default-constructed id is empty and refused by every operation.
class OwnerId
{
public:
    OwnerId() = default;
    /// Error: Validation with field "owner_id".
    static Result<OwnerId> parse(const QString &text);

    const QString &toString() const { return m_value; }
    bool isEmpty() const { return m_value.isEmpty(); }
    friend bool operator==(const OwnerId &, const OwnerId &) = default;
    friend bool operator<(const OwnerId &a, const OwnerId &b) { return a.m_value < b.m_value; }
    friend size_t qHash(const OwnerId &id, size_t seed = 0) { return ::qHash(id.m_value, seed); }

private:
    QString m_value;
};

/// A row's UUID; @p Tag keeps the kinds apart at compile time.
template <typename Tag>
class UuidId
{
public:
    UuidId() = default;
    explicit UuidId(const QUuid &uuid) : m_uuid(uuid) {}
    /// A fresh random (version 4) id.
    static UuidId create() { return UuidId(QUuid::createUuid()); }
    /// Null when @p text is no UUID.
    static UuidId fromString(const QString &text) { return UuidId(QUuid::fromString(text)); }

    bool isNull() const { return m_uuid.isNull(); }
    const QUuid &uuid() const { return m_uuid; }
    /// Lower case, without braces, as PostgreSQL prints it.
    QString toString() const { return m_uuid.toString(QUuid::WithoutBraces); }
    friend bool operator==(const UuidId &, const UuidId &) = default;
    friend bool operator<(const UuidId &a, const UuidId &b) { return a.m_uuid < b.m_uuid; }
    friend size_t qHash(const UuidId &id, size_t seed = 0) { return ::qHash(id.m_uuid, seed); }

private:
    QUuid m_uuid;
};

using DocumentId = UuidId<struct DocumentTag>;
using ChunkId = UuidId<struct ChunkTag>;
using IngestBatchId = UuidId<struct IngestBatchTag>;
using IngestFileId = UuidId<struct IngestFileTag>;

} // namespace llmemory
