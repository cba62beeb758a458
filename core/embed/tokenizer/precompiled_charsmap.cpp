#include "core/embed/tokenizer/precompiled_charsmap.h"

#include "core/embed/tokenizer/json_values.h"

#include <QByteArray>
#include <QtEndian>

#include <algorithm>
#include <unicode/brkiter.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>

namespace llmemory::embed {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

// A unit of a Darts double array (Yata, darts-clone).
bool hasLeaf(quint32 unit)
{
    return ((unit >> 8) & 1) != 0;
}
quint32 valueOf(quint32 unit)
{
    return unit & 0x7FFF'FFFF;
}
quint32 labelOf(quint32 unit)
{
    return unit & 0x8000'00FF;
}
quint32 offsetOf(quint32 unit)
{
    return (unit >> 10) << ((unit & 0x200) >> 6);
}

/// Below it, only a line feed after a carriage return goes on with the cluster before.
constexpr char16_t kFirstMark = 0x300;

/// Splits clusters; one for each thread, since it is expensive to make.
icu::BreakIterator *clusterIterator()
{
    thread_local const std::unique_ptr<icu::BreakIterator> iterator = [] {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<icu::BreakIterator> made(
            icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
        return U_SUCCESS(status) ? std::move(made) : nullptr;
    }();
    return iterator.get();
}

} // namespace

Result<std::unique_ptr<const Normalizer>> PrecompiledCharsmap::make(
    const nlohmann::json &description)
{
    const auto *encoded = member(description, "precompiled_charsmap");
    const auto wrong = tokenizerError(
        tr("The character map of a normalizer \"Precompiled\" is missing or damaged."));
    if (!encoded || !encoded->is_string())
        return wrong;
    const auto &base64 = encoded->get_ref<const std::string &>();
    const auto decoded = QByteArray::fromBase64Encoding(
        QByteArray::fromRawData(base64.data(), qsizetype(base64.size())),
        QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return wrong;
    const QByteArray &blob = decoded.decoded;
    std::unique_ptr<PrecompiledCharsmap> map(new PrecompiledCharsmap);
    if (!blob.isEmpty()) { // an empty one changes nothing
        constexpr qsizetype kUnit = sizeof(quint32);
        if (blob.size() < kUnit)
            return wrong;
        const auto size = qsizetype(qFromLittleEndian<quint32>(blob.constData()));
        if (size % kUnit != 0 || size == 0 || size > blob.size() - kUnit)
            return wrong;
        map->m_units.resize(size_t(size / kUnit));
        qFromLittleEndian<quint32>(blob.constData() + kUnit, size / kUnit, map->m_units.data());
        map->m_block.assign(blob.constData() + kUnit + size, size_t(blob.size() - kUnit - size));
    }
    map->m_block.push_back('\0');
    for (size_t c = 0; c < map->m_ascii.size(); ++c) {
        const char utf8 = char(c);
        map->m_ascii[c] = map->find(std::string_view(&utf8, 1)) != nullptr;
    }
    return std::unique_ptr<const Normalizer>(std::move(map));
}

const char *PrecompiledCharsmap::find(std::string_view utf8) const
{
    if (m_units.empty())
        return nullptr;
    quint32 position = offsetOf(m_units[0]);
    for (const char c : utf8) {
        const auto byte = quint32(quint8(c));
        position ^= byte;
        if (byte == 0 || position >= m_units.size())
            return nullptr;
        const quint32 unit = m_units[position];
        if (labelOf(unit) != byte)
            return nullptr;
        position ^= offsetOf(unit);
        if (position >= m_units.size())
            return nullptr;
        if (hasLeaf(unit)) {
            const quint32 place = valueOf(m_units[position]);
            return place < m_block.size() ? m_block.data() + place : nullptr;
        }
    }
    return nullptr;
}

void PrecompiledCharsmap::appendCluster(std::u16string &target, std::u16string_view cluster) const
{
    constexpr size_t kMostBytes = 5;
    constexpr size_t kMostUnits = 5; // of so many bytes
    const bool single = cluster.size() == 1 || (cluster.size() == 2 && U16_IS_LEAD(cluster[0]));
    if (!single && cluster.size() <= kMostUnits) {
        const std::string utf8 = unicode::toUtf8(cluster);
        const char *replacement = utf8.size() <= kMostBytes ? find(utf8) : nullptr;
        if (replacement) {
            target.append(unicode::fromUtf8(replacement));
            return;
        }
    }
    for (size_t i = 0; i < cluster.size();) {
        const size_t begin = i;
        U16_FWD_1(cluster.data(), i, cluster.size());
        const auto character = cluster.substr(begin, i - begin);
        if (character[0] < CutRules::kAscii && !m_ascii[character[0]])
            target.push_back(character[0]);
        else if (const char *replacement = find(unicode::toUtf8(character)))
            target.append(unicode::fromUtf8(replacement));
        else
            target.append(character);
    }
}

void PrecompiledCharsmap::apply(std::u16string &text, std::u16string &spare) const
{
    spare.clear();
    const std::u16string_view view(text);
    for (size_t i = 0; i < view.size();) {
        // Quickly over what is a cluster by itself.
        const bool alone = view[i] < kFirstMark && view[i] != u'\r' &&
                           (i + 1 == view.size() || view[i + 1] < kFirstMark);
        if (alone) {
            appendCluster(spare, view.substr(i, 1));
            ++i;
            continue;
        }
        size_t end = i + 1;
        while (end < view.size() &&
               !(view[end] < kFirstMark && view[end - 1] < kFirstMark && view[end - 1] != u'\r'))
            ++end;
        icu::BreakIterator *clusters = clusterIterator();
        if (!clusters) {
            appendCluster(spare, view.substr(i, 1));
            ++i;
            continue;
        }
        clusters->setText(icu::UnicodeString(false, view.data() + i, int32_t(end - i)));
        int32_t from = clusters->first();
        for (int32_t to = clusters->next(); to != icu::BreakIterator::DONE; to = clusters->next()) {
            appendCluster(spare, view.substr(i + size_t(from), size_t(to - from)));
            from = to;
        }
        i = end;
    }
    text.swap(spare);
}

void PrecompiledCharsmap::describe(CutRules &rules) const
{
    rules.readsGraphemes = true;
    rules.collapses = rules.strips = false;
    for (size_t c = 0; c < m_ascii.size(); ++c)
        rules.replaced[c] = rules.replaced[c] || m_ascii[c];
}

} // namespace llmemory::embed
