#pragma once

#include "core/search/search_query.h"

#include <QVariant>

/// Restricts passages to documents that match a SearchQuery. Expects an alias `x` with document_id,
/// the owner as $1 and the values of filterValues() as $2 … $7. $2 false: no filter at all, and the
/// planner drops the rest.
#define LLMEMORY_SEARCH_FILTER                                                                     \
    "(NOT $2::boolean OR x.document_id IN (SELECT d.document_id FROM {{tables.documents}} d "      \
    "WHERE d.owner_id = $1 AND ($3::text[] IS NULL OR d.id_at_origin = ANY ($3::text[])) "         \
    "AND ($4::text[] IS NULL OR d.document_type = ANY ($4::text[])) "                              \
    "AND ($5::jsonb IS NULL OR d.metadata @> $5::jsonb) "                                          \
    "AND ($6::timestamptz IS NULL OR d.document_date >= $6::timestamptz) "                         \
    "AND ($7::timestamptz IS NULL OR d.document_date <= $7::timestamptz)))"

namespace llmemory::search {

/// Owner and filter values, $1 … $7. Pure.
QVariantList filterValues(const SearchQuery &query);

} // namespace llmemory::search
