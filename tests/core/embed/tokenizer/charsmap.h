#pragma once

#include <QByteArray>
#include <QtEndian>

#include <map>
#include <set>
#include <string>
#include <vector>

/// Makes a character map as SentencePiece stores it: a double array (Darts) over the keys, and the
/// replacements. Slow; for a handful of entries.
class CharsmapBuilder
{
public:
    explicit CharsmapBuilder(const std::map<std::string, std::string> &entries)
    {
        for (const auto &[key, replacement] : entries) {
            m_keys[key] = quint32(m_block.size());
            m_block += replacement + '\0';
        }
        m_units.resize(1);
        m_used.insert(0);
        place(0, "");
    }
    QByteArray base64() const
    {
        QByteArray blob(qsizetype(4 + m_units.size() * 4), '\0');
        qToLittleEndian<quint32>(quint32(m_units.size() * 4), blob.data());
        qToLittleEndian<quint32>(m_units.data(), qsizetype(m_units.size()), blob.data() + 4);
        blob += QByteArray::fromStdString(m_block);
        return blob.toBase64();
    }

private:
    /// Places the children of the unit at @p position, which stands for @p prefix.
    void place(quint32 position, const std::string &prefix)
    {
        std::set<quint32> labels; // 0 = the key ends here
        for (const auto &[key, value] : m_keys) {
            if (key.compare(0, prefix.size(), prefix) == 0)
                labels.insert(key.size() == prefix.size() ? 0 : quint8(key[prefix.size()]));
        }
        quint32 offset = 1;
        const auto isTaken = [&] {
            for (const quint32 label : labels) {
                if (m_used.count(position ^ offset ^ label) > 0)
                    return true;
            }
            return false;
        };
        while (isTaken())
            ++offset;
        const quint32 base = position ^ offset;
        for (const quint32 label : labels) {
            m_used.insert(base ^ label);
            m_units.resize(std::max(m_units.size(), size_t(base ^ label) + 1));
            m_units[base ^ label] = label == 0 ? m_keys[prefix] : label;
        }
        m_units[position] |= (offset << 10) | (labels.count(0) > 0 ? 1U << 8 : 0);
        for (const quint32 label : labels) {
            if (label != 0)
                place(base ^ label, prefix + char(label));
        }
    }

    std::map<std::string, quint32> m_keys;
    std::string m_block;
    std::vector<quint32> m_units;
    std::set<quint32> m_used;
};
