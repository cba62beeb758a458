#include "core/extract/reason.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace llmemory::extract::reason {

namespace {

constexpr qint64 kMiB = 1024 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::extract", text);
}

qint64 wallSeconds(const ExtractionLimits &limits)
{
    return std::chrono::ceil<std::chrono::seconds>(limits.wallClock).count();
}

QString unsupported(const QString &fileName, const QString &word)
{
    const QString suffix = QFileInfo(fileName).suffix().toLower();
    if (word == QLatin1String(kBinary) || suffix.isEmpty())
        return tr("%1 is not a text file. Not imported.").arg(fileName);
    return tr("Reading .%1 files is not supported yet.").arg(suffix);
}

QString truncated(const QString &fileName, const QString &word, const ExtractionLimits &limits)
{
    if (word == QLatin1String(kPages))
        return tr("%1 has more than %2 pages. The pages after that were left out.")
            .arg(fileName)
            .arg(limits.pdfPages);
    return tr("%1 has more than %2 MB of text. The rest was left out.")
        .arg(fileName)
        .arg(limits.textBytes / kMiB);
}

} // namespace

QString sentence(Outcome outcome,
                 const QString &fileName,
                 const QString &word,
                 const ExtractionLimits &limits)
{
    switch (outcome) {
    case Outcome::Ok:
        return {};
    case Outcome::Truncated:
        return truncated(fileName, word, limits);
    case Outcome::Empty:
        return word == QLatin1String(kScan) ? tr("%1 has pages but no text; it looks like a scan. "
                                                 "Save a copy with recognised text.")
                                                  .arg(fileName)
                                            : tr("%1 has no text. Not imported.").arg(fileName);
    case Outcome::Unsupported:
        return unsupported(fileName, word);
    case Outcome::Encrypted:
        return tr("%1 has a password. Save a copy without one.").arg(fileName);
    case Outcome::Damaged:
        return word == QLatin1String(kDoctype)
                   ? tr("%1 declares a DOCTYPE, which no word processor writes. Not imported.")
                         .arg(fileName)
                   : tr("%1 is damaged or not of the kind its name says. Open it in its program "
                        "and save it again.")
                         .arg(fileName);
    case Outcome::TooLarge:
        return tr("%1 is larger than %2 MB. Not imported.")
            .arg(fileName)
            .arg(limits.inputBytes / kMiB);
    case Outcome::Bomb:
        return word == QLatin1String(kNesting)
                   ? tr("%1 is nested deeper than %2 levels. Not imported.")
                         .arg(fileName)
                         .arg(limits.markupDepth)
                   : tr("%1 expands to more than %2 MB. Not imported.")
                         .arg(fileName)
                         .arg(limits.zipTotalBytes / kMiB);
    case Outcome::Timeout:
        return tr("Reading %1 took over %2 s. Not imported; the other files are.")
            .arg(fileName)
            .arg(word == QLatin1String(kProcessor) ? limits.cpuSeconds : wallSeconds(limits));
    case Outcome::Memory:
        return tr("Reading %1 took over %2 MB of memory. Not imported; the other files are.")
            .arg(fileName)
            .arg(limits.addressSpaceBytes / kMiB);
    case Outcome::Unreadable:
        return tr("%1 cannot be opened.").arg(fileName);
    case Outcome::Cancelled:
        return tr("Stopped on request.");
    case Outcome::Crashed:
        break;
    }
    return tr("Reading %1 failed. Not imported; the other files are.").arg(fileName);
}

} // namespace llmemory::extract::reason
