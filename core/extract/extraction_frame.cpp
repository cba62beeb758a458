#include "core/extract/extraction_frame.h"

#include "core/base/text.h"

#include <QtEndian>

#include <algorithm>
#include <limits>

namespace llmemory::extract {

namespace {

constexpr qsizetype kLengthBytes = 4;
/// Object, structure, heading: a frame has three levels, metadata at most eight below the first.
constexpr int kMostDepth = llmemory::limits::kJsonDepth + 2;
constexpr int kDeepestHeading = 9;

/// Parses without exceptions and without ever building more than @p mostValues values.
std::optional<Json> parseBounded(QByteArrayView text, int mostValues)
{
    int values = 0;
    bool refused = false;
    const auto watch = [&](int depth, Json::parse_event_t event, Json &) {
        if (event == Json::parse_event_t::value || event == Json::parse_event_t::key)
            ++values;
        const bool opens =
            event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
        if (opens && (++values, depth >= kMostDepth))
            refused = true;
        refused = refused || values > mostValues;
        return !refused;
    };
    Json parsed = Json::parse(text.begin(), text.end(), watch, false);
    if (refused || parsed.is_discarded())
        return std::nullopt;
    return parsed;
}

const Json &member(const Json &object, const char *name)
{
    static const Json null;
    const auto found = object.find(name);
    return found == object.end() ? null : *found;
}

std::optional<qsizetype> offsetWithin(const Json &value, qsizetype from, qsizetype to)
{
    if (!value.is_number_integer() || value.is_number_float())
        return std::nullopt;
    if (value.is_number_unsigned() &&
        value.get<quint64>() > quint64(std::numeric_limits<qsizetype>::max()))
        return std::nullopt;
    const auto offset = qsizetype(value.get<qint64>());
    if (offset < from || offset > to)
        return std::nullopt;
    return offset;
}

bool readPages(const Json &pages, Extraction &extraction)
{
    qsizetype previous = 0;
    for (const Json &page : pages) {
        const auto start = offsetWithin(page, previous, extraction.text.size());
        if (!start)
            return false;
        previous = *start;
        extraction.structure.pageStarts.append(*start);
    }
    return true;
}

bool readHeadings(const Json &headings, Extraction &extraction, const ExtractionLimits &limits)
{
    if (headings.size() > size_t(limits.headings))
        return false;
    qsizetype previous = 0;
    for (const Json &entry : headings) {
        if (!entry.is_array() || entry.size() != 3 || !entry[2].is_string())
            return false;
        const auto level = offsetWithin(entry[0], 1, kDeepestHeading);
        const auto start = offsetWithin(entry[1], previous, extraction.text.size());
        if (!level || !start)
            return false;
        previous = *start;
        const QString title = elided(scrubbed(toQString(entry[2])), limits.headingLength);
        extraction.structure.headings.append(
            {.level = int(*level), .charStart = *start, .title = title});
    }
    return true;
}

bool isWellFormed(const QString &text, const ExtractionLimits &limits)
{
    return text.size() <= limits.textLength && !text.contains(QChar(u'\0'));
}

std::optional<Extraction> read(const Json &json, const ExtractionLimits &limits)
{
    Extraction extraction;
    extraction.outcome = outcomeFromString(toQString(member(json, "outcome")));
    extraction.text = toQString(member(json, "text"));
    if (!isWellFormed(extraction.text, limits) || extraction.hasText() == extraction.text.isEmpty())
        return std::nullopt;
    if (!readPages(member(json, "pages"), extraction) ||
        !readHeadings(member(json, "headings"), extraction, limits))
        return std::nullopt;
    extraction.type =
        documentTypeFromString(toQString(member(json, "type"))).value_or(DocumentType::Unknown);
    extraction.title = elided(scrubbed(toQString(member(json, "title"))), limits.headingLength);
    extraction.reason = toQString(member(json, "reason"));
    if (const Json &metadata = member(json, "metadata"); llmemory::limits::checkMetadata(metadata))
        extraction.metadata = metadata;
    return extraction;
}

} // namespace

QByteArray toFrame(const Extraction &extraction)
{
    Json pages = Json::array();
    for (const qsizetype start : extraction.structure.pageStarts)
        pages.push_back(start);
    Json headings = Json::array();
    for (const Heading &heading : extraction.structure.headings)
        headings.push_back(Json::array({heading.level, heading.charStart, toJson(heading.title)}));

    const QByteArray body = toUtf8(Json{{"outcome", toJson(toString(extraction.outcome))},
                                        {"text", toJson(extraction.text)},
                                        {"pages", std::move(pages)},
                                        {"headings", std::move(headings)},
                                        {"type", toJson(toString(extraction.type))},
                                        {"title", toJson(extraction.title)},
                                        {"metadata", extraction.metadata},
                                        {"reason", toJson(extraction.reason)}});
    QByteArray frame(kLengthBytes, Qt::Uninitialized);
    qToBigEndian(quint32(body.size()), frame.data());
    return frame.append(body);
}

std::optional<Extraction> fromFrame(const QByteArray &frame, const ExtractionLimits &limits)
{
    if (frame.size() <= kLengthBytes || frame.size() > limits.frameBytes)
        return std::nullopt;
    const auto length = qsizetype(qFromBigEndian<quint32>(frame.constData()));
    if (length != frame.size() - kLengthBytes)
        return std::nullopt;
    const auto json = parseBounded(QByteArrayView(frame).sliced(kLengthBytes), limits.frameValues);
    if (!json || !json->is_object())
        return std::nullopt;
    return read(*json, limits);
}

} // namespace llmemory::extract
