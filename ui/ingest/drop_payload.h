#pragma once

#include <QList>
#include <QString>
#include <QStringList>

class QMimeData;

namespace llmemory::ui {

/// Something dropped that cannot be read from here.
struct RejectedDrop
{
    QString what;   ///< as it was dropped
    QString reason; ///< for people
    friend bool operator==(const RejectedDrop &, const RejectedDrop &) = default;
};

/// What of a drop or of the clipboard can be read.
struct DropPayload
{
    QStringList paths; ///< absolute, of files and folders; whether they are there is not looked at
    QList<RejectedDrop> rejected;

    bool isEmpty() const { return paths.isEmpty() && rejected.isEmpty(); }
};

/// Sorts what was dropped. Empty for a drop without addresses, such as plain text. Pure.
DropPayload dropPayload(const QMimeData &data);

/// One sentence about what was left out; empty when nothing was.
QString rejectionText(const QList<RejectedDrop> &rejected);

} // namespace llmemory::ui
