#pragma once

#include "core/base/result.h"
#include "core/eval/metrics.h"

#include <QList>
#include <QStringList>

namespace llmemory::eval {

/// A document of a collection; its line in the file is for messages.
struct CollectionDocument
{
    QString id;    ///< 1-1,024 characters, an id_at_origin
    QString title; ///< may be empty
    QString text;  ///< not only space, unless the title is not
    int line = 0;

    /// What is stored: title and text, a line each.
    QString content() const;
};

/// A query with a relevant document.
struct CollectionQuery
{
    QString id;
    QString text; ///< 1-8,000 characters
    Judgements judgements;
};

/// A collection of documents, queries and judgements, as benchmarks of retrieval are.
struct Collection
{
    QString name; ///< of its folder
    QList<CollectionDocument> documents;
    QList<CollectionQuery> queries; ///< in the order of the file
    /// Documents without title and text, which cannot be found; a judgement may name them.
    qsizetype emptyDocuments = 0;
    /// Why lines of the corpus were left out, "file:line: reason"; for people.
    QStringList faults;
};

/// Reads a collection in the layout of BEIR (Thakur et al., NeurIPS 2021): `corpus.jsonl` (a JSON
/// object a line with `_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`), and `qrels.tsv` or
/// `qrels/test.tsv` (query id, document id, judgement, with a line of headings or without). Blank
/// lines are skipped. Queries without a relevant document are left out. Blocks while it reads; any
/// thread.
/// @param directory  holds the files; its name becomes the collection's.
/// Error: NotFound for a missing file, Validation with the file and the line of the mistake, also
/// for a judgement on a query or a document that there is not (a document may be missing when lines
/// of the corpus were broken). A broken line of the corpus is only counted: Collection::faults.
Result<Collection> readCollection(const QString &directory);

} // namespace llmemory::eval
