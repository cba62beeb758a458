#include "core/search/search_query.h"

#include "core/base/limits.h"
#include "core/documents/document_type.h"
#include "core/search/query_language/query_parser.h"
#include "core/search/query_language/query_values.h"

#include <QCoreApplication>

#include <cmath>

namespace llmemory {

namespace {

constexpr int kMostAncestors = 10;
constexpr int kMostVariants = 8;
constexpr int kMostFilterValues = 200;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::search", text);
}

Result<> checkTypes(const QStringList &types)
{
    for (const QString &type : types) {
        if (!documentTypeFromString(type))
            return Error::validation(QStringLiteral("document_types"),
                                     tr("There is no document type \"%1\".").arg(type));
    }
    return {};
}

Result<> checkIds(const QStringList &ids)
{
    if (ids.size() > limits::kSearchLimit)
        return Error::validation(
            QStringLiteral("id_at_origins"),
            tr("id_at_origins may name at most %1 documents.").arg(limits::kSearchLimit));
    for (const QString &id : ids) {
        if (auto ok = limits::checkIdAtOrigin(id); !ok)
            return ok;
    }
    return {};
}

/// From 1 on; nothing is always fine.
Result<> checkCount(const char *field, const std::optional<int> &value, int most)
{
    if (!value || (*value >= 1 && *value <= most))
        return {};
    const QString name = QString::fromLatin1(field);
    return Error::validation(name,
                             tr("%1 must be 1 to %2; it is %3.").arg(name).arg(most).arg(*value));
}

Result<> checkValues(const char *field, const QStringList &values)
{
    const QString name = QString::fromLatin1(field);
    if (values.size() > kMostFilterValues)
        return Error::validation(
            name, tr("%1 may have at most %2 values.").arg(name).arg(kMostFilterValues));
    for (const QString &value : values) {
        if (value.trimmed().isEmpty() || value.size() > limits::kIdAtOriginLength)
            return Error::validation(name,
                                     tr("Every value of %1 must have 1 to %2 characters.")
                                         .arg(name)
                                         .arg(limits::kIdAtOriginLength));
    }
    return {};
}

Result<> checkConditions(const QList<MetadataCondition> &conditions)
{
    const QString name = QStringLiteral("metadata_conditions");
    if (conditions.size() > limits::kFilterKeys)
        return Error::validation(
            name, tr("%1 may have at most %2 values.").arg(name).arg(limits::kFilterKeys));
    for (const MetadataCondition &condition : conditions) {
        if (condition.key.isEmpty() || !search::isComparable(condition))
            return Error::validation(
                name,
                tr("%1 has a condition on \"%2\" that cannot be compared; write key=value, "
                   "key!=value, or key>=number or date.")
                    .arg(name, condition.key));
        if (auto ok = checkValues("metadata_conditions", {condition.value}); !ok)
            return ok;
    }
    return {};
}

Result<> checkFilter(const PassageFilter &filter)
{
    for (const QStringList &paths : filter.paths) {
        if (auto ok = checkValues("paths", paths); !ok)
            return ok;
    }
    const Result<> checks[] = {checkValues("languages", filter.languages.value_or(QStringList())),
                               checkValues("tags", filter.tags),
                               checkConditions(filter.metadata)};
    for (const Result<> &check : checks) {
        if (!check)
            return check;
    }
    for (const PageRange &pages : filter.pages.value_or(QList<PageRange>())) {
        if (pages.from < 0 || pages.to < 0)
            return Error::validation(QStringLiteral("page_from"), tr("Pages count from 1."));
        if (pages.to > 0 && pages.from > pages.to)
            return Error::validation(QStringLiteral("page_from"),
                                     tr("page_from is after page_to."));
    }
    return {};
}

} // namespace

QString toString(SearchMode mode)
{
    switch (mode) {
    case SearchMode::Vector:
        return QStringLiteral("vector");
    case SearchMode::Text:
        return QStringLiteral("text");
    case SearchMode::Hybrid:
        break;
    }
    return QStringLiteral("hybrid");
}

Result<SearchMode> searchModeFromString(const QString &word)
{
    for (const SearchMode mode : {SearchMode::Hybrid, SearchMode::Vector, SearchMode::Text}) {
        if (toString(mode) == word)
            return mode;
    }
    return Error::validation(
        QStringLiteral("search_type"),
        tr("There is no search type \"%1\"; use hybrid, vector or text.").arg(word));
}

Result<> SearchQuery::validate() const
{
    if (owner.isEmpty())
        return OwnerId::parse({}).error();
    const Result<> checks[] = {limits::checkQuery(text),
                               limits::checkLimit(limit),
                               limits::checkOffset(offset),
                               limits::checkShare("alpha", alpha),
                               limits::checkShare("diversity", diversity),
                               checkIds(idsAtOrigin),
                               checkTypes(documentTypes),
                               limits::checkMetadataFilter(metadataFilter),
                               checkFilter(filter),
                               checkCount("max_query_variants", maxQueryVariants, kMostVariants),
                               checkCount("rerank_top_k", rerankTopK, limits::kSearchLimit),
                               checkCount("rerank_return_k", rerankReturnK, limits::kSearchLimit)};
    for (const Result<> &check : checks) {
        if (!check)
            return check;
    }
    if (dateFrom.isValid() && dateTo.isValid() && dateFrom > dateTo)
        return Error::validation(QStringLiteral("date_from"), tr("date_from is after date_to."));
    if (minScore && !std::isfinite(*minScore))
        return Error::validation(QStringLiteral("min_score"), tr("min_score must be a number."));
    if (contextWindow < 0 || contextWindow > kMostAncestors)
        return Error::validation(QStringLiteral("context_window"),
                                 tr("context_window must be 0 to %1.").arg(kMostAncestors));
    if (auto parsed = search::parseQuery(text); !parsed)
        return parsed.error();
    return {};
}

} // namespace llmemory
