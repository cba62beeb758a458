#include "core/http/api/search_request.h"

namespace llmemory::http {

const QList<QueryField> &searchFields()
{
    static const QList<QueryField> fields{
        {"owner_id", FieldKind::Text},
        {"query", FieldKind::Text},
        {"search_type", FieldKind::Text},
        {"limit", FieldKind::Integer},
        {"offset", FieldKind::Integer},
        {"alpha", FieldKind::Number},
        {"id_at_origin", FieldKind::Text},
        {"id_at_origins", FieldKind::TextList},
        {"document_types", FieldKind::TextList},
        {"metadata_filter", FieldKind::Object},
        {"date_from", FieldKind::Text},
        {"date_to", FieldKind::Text},
        {"languages", FieldKind::TextList},
        {"paths", FieldKind::TextList},
        {"tags", FieldKind::TextList},
        {"page_from", FieldKind::Integer},
        {"page_to", FieldKind::Integer},
        {"metadata_conditions", FieldKind::TextList},
        {"include_parent_context", FieldKind::Flag},
        {"context_window", FieldKind::Integer},
        {"query_expansion", FieldKind::Flag},
        {"max_query_variants", FieldKind::Integer},
        {"rerank", FieldKind::Flag},
        {"rerank_top_k", FieldKind::Integer},
        {"rerank_return_k", FieldKind::Integer},
        {"group_by_document", FieldKind::Flag},
        {"diversity", FieldKind::Number},
        {"min_score", FieldKind::Number},
        {"explain", FieldKind::Flag},
        {"facets", FieldKind::Flag},
        {"remember", FieldKind::Flag},
    };
    return fields;
}

} // namespace llmemory::http
