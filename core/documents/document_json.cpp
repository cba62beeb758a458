#include "core/documents/document_json.h"

#include "core/base/json_fields.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace llmemory {

namespace {

Json optionalId(const ChunkId &id)
{
    return id.isNull() ? Json() : toJson(id.toString());
}

DocumentType documentType(JsonFields &fields)
{
    const QString word = fields.text("document_type", toString(DocumentType::Unknown));
    const auto type = documentTypeFromString(word);
    if (!type) {
        fields.fail(Error::validation(
            QStringLiteral("document_type"),
            QCoreApplication::translate("llmemory", "There is no document type \"%1\".")
                .arg(word)));
    }
    return type.value_or(DocumentType::Unknown);
}

/// The sizes themselves are checked where they are used, by the chunk plan.
Json chunkingConfig(JsonFields &fields)
{
    const Json config = fields.object("chunking_config", Json());
    static const std::array<std::string, 4> names{
        "parent_size", "child_size", "parent_overlap", "child_overlap"};
    if (!config.is_object())
        return config;
    for (const auto &[name, value] : config.items()) {
        if (std::find(names.begin(), names.end(), name) != names.end())
            continue;
        const QString field = QStringLiteral("chunking_config.") + QString::fromStdString(name);
        fields.fail(Error::validation(
            field,
            QCoreApplication::translate("llmemory", "There is no field named \"%1\".").arg(field)));
    }
    return config;
}

} // namespace

Json toJson(const QDateTime &time)
{
    if (!time.isValid())
        return {};
    return toJson(time.toUTC().toString(Qt::ISODateWithMs));
}

Json toJson(const Locator &locator)
{
    Json headings = Json::array();
    for (const QString &title : locator.headingPath)
        headings.push_back(toJson(title));
    return {{"page", locator.page > 0 ? Json(locator.page) : Json()},
            {"line_start", locator.lineStart},
            {"line_end", locator.lineEnd},
            {"char_start", locator.charStart},
            {"char_end", locator.charEnd},
            {"heading_path", std::move(headings)}};
}

Json toJson(const Document &document)
{
    return {{"document_id", toJson(document.id.toString())},
            {"owner_id", toJson(document.owner.toString())},
            {"id_at_origin", toJson(document.idAtOrigin)},
            {"document_type", toJson(toString(document.type))},
            {"document_name", toJson(document.name)},
            {"document_date", toJson(document.date)},
            {"metadata", document.metadata},
            {"language", toJson(document.language)},
            {"content_hash", toJson(document.contentHash)},
            {"characters", document.characters},
            {"page_count", document.pageCount},
            {"chunk_count", document.chunkCount},
            {"embeddings_pending", document.embeddingsPending},
            {"created_at", toJson(document.createdAt)},
            {"updated_at", toJson(document.updatedAt)}};
}

Json toJson(const Chunk &chunk)
{
    Json json{{"chunk_id", toJson(chunk.id.toString())},
              {"document_id", toJson(chunk.document.toString())},
              {"parent_chunk_id", optionalId(chunk.parent)},
              {"chunk_level", chunk.level},
              {"chunk_index", chunk.index},
              {"content", toJson(chunk.content)},
              {"token_count", chunk.tokenCount},
              {"locator", toJson(chunk.locator)}};
    if (!chunk.embedding.empty())
        json["embedding"] = chunk.embedding;
    return json;
}

Json toJson(const ChunkPage &page)
{
    Json chunks = Json::array();
    for (const Chunk &chunk : page.chunks)
        chunks.push_back(toJson(chunk));
    return {{"chunks", std::move(chunks)},
            {"total", page.total},
            {"limit", page.limit},
            {"offset", page.offset}};
}

Json toJson(const AddedDocument &added)
{
    Json json{{"document", toJson(added.document)},
              {"status", toJson(toString(added.status))},
              {"chunks_created", added.chunksCreated},
              {"embeddings_created", added.embeddingsCreated},
              {"embeddings_pending", added.embeddingsPending},
              {"processing_time_ms", added.processingTimeMs}};
    if (added.embeddingError)
        json["embedding_error"] = toJson(added.embeddingError->message);
    return json;
}

Json toJson(const DocumentPage &page)
{
    Json documents = Json::array();
    for (const Document &document : page.documents)
        documents.push_back(toJson(document));
    return {{"documents", std::move(documents)},
            {"total", page.total},
            {"limit", page.limit},
            {"offset", page.offset}};
}

Json toJson(const Owner &owner)
{
    return {{"owner_id", toJson(owner.id.toString())},
            {"display_name", toJson(owner.displayName)},
            {"document_count", owner.documentCount},
            {"chunk_count", owner.chunkCount},
            {"created_at", toJson(owner.createdAt)},
            {"updated_at", toJson(owner.updatedAt)}};
}

Json toJson(const OwnerStatistics &statistics)
{
    Json byType = Json::object();
    for (auto it = statistics.documentsByType.begin(); it != statistics.documentsByType.end(); ++it)
        byType[it.key().toStdString()] = it.value();
    return {{"owner_id", toJson(statistics.owner.toString())},
            {"document_count", statistics.documentCount},
            {"chunk_count", statistics.chunkCount},
            {"total_size_bytes", statistics.totalSizeBytes},
            {"embeddings_pending", statistics.embeddingsPending},
            {"embeddings_failed", statistics.embeddingsFailed},
            {"documents_by_type", std::move(byType)},
            {"first_created_at", toJson(statistics.firstCreatedAt)},
            {"last_created_at", toJson(statistics.lastCreatedAt)}};
}

Result<DocumentChange> documentChangeFromJson(const Json &value)
{
    JsonFields fields(value);
    DocumentChange change;
    if (fields.has("document_name"))
        change.name = fields.requiredText("document_name");
    const QDateTime date = fields.date("document_date");
    if (value.is_object() && value.contains("document_date"))
        change.date = date;
    const Json metadata = fields.object("metadata", Json());
    if (fields.has("metadata"))
        change.metadata = metadata;
    if (auto ok = fields.finish(); !ok)
        return ok.error();
    return change;
}

Result<DocumentInput> documentInputFromJson(const Json &value)
{
    JsonFields fields(value);
    DocumentInput input;
    input.owner = fields.owner();
    input.idAtOrigin = fields.requiredText("id_at_origin");
    input.name = fields.requiredText("document_name");
    input.type = documentType(fields);
    input.content = fields.requiredText("content");
    input.date = fields.date("document_date");
    input.metadata = fields.object("metadata", Json::object());
    input.chunkingStrategy = fields.text("chunking_strategy", input.chunkingStrategy);
    input.chunkingConfig = chunkingConfig(fields);
    input.generateEmbeddings = fields.flag("generate_embeddings", input.generateEmbeddings);
    if (auto ok = fields.finish(); !ok)
        return ok.error();
    return input;
}

} // namespace llmemory
