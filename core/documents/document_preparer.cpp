#include "core/documents/document_preparer.h"

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/chunk/hierarchical_chunker.h"
#include "core/documents/text_structure_json.h"
#include "core/language/language_detector.h"

#include <QCoreApplication>

namespace llmemory::documents {

namespace {

// Part of the fingerprint: raise it when the chunker cuts differently, and documents are cut anew.
constexpr int kChunkerVersion = 1;

Result<> check(const DocumentInput &input)
{
    if (input.owner.isEmpty())
        return OwnerId::parse({}).error();
    if (auto ok = limits::checkIdAtOrigin(input.idAtOrigin); !ok)
        return ok;
    if (auto ok = limits::checkDocumentName(input.name); !ok)
        return ok;
    if (auto ok = limits::checkContent(input.content); !ok)
        return ok;
    if (auto ok = limits::checkMetadata(input.metadata); !ok)
        return ok;
    if (input.chunkingStrategy != QLatin1String("hierarchical")) {
        return Error::validation(QStringLiteral("chunking_strategy"),
                                 QCoreApplication::translate(
                                     "llmemory::documents",
                                     "There is no chunking strategy \"%1\"; use \"hierarchical\".")
                                     .arg(input.chunkingStrategy));
    }
    return {};
}

QString fingerprint(const PreparedDocument &document, const chunk::ChunkPlan &plan)
{
    const Json parts = {toJson(document.contentHash),
                        structureToJson(document.input.structure),
                        toJson(toString(document.input.type)),
                        plan.parentSize,
                        plan.childSize,
                        plan.parentOverlap,
                        plan.childOverlap,
                        toJson(document.textConfig),
                        kChunkerVersion};
    return sha256Hex(toUtf8(parts));
}

} // namespace

Result<PreparedDocument> prepareDocument(DocumentInput input, const Config::Chunking &chunking)
{
    const qsizetype before = input.content.size();
    input.content = scrubbed(std::move(input.content));
    if (input.content.size() != before)
        input.structure = {}; // its offsets are those of the text with the removed characters
    input.idAtOrigin = scrubbed(std::move(input.idAtOrigin));
    input.name = scrubbed(std::move(input.name));
    if (auto ok = check(input); !ok)
        return ok.error();
    input.metadata = scrubbed(input.metadata); // deep inside as well

    PreparedDocument document;
    auto plan = chunk::ChunkPlan::forText(input.type, input.content.size())
                    .withSizes(chunking.chunkSize, chunking.chunkOverlap)
                    .withConfig(input.chunkingConfig);
    if (!plan)
        return plan.error();
    if (chunking.maxChunkSize > 0)
        plan = plan->limitedTo(chunking.maxChunkSize);
    const auto detected = language::detectLanguage(input.content);
    document.language = detected.code;
    document.textConfig = language::textSearchConfig(detected.code);
    document.contentHash = sha256Hex(QStringView(input.content));
    document.chunks = chunk::HierarchicalChunker::chunk(input.content, input.structure, *plan);
    document.input = std::move(input);
    document.chunkFingerprint = fingerprint(document, *plan);
    return document;
}

} // namespace llmemory::documents
