#pragma once

#include "core/documents/document.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace llmemory::testing {

/// A small document for tests and what is known about it.
struct SampleDocument
{
    DocumentInput input;
    /// Each occurs in this text and in no other of the samples, written like this; a text search
    /// for it finds this document alone.
    QStringList words;
    /// What language detection should say: ISO 639 code.
    QString language;
};

/// Seven documents of an owner, of different types and in six languages, one of them long enough
/// for several passages in two levels; metadata {"sample": true, "number": 1-7},
/// dates in 2024. Always the same. Pure.
QList<SampleDocument> sampleDocuments(const OwnerId &owner);

/// A document with nothing but an id, which is its name too, and a text. Pure.
DocumentInput plainDocument(const OwnerId &owner, const QString &idAtOrigin, const QString &text);

/// A text of @p count sentences that differ by a word, "word0" and so on; some 10 tokens each.
/// Pure.
QString manyWords(int count);

} // namespace llmemory::testing
