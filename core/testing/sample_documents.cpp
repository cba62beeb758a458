#include "core/testing/sample_documents.h"

#include <array>

namespace llmemory::testing {

namespace {

QDateTime day(int year, int month, int dayOfMonth)
{
    return QDateTime(QDate(year, month, dayOfMonth), QTime(12, 0), Qt::UTC);
}

/// A hundred entries, so that the text has passages in both levels.
QString logBook()
{
    constexpr int kDays = 100;
    constexpr std::array kWeather{"Fog until noon, then a light wind from the west.",
                                  "Clear sky and a calm sea the whole day.",
                                  "Heavy rain, and waves over the lower landing.",
                                  "A cold morning with ice on the railings.",
                                  "Gusts from the north, no boat could come near."};
    constexpr std::array kWork{"Cleaned the lens and trimmed the wick before sunset.",
                               "Painted the gallery and oiled the hinges of the door.",
                               "Counted the barrels in the store and wrote to the harbour.",
                               "Repaired the rope of the hoist with new hemp."};
    constexpr std::array kSeen{"Two fishing boats passed, both homeward bound.",
                               "Gulls were nesting on the ledge below the window.",
                               "A steamer answered the lamp with her whistle."};
    QString text = QStringLiteral("Log book of the lighthouse on Gannet Rock\n");
    for (int i = 0; i < kDays; ++i) {
        text += QStringLiteral("\nDay %1. %2 %3 %4\n")
                    .arg(i + 1)
                    .arg(QLatin1String(kWeather.at(size_t(i) % kWeather.size())),
                         QLatin1String(kWork.at(size_t(i) % kWork.size())),
                         QLatin1String(kSeen.at(size_t(i) % kSeen.size())));
    }
    return text;
}

SampleDocument sample(const char *idAtOrigin,
                      DocumentType type,
                      const char *language,
                      const QString &name,
                      const QString &content,
                      const QStringList &words)
{
    SampleDocument sample;
    sample.input.idAtOrigin = QLatin1String("sample/") + QLatin1String(idAtOrigin);
    sample.input.name = name;
    sample.input.type = type;
    sample.input.content = content;
    sample.language = QLatin1String(language);
    sample.words = words;
    return sample;
}

} // namespace

QList<SampleDocument> sampleDocuments(const OwnerId &owner)
{
    QList<SampleDocument> samples{
        sample("lighthouse.txt",
               DocumentType::Text,
               "en",
               QStringLiteral("Log book of the lighthouse"),
               logBook(),
               {QStringLiteral("lighthouse"), QStringLiteral("hoist")}),
        sample("bread.md",
               DocumentType::Markdown,
               "en",
               QStringLiteral("Sourdough bread"),
               QStringLiteral(
                   "# Sourdough bread\n\n## What you need\n\n- 500 g of wheat flour\n- 350 g of "
                   "water\n- 100 g of active sourdough\n- 10 g of salt\n\n## How it is made\n\n"
                   "Mix flour and water and let the dough rest for half an hour. Add the sourdough "
                   "and the salt, and knead it until it is smooth. Let it rise overnight in a cool "
                   "place, and bake it in a very hot oven for forty minutes.\n"),
               {QStringLiteral("sourdough"), QStringLiteral("knead")}),
        sample("heizung.eml",
               DocumentType::Email,
               "de",
               QStringLiteral("Termin für die Heizung"),
               QStringLiteral(
                   "Von: Hausverwaltung\nAn: alle Mieter\nBetreff: Termin für die Heizung\n\n"
                   "Liebe Mieterinnen und Mieter,\n\nam kommenden Donnerstag prüft der "
                   "Schornsteinfeger die Heizung im Keller. Bitte sorgen Sie dafür, dass der "
                   "Zugang zum Keller zwischen acht und zehn Uhr frei ist. Fahrräder dürfen an "
                   "diesem Tag nicht im Flur stehen.\n\nMit freundlichen Grüßen\nIhre "
                   "Hausverwaltung\n"),
               {QStringLiteral("Schornsteinfeger"), QStringLiteral("Heizung")}),
        sample("vendanges.pdf",
               DocumentType::Report,
               "fr",
               QStringLiteral("Rapport sur les vendanges"),
               QStringLiteral(
                   "Rapport sur les vendanges\n\nLes vendanges ont commencé une semaine plus tôt "
                   "que l'année précédente, à cause d'un été très sec. Les raisins sont petits "
                   "mais sucrés, et la récolte est inférieure d'un quart à la moyenne. Les "
                   "vignerons attendent néanmoins un vin d'une qualité remarquable. Les tonneaux "
                   "neufs ont été livrés au mois d'août.\n"),
               {QStringLiteral("vendanges"), QStringLiteral("tonneaux")}),
        sample("excursion.json",
               DocumentType::Chat,
               "es",
               QStringLiteral("Excursión del sábado"),
               QStringLiteral(
                   "Lucía: ¿Quién viene el sábado a la excursión por la montaña?\n"
                   "Mateo: Yo voy, pero necesito unas botas nuevas.\n"
                   "Lucía: Salimos a las siete de la mañana desde la plaza del pueblo.\n"
                   "Mateo: ¿Llevamos bocadillos o comemos en el refugio?\n"
                   "Lucía: Mejor bocadillos, el refugio está cerrado hasta la primavera.\n"),
               {QStringLiteral("bocadillos"), QStringLiteral("refugio")}),
        sample("library.html",
               DocumentType::Html,
               "ja",
               QStringLiteral("図書館のお知らせ"),
               QStringLiteral("図書館のお知らせ\n\n来週の月曜日から、図書館は改修工事のため休館し"
                              "ます。本の返却は入口の横にある返却箱をご利用ください。工事が終わる"
                              "と、二階に新しい閲覧室ができます。\n"),
               {QStringLiteral("図書館"), QStringLiteral("閲覧室")}),
        sample("pompa.docx",
               DocumentType::TechnicalDoc,
               "it",
               QStringLiteral("Manutenzione della pompa"),
               QStringLiteral(
                   "Manutenzione della pompa\n\nPrima di aprire il coperchio, scollegare sempre la "
                   "pompa dalla rete elettrica. Controllare la guarnizione ogni sei mesi e "
                   "sostituirla quando è consumata. Il filtro deve essere pulito con acqua "
                   "tiepida, senza detergenti aggressivi. Dopo il montaggio verificare che non ci "
                   "siano perdite.\n"),
               {QStringLiteral("guarnizione"), QStringLiteral("coperchio")}),
    };
    int number = 0;
    for (SampleDocument &sample : samples) {
        sample.input.owner = owner;
        sample.input.date = day(2024, ++number, 15);
        sample.input.metadata = {{"sample", true}, {"number", number}};
    }
    return samples;
}

DocumentInput plainDocument(const OwnerId &owner, const QString &idAtOrigin, const QString &text)
{
    DocumentInput input;
    input.owner = owner;
    input.idAtOrigin = idAtOrigin;
    input.name = idAtOrigin;
    input.content = text;
    return input;
}

QString manyWords(int count)
{
    QString text;
    for (int i = 0; i < count; ++i)
        text += QStringLiteral("word%1 and some more of them. ").arg(i);
    return text;
}

} // namespace llmemory::testing
