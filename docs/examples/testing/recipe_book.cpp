#include "recipe_book.h"

#include <QtConcurrent>

using llmemory::AddedDocument;
using llmemory::Result;
using llmemory::SearchAnswer;

RecipeBook::RecipeBook(llmemory::Memory &memory, const llmemory::OwnerId &cook)
    : m_memory(memory), m_cook(cook)
{
}

QFuture<Result<bool>> RecipeBook::add(const QString &title, const QString &text)
{
    llmemory::DocumentInput recipe;
    recipe.owner = m_cook;
    recipe.idAtOrigin = title;
    recipe.name = title;
    recipe.type = llmemory::DocumentType::Text;
    recipe.content = text;
    return QtConcurrent::run([this, recipe]() -> Result<bool> {
        const Result<AddedDocument> added = m_memory.addDocument(recipe).result();
        if (!added)
            return added.error();
        return added->embeddingsPending == 0;
    });
}

QFuture<Result<QStringList>> RecipeBook::find(const QString &wish) const
{
    llmemory::SearchQuery query;
    query.owner = m_cook;
    query.text = wish;
    return QtConcurrent::run([this, query]() -> Result<QStringList> {
        const Result<SearchAnswer> answer = m_memory.search(query).result();
        if (!answer)
            return answer.error();
        QStringList titles;
        for (const llmemory::SearchHit &hit : answer->hits) {
            if (!titles.contains(hit.documentName))
                titles += hit.documentName;
        }
        return titles;
    });
}
