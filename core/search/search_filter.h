#pragma once

#include "core/db/statement.h"
#include "core/search/search_query.h"

#include <QVariant>

/// What a SearchQuery asks of documents. Expects an alias `d` of them and the values of
/// filterValues() as $2 … $7. What is NULL, or not in $2, restricts nothing: the values are known
/// when the server plans, which then drops it.
#define LLMEMORY_DOCUMENT_CONDITIONS                                                               \
    "($3::text[] IS NULL OR d.id_at_origin = ANY ($3::text[])) "                                   \
    "AND ($4::text[] IS NULL OR d.document_type = ANY ($4::text[])) "                              \
    "AND ($5::jsonb IS NULL OR d.metadata @> $5::jsonb) "                                          \
    "AND ($6::timestamptz IS NULL OR d.document_date >= $6::timestamptz) "                         \
    "AND ($7::timestamptz IS NULL OR d.document_date <= $7::timestamptz) "                         \
    "AND ($2::jsonb->'languages' IS NULL OR jsonb_exists($2::jsonb->'languages', d.language)) "    \
    "AND ($2::jsonb->'paths' IS NULL OR d.id_at_origin ~ ALL (ARRAY(SELECT "                       \
    "jsonb_array_elements_text($2::jsonb->'paths')))) "                                            \
    "AND ($2::jsonb->'names' IS NULL OR d.document_name ILIKE ALL (ARRAY(SELECT "                  \
    "jsonb_array_elements_text($2::jsonb->'names')))) "                                            \
    "AND ($2::jsonb->'tags' IS NULL OR jsonb_exists_all(d.metadata->'tags', ARRAY(SELECT "         \
    "jsonb_array_elements_text($2::jsonb->'tags')))) "                                             \
    "AND ($2::jsonb->'not_types' IS NULL "                                                         \
    "OR NOT jsonb_exists($2::jsonb->'not_types', d.document_type)) "                               \
    "AND ($2::jsonb->'not_languages' IS NULL "                                                     \
    "OR NOT jsonb_exists($2::jsonb->'not_languages', d.language)) "                                \
    "AND ($2::jsonb->'not_paths' IS NULL OR d.id_at_origin !~ ($2::jsonb->>'not_paths')) "         \
    "AND ($2::jsonb->'not_names' IS NULL OR d.document_name NOT ILIKE ALL (ARRAY(SELECT "          \
    "jsonb_array_elements_text($2::jsonb->'not_names')))) "                                        \
    "AND ($2::jsonb->'not_tags' IS NULL OR NOT coalesce(jsonb_exists_any(d.metadata->'tags', "     \
    "ARRAY(SELECT jsonb_array_elements_text($2::jsonb->'not_tags'))), false)) "                    \
    "AND ($2::jsonb->'not_dates' IS NULL "                                                         \
    "OR NOT coalesce(d.document_date <@ (SELECT ($2::jsonb->>'not_dates')::tstzmultirange), "      \
    "false)) "                                                                                     \
    "AND ($2::jsonb->'metadata' IS NULL OR NOT EXISTS ("                                           \
    "SELECT FROM jsonb_array_elements($2::jsonb->'metadata') f WHERE EXISTS ("                     \
    "SELECT FROM jsonb_path_query(coalesce(d.metadata->(f->>'key'), "                              \
    "d.metadata #> string_to_array(f->>'key', '.')), '$[*]') v WHERE CASE f->>'kind' "             \
    "WHEN 'number' THEN CASE WHEN v #>> '{}' ~ "                                                   \
    "'^[+-]?[0-9]{1,30}([.][0-9]{1,30})?([eE][+-]?[0-9]{1,2})?$' THEN jsonb_exists("               \
    "f->'signs', sign((v #>> '{}')::numeric - (f->>'from')::numeric)::text) ELSE false END "       \
    "WHEN 'date' THEN v #>> '{}' ~ '^[0-9]{4}(-|$)' AND jsonb_exists(f->'signs', CASE "            \
    "WHEN (v #>> '{}') COLLATE \"C\" < (f->>'from') THEN '-1' "                                    \
    "WHEN (v #>> '{}') COLLATE \"C\" < (f->>'to') THEN '0' ELSE '1' END) "                         \
    "ELSE v #>> '{}' = f->>'from' END) = (f->>'excluded')::boolean))"

