#pragma once

#include "core/base/result.h"

#include <QObject>
#include <QString>

#include <functional>

namespace llmemory::ui {

/// The path that @p idAtOrigin names: an absolute path or a file URL of this computer; empty for
/// anything else. Whether the file is there is not looked at.
QString localPath(const QString &idAtOrigin);

/// Told how an attempt to open something ended; on the GUI thread.
using OpenAnswer = std::function<void(const Result<> &)>;

/// Opens a document's file with the program that the desktop has for it. Looks for the file on
/// another thread; @p answer comes unless @p receiver has died.
/// Error: NotFound when the id is no file of this computer or the file is gone, Unavailable when
/// the desktop has no program for it.
void openFile(const QString &idAtOrigin, QObject *receiver, const OpenAnswer &answer);

/// Opens the folder that holds a document's file. Errors as openFile().
void showInFolder(const QString &idAtOrigin, QObject *receiver, const OpenAnswer &answer);

} // namespace llmemory::ui
