#include "app/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace llmemory::app {

void installTranslations(QCoreApplication &application)
{
    const auto install = [&](const QString &fileName, const QString &directory) {
        auto *translator = new QTranslator(&application);
        if (translator->load(QLocale(), fileName, QStringLiteral("_"), directory))
            QCoreApplication::installTranslator(translator);
        else
            delete translator;
    };
    install(QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    install(QStringLiteral("app"), QStringLiteral(":/i18n"));
}

} // namespace llmemory::app
