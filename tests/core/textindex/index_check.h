#pragma once

#include "tests/core/documents/document_store.h"

#include <QByteArray>
#include <QMap>
#include <QRandomGenerator>

namespace llmemory::testing {

/// Passages by term, as number and frequency.
using TextIndexContent = QMap<QByteArray, QMap<qint64, quint32>>;

/// What the owner's passages say. `failed` as the only term when they cannot be read.
TextIndexContent indexOfPassages(DocumentStore &store, const OwnerId &owner);
/// What the owner's text index says, all segments together.
TextIndexContent storedIndex(DocumentStore &store, const OwnerId &owner);
/// So many of 300 words, few of them often.
QString randomText(QRandomGenerator &random, int words);
/// How the index differs from the passages; empty when it does not.
QString indexFault(DocumentStore &store, const OwnerId &owner);

} // namespace llmemory::testing