/// Ids of the documents that a SearchQuery asks for, the owner being $1.
#define LLMEMORY_MATCHING_DOCUMENTS                                                                \
    "SELECT d.document_id FROM {{tables.documents}} d "                                            \
    "WHERE d.owner_id = $1 AND " LLMEMORY_DOCUMENT_CONDITIONS

/// Keeps passages to these documents. Expects an alias `x` with document_id.
#define LLMEMORY_DOCUMENT_FILTER                                                                   \
    "(NOT coalesce(($2::jsonb->>'documents')::boolean, false) "                                    \
    "OR x.document_id IN (" LLMEMORY_MATCHING_DOCUMENTS "))"

/// Keeps passages to pages and to what they must hold, and not hold. Expects an alias `x` with
/// chunk_id, the owner as $1 and the filter as $2. Each looks for what matches, also to leave it
/// out, so that the index on search_vector serves where few passages do.
#define LLMEMORY_PASSAGE_FILTER                                                                    \
    "(NOT coalesce(($2::jsonb->>'passages')::boolean, false) OR EXISTS ("                          \
    "SELECT FROM {{tables.document_chunks}} c WHERE c.owner_id = $1 AND c.chunk_id = x.chunk_id "  \
    "AND ($2::jsonb->'pages' IS NULL OR c.page <@ ($2::jsonb->>'pages')::int4multirange) "         \
    "AND ($2::jsonb->'not_pages' IS NULL "                                                         \
    "OR NOT c.page <@ ($2::jsonb->>'not_pages')::int4multirange) "                                 \
    "AND ($2::jsonb->'numbers' IS NULL "                                                           \
    "OR c.chunk_no = ANY (($2::jsonb->>'numbers')::bigint[])) "                                    \
    "AND ($2::jsonb->'matching' IS NULL "                                                          \
    "OR c.search_vector @@ ($2::jsonb->>'matching')::tsquery))) "                                  \
    "AND ($2::jsonb->'not_matching' IS NULL OR NOT EXISTS ("                                       \
    "SELECT FROM {{tables.document_chunks}} c WHERE c.owner_id = $1 AND c.chunk_id = x.chunk_id "  \
    "AND ($2::jsonb->'not_numbers' IS NULL "                                                       \
    "OR c.chunk_no = ANY (($2::jsonb->>'not_numbers')::bigint[])) "                                \
    "AND c.search_vector @@ ($2::jsonb->>'not_matching')::tsquery))"

/// Both: every statement that looks for passages has it, so that nothing is ranked that the filter
/// leaves out. The alias `x` needs document_id and chunk_id.
#define LLMEMORY_SEARCH_FILTER LLMEMORY_DOCUMENT_FILTER " AND " LLMEMORY_PASSAGE_FILTER

namespace llmemory::search {

/// Owner and filter values, $1 … $7; $2 is NULL where nothing is left out. Pure.
QVariantList filterValues(const SearchQuery &query);
/// Whether the filter asks anything of documents. Pure.
bool filtersDocuments(const SearchQuery &query);
/// @p filtered  for these filterValues(), with $8 … for @p rest, or where nothing is left out
/// @p ofAll  with the owner as $1 and $2 … for @p rest: reading and planning the filter's text
/// takes the server a millisecond, whatever it leaves out. Pure.
db::BoundStatement boundTo(const QVariantList &filter,
                           const db::Statement &filtered,
                           const db::Statement &ofAll,
                           const QVariantList &rest);

} // namespace llmemory::search
