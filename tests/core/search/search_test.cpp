#include "tests/core/search/search_test.h"

namespace llmemory::testing {

QString SearchTest::open(int connections, const Config::Search &config)
{
    m_database = std::make_unique<TemporarySchema>();
    if (!m_database->isAvailable())
        return m_database->reason();
    m_store = std::make_unique<DocumentStore>(*m_database);
    m_service = std::make_unique<llmemory::search::SearchService>(
        m_database->manager(connections), std::make_shared<DeterministicEmbedder>(), config);
    return {};
}

Result<SearchAnswer> SearchTest::search(const SearchQuery &query)
{
    return m_service->search(query, [] { return false; });
}

} // namespace llmemory::testing
