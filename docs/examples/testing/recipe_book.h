#pragma once

#include <QFuture>
#include <QString>
#include <QStringList>

#include <llmemory/memory.h>

/// The recipes of one cook, kept in a memory that belongs to somebody else. Both outlive what they
/// were asked for.
class RecipeBook
{
public:
    RecipeBook(llmemory::Memory &memory, const llmemory::OwnerId &cook);

    /// Adds a recipe, or replaces the one of that title. True when it can be found by meaning at
    /// once; false when the model did not answer, which is made up for later.
    QFuture<llmemory::Result<bool>> add(const QString &title, const QString &text);
    /// Titles of the recipes that fit, best first.
    QFuture<llmemory::Result<QStringList>> find(const QString &wish) const;

private:
    llmemory::Memory &m_memory;
    llmemory::OwnerId m_cook;
};
