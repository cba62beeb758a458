#include "app/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace llmemory::app {

void installTranslations(QCoreApplication &application)
{
    const auto install = [&](const QLocale &locale, const QString &name, const QString &directory) {
        auto *translator = new QTranslator(&application);
        const bool isLoaded = translator->load(locale, name, QStringLiteral("_"), directory);
        if (isLoaded)
            QCoreApplication::installTranslator(translator);
        else
            delete translator;
        return isLoaded;
    };
    const QString catalogue = QStringLiteral("app");
    const QString directory = QStringLiteral(":/i18n");
    install(
        QLocale(), QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    // English has a catalogue of its own, for its plurals; it also serves where there is no other.
    if (!install(QLocale(), catalogue, directory))
        install(QLocale(QLocale::English), catalogue, directory);
}

} // namespace llmemory::app
