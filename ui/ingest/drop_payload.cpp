#include "ui/ingest/drop_payload.h"

#include <QCoreApplication>
#include <QDir>
#include <QMimeData>
#include <QUrl>

namespace llmemory::ui {

namespace {

/// Empty when the address names a file of this computer.
QString reasonAgainst(const QUrl &url)
{
    if (!url.isValid() || url.isEmpty())
        return QCoreApplication::translate("llmemory::ui", "not a valid address");
    if (!url.isLocalFile())
        return QCoreApplication::translate("llmemory::ui",
                                           "not on this computer; save it to a folder first");
    if (!url.host().isEmpty() && url.host() != QLatin1String("localhost"))
        return QCoreApplication::translate("llmemory::ui", "on another computer (%1)")
            .arg(url.host());
    if (!QDir::isAbsolutePath(url.path()))
        return QCoreApplication::translate("llmemory::ui", "without a full path");
    return {};
}

} // namespace

DropPayload dropPayload(const QMimeData &data)
{
    DropPayload payload;
    for (const QUrl &url : data.urls()) {
        const QString reason = reasonAgainst(url);
        if (!reason.isEmpty()) {
            payload.rejected.append({url.toDisplayString(), reason});
            continue;
        }
        const QString path = QDir::cleanPath(url.path(QUrl::FullyDecoded));
        if (!payload.paths.contains(path))
            payload.paths.append(path);
    }
    return payload;
}

QString rejectionText(const QList<RejectedDrop> &rejected)
{
    if (rejected.isEmpty())
        return {};
    const RejectedDrop &first = rejected.first();
    if (rejected.size() == 1)
        return QCoreApplication::translate("llmemory::ui", "“%1” was not added: it is %2.")
            .arg(first.what, first.reason);
    return QCoreApplication::translate("llmemory::ui",
                                       "%n item(s) were not added, the first because it is %1.",
                                       nullptr,
                                       int(rejected.size()))
        .arg(first.reason);
}

} // namespace llmemory::ui
