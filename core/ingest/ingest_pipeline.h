#pragma once

#include "core/config.h"
#include "core/db/database_manager.h"
#include "core/documents/document.h"
#include "core/extract/extraction_process.h"
#include "core/ingest/ingest_options.h"

#include <atomic>

namespace llmemory::ingest {

/// Takes one file all the way: read in a child process, prepared, and stored together with the
/// file's final state in one transaction, so that a file reported as added is there. Any thread
/// that is not of the pool; blocks.
class IngestPipeline
{
public:
    /// @param program   the llmemory executable, for the extraction worker
    /// @param provider  active embedding model
    IngestPipeline(db::DatabaseManager database,
                   const QString &program,
                   QString provider,
                   const Config::Chunking &chunking);

    /// Reads and stores @p file; answers it with its final state.
    /// Error: Cancelled when @p cancelled became true; Unavailable when the database cannot be
    /// reached, in both cases nothing was stored. Every other failure is in the file itself.
    Result<IngestFile> process(IngestFile file,
                               const IngestOptions &options,
                               const std::atomic_bool *cancelled) const;

private:
    Result<IngestFile> store(IngestFile file, DocumentInput input) const;
    Result<IngestFile> storeFailure(IngestFile file,
                                    const QString &code,
                                    const QString &reason) const;

    db::DatabaseManager m_database;
    extract::ExtractionProcess m_extraction;
    QString m_provider;
    Config::Chunking m_chunking;
};

} // namespace llmemory::ingest
