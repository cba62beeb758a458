#include "core/search/saved/saved_search_repository.h"

#include "core/base/text.h"
#include "core/tenants/owner_repository.h"

#include <QCoreApplication>

namespace llmemory::search {

using db::Session;
using db::Statement;

namespace {

#define SAVED_COLUMNS "saved_id, name, request, created_at, updated_at"

constexpr Statement kCount{"count_saved_searches",
                           "SELECT count(*) FROM {{tables.saved_searches}} WHERE owner_id = $1"};
constexpr Statement kList{"list_saved_searches",
                          "SELECT " SAVED_COLUMNS " FROM {{tables.saved_searches}} WHERE owner_id "
                          "= $1 ORDER BY name LIMIT $2 OFFSET $3"};
constexpr Statement kFind{"find_saved_search",
                          "SELECT " SAVED_COLUMNS " FROM {{tables.saved_searches}} "
                          "WHERE owner_id = $1 AND saved_id = $2::uuid"};
constexpr Statement kFindNamed{"find_named_search",
                               "SELECT " SAVED_COLUMNS " FROM {{tables.saved_searches}} "
                               "WHERE owner_id = $1 AND name = $2"};
constexpr Statement kInsert{
    "insert_saved_search",
    "INSERT INTO {{tables.saved_searches}} (owner_id, saved_id, name, request) "
    "VALUES ($1, $2::uuid, $3, $4::jsonb) ON CONFLICT (owner_id, name) DO NOTHING "
    "RETURNING " SAVED_COLUMNS};
constexpr Statement kReplace{
    "replace_saved_search",
    "UPDATE {{tables.saved_searches}} SET name = $3, request = $4::jsonb, updated_at = now() "
    "WHERE owner_id = $1 AND saved_id = $2::uuid RETURNING " SAVED_COLUMNS};
constexpr Statement kDelete{
    "delete_saved_search",
    "DELETE FROM {{tables.saved_searches}} WHERE owner_id = $1 AND saved_id = $2::uuid"};

/// unique_violation
constexpr const char *kTaken = "23505";

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::search", text);
}

Error notThere(const SavedSearchId &id)
{
    return Error::notFound(tr("There is no saved search %1.").arg(id.toString()));
}

Error nameTaken(const QString &name)
{
    return {.kind = ErrorKind::Conflict,
            .message = tr("There is a saved search \"%1\" already. Take another name, or change "
                          "that one.")
                           .arg(name),
            .field = QStringLiteral("name"),
            .code = QStringLiteral("name_taken")};
}

SavedSearch searchFrom(const OwnerId &owner, const db::Row &row)
{
    return {.id = SavedSearchId::fromString(row.text(0)),
            .owner = owner,
            .name = row.text(1),
            .request = Json::parse(row.text(2).toStdString(), nullptr, false),
            .createdAt = row.time(3),
            .updatedAt = row.time(4)};
}

QVariantList valuesOf(const SavedSearchId &id, const SavedSearchInput &input)
{
    return {input.owner.toString(),
            id.toString(),
            scrubbed(input.name.trimmed()),
            QString::fromUtf8(toUtf8(scrubbed(input.request)))};
}

} // namespace

Result<SavedSearchPage> listSavedSearches(Session &session,
                                          const OwnerId &owner,
                                          int limit,
                                          int offset)
{
    const auto total = session.queryOne(kCount, {owner.toString()});
    if (!total)
        return total.error();
    SavedSearchPage page{{}, total->bigint(0)};
    const auto rows = session.query(kList, {owner.toString(), limit, offset});
    if (!rows)
        return rows.error();
    for (const db::Row &row : *rows)
        page.searches.append(searchFrom(owner, row));
    return page;
}

Result<SavedSearch> findSavedSearch(Session &session, const OwnerId &owner, const SavedSearchId &id)
{
    const auto rows = session.query(kFind, {owner.toString(), id.toString()});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return notThere(id);
    return searchFrom(owner, rows->first());
}

Result<SavedSearch> findSavedSearch(Session &session, const OwnerId &owner, const QString &name)
{
    const auto rows = session.query(kFindNamed, {owner.toString(), scrubbed(name.trimmed())});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return Error::notFound(tr("There is no saved search \"%1\".").arg(name));
    return searchFrom(owner, rows->first());
}

Result<SavedSearch> insertSavedSearch(Session &session, const SavedSearchInput &input)
{
    if (const auto owner = tenants::findOwner(session, input.owner); !owner)
        return owner.error();
    const auto rows = session.query(kInsert, valuesOf(SavedSearchId::create(), input));
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return nameTaken(input.name);
    return searchFrom(input.owner, rows->first());
}

Result<SavedSearch> replaceSavedSearch(Session &session,
                                       const SavedSearchId &id,
                                       const SavedSearchInput &input)
{
    const auto rows = session.query(kReplace, valuesOf(id, input));
    if (!rows)
        return rows.error().sqlState == QLatin1String(kTaken) ? nameTaken(input.name)
                                                              : rows.error();
    if (rows->isEmpty())
        return notThere(id);
    return searchFrom(input.owner, rows->first());
}

Result<> deleteSavedSearch(Session &session, const OwnerId &owner, const SavedSearchId &id)
{
    const auto deleted = session.execute(kDelete, {owner.toString(), id.toString()});
    if (!deleted)
        return deleted.error();
    return *deleted > 0 ? Result<>() : Result<>(notThere(id));
}

} // namespace llmemory::search
