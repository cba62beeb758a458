#include "core/ingest/ingest_pipeline.h"

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/documents/document_preparer.h"
#include "core/documents/document_writer.h"
#include "core/ingest/ingest_repository.h"

#include <QFileInfo>

namespace llmemory::ingest {

namespace {

IngestState stateFor(AddStatus status)
{
    switch (status) {
    case AddStatus::Updated:
        return IngestState::Updated;
    case AddStatus::Unchanged:
        return IngestState::Unchanged;
    case AddStatus::Added:
        break;
    }
    return IngestState::Added;
}

/// What the file says of itself, under what the user said.
Json mergedMetadata(const extract::Extraction &extraction, const Json &given)
{
    Json metadata = extraction.metadata.is_object() ? extraction.metadata : Json::object();
    if (!extraction.title.isEmpty())
        metadata["title"] = llmemory::toJson(extraction.title);
    if (extraction.outcome == extract::Outcome::Truncated)
        metadata["truncated"] = true;
    if (!limits::checkMetadata(metadata))
        metadata = Json::object(); // a file with absurd properties is still a document
    metadata.update(given);
    return metadata;
}

DocumentInput documentInput(const IngestFile &file,
                            const IngestOptions &options,
                            extract::Extraction extraction)
{
    const QFileInfo info(file.path);
    DocumentInput input;
    input.owner = file.owner;
    input.idAtOrigin = file.idAtOrigin;
    input.name = elided(info.fileName(), limits::kDocumentNameLength);
    input.type = options.type.value_or(extraction.type);
    input.date = options.date.isValid() ? options.date : info.lastModified().toUTC();
    input.metadata = mergedMetadata(extraction, options.metadata);
    input.structure = std::move(extraction.structure);
    input.content = elided(extraction.text, limits::kContentLength);
    return input;
}

/// Failures of the surroundings, not of the file: it is tried again later.
bool isTemporary(const Error &error)
{
    // A statement that took too long (57014) has a state and will take too long again.
    return error.kind == ErrorKind::Unavailable ||
           (error.kind == ErrorKind::Cancelled && error.sqlState.isEmpty());
}

} // namespace

IngestPipeline::IngestPipeline(db::DatabaseManager database,
                               const QString &program,
                               QString provider,
                               const Config::Chunking &chunking)
    : m_database(std::move(database))
    , m_extraction(program)
    , m_provider(std::move(provider))
    , m_chunking(chunking)
{
}

Result<IngestFile> IngestPipeline::process(IngestFile file,
                                           const IngestOptions &options,
                                           const std::atomic_bool *cancelled) const
{
    extract::Extraction extraction = m_extraction.extract(file.path, cancelled);
    if (cancelled && *cancelled)
        return Error::cancelled();
    if (!extraction.hasText())
        return storeFailure(
            std::move(file), extract::toString(extraction.outcome), extraction.reason);
    DocumentInput input = documentInput(file, options, std::move(extraction));
    return store(std::move(file), std::move(input));
}

Result<IngestFile> IngestPipeline::store(IngestFile file, DocumentInput input) const
{
    auto prepared = documents::prepareDocument(std::move(input), m_chunking);
    if (!prepared)
        return storeFailure(
            std::move(file), toString(prepared.error().kind), prepared.error().message);
    const auto write = [&](db::Session &session) -> Result<IngestFile> {
        auto added = documents::writeDocument(session, *prepared, m_provider);
        if (!added)
            return added.error();
        IngestFile done = file;
        done.state = stateFor(added->status);
        done.document = added->document.id;
        done.chunksCreated = added->chunksCreated;
        if (auto ok = updateFile(session, done); !ok)
            return ok.error();
        return done;
    };
    auto stored =
        m_database
            .runInTransaction(db::Access::Write, "ingest_file", db::Scope::owner(file.owner), write)
            .result();
    if (stored || isTemporary(stored.error()))
        return stored;
    return storeFailure(std::move(file), toString(stored.error().kind), stored.error().message);
}

Result<IngestFile> IngestPipeline::storeFailure(IngestFile file,
                                                const QString &code,
                                                const QString &reason) const
{
    file.state = IngestState::Failed;
    file.errorCode = code;
    file.error = reason;
    return m_database
        .runInTransaction(db::Access::Write,
                          "ingest_failure",
                          db::Scope::owner(file.owner),
                          [&](db::Session &session) -> Result<IngestFile> {
                              if (auto ok = updateFile(session, file); !ok)
                                  return ok.error();
                              return file;
                          })
        .result();
}

} // namespace llmemory::ingest
