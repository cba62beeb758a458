#include "core/search/search_filter.h"

#include "core/db/sql_array.h"

namespace llmemory::search {

QVariantList filterValues(const SearchQuery &query)
{
    const QVariant null(QMetaType::fromType<QString>());
    const auto array = [&](const QStringList &values) {
        return values.isEmpty() ? null : QVariant(db::textArray(values));
    };
    const auto time = [](const QDateTime &value) {
        return value.isValid() ? QVariant(value.toUTC())
                               : QVariant(QMetaType::fromType<QDateTime>());
    };
    const bool filtered = !query.idsAtOrigin.isEmpty() || !query.documentTypes.isEmpty() ||
                          !query.metadataFilter.is_null() || query.dateFrom.isValid() ||
                          query.dateTo.isValid();
    const QVariant metadata =
        query.metadataFilter.is_null()
            ? null
            : QVariant(QString::fromUtf8(toUtf8(scrubbed(query.metadataFilter))));
    return {query.owner.toString(),
            filtered,
            array(query.idsAtOrigin),
            array(query.documentTypes),
            metadata,
            time(query.dateFrom),
            time(query.dateTo)};
}

} // namespace llmemory::search
