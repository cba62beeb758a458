#include "core/search/saved/saved_search.h"

#include "core/search/search_request.h"

#include <QCoreApplication>

namespace llmemory {

namespace {

constexpr int kNameLength = 200;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::search", text);
}

} // namespace

Result<> SavedSearchInput::validate() const
{
    if (owner.isEmpty())
        return OwnerId::parse({}).error();
    if (name.trimmed().isEmpty() || name.size() > kNameLength)
        return Error::validation(
            QStringLiteral("name"),
            tr("The name of a saved search must have 1 to %1 characters.").arg(kNameLength));
    if (!request.is_object())
        return Error::validation(
            QStringLiteral("request"),
            tr("request must be the JSON object that POST /v1/search takes, without owner_id."));
    const auto query = search::searchQueryFromRequest(owner, request);
    return query ? query->validate() : Result<>(query.error());
}

Json toJson(const SavedSearch &search)
{
    return {{"saved_id", toJson(search.id.toString())},
            {"owner_id", toJson(search.owner.toString())},
            {"name", toJson(search.name)},
            {"request", search.request},
            {"created_at", toJson(search.createdAt.toUTC().toString(Qt::ISODateWithMs))},
            {"updated_at", toJson(search.updatedAt.toUTC().toString(Qt::ISODateWithMs))}};
}

} // namespace llmemory
