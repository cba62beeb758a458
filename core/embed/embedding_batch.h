#pragma once

#include "core/embed/embedder.h"

#include <optional>

namespace llmemory::embed {

/// What became of one text of a batch.
enum class TextFate {
    NotTried, ///< the model is to be left alone for now, or the caller stopped
    Embedded,
    Refused,     ///< the model refuses this very text; another try is of no use
    BadAnswer,   ///< the answer for this very text was of no use
    Unavailable, ///< the model failed, whatever the text
};

/// The outcome of embedBatch().
struct BatchOutcome
{
    struct Text
    {
        TextFate fate = TextFate::NotTried;
        Vector vector;  ///< only when embedded
        QString reason; ///< for people; not when embedded or not tried
    };

    QList<Text> texts; ///< one a text, in order
    /// What ended the run before its end, or else the first failure.
    std::optional<Error> error;
};

/// Whether an error of an embedder says to leave the model alone, with no harm to the jobs.
bool isPause(const Error &error);

/// Embeds texts and checks the vectors: one a text, of the model's dimension, finite, not zero.
/// Where the model refuses a batch, or answers with something of no use, the batch is halved until
/// the text is found that it is about, so that the others get their vectors; given up when nothing
/// at all succeeds. Blocks as long as the model does.
BatchOutcome embedBatch(const Embedder &embedder,
                        const QList<QString> &texts,
                        const CancelTest &isCancelled);

} // namespace llmemory::embed
