#pragma once

#include "core/search/search_service.h"
#include "tests/core/documents/document_store.h"

#include <QObject>

#include <memory>

namespace llmemory::testing {

/// A test class that searches in a schema of its own. Call open() in initTestCase().
class SearchTest : public QObject
{
protected:
    /// Makes the schema and the service.
    /// @param connections  of the service's pool, at most.
    /// @return why there is none; empty when there is.
    QString open(int connections, const Config::Search &config = {});
    Result<SearchAnswer> search(const SearchQuery &query);

    std::unique_ptr<TemporarySchema> m_database;
    std::unique_ptr<DocumentStore> m_store;
    std::unique_ptr<llmemory::search::SearchService> m_service;
};

} // namespace llmemory::testing
