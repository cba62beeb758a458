#pragma once

class QCoreApplication;

namespace llmemory::app {

/// Installs the program's and Qt's own texts in the user's language, where they exist.
void installTranslations(QCoreApplication &application);

} // namespace llmemory::app
