#pragma once

#include "core/embed/tokenizer/normalizer.h"

#include <string_view>
#include <vector>

namespace llmemory::embed {

/// The character map of SentencePiece: a double array (Darts) of UTF-8 sequences, with a place in a
/// block of zero-terminated replacements for each. As Hugging Face's tokenizers apply it: to
/// grapheme clusters of at most 5 bytes, else to characters, and by the shortest sequence of the
/// map that they begin with.
class PrecompiledCharsmap final : public Normalizer
{
public:
    /// From {"precompiled_charsmap": base64}. Error: Configuration
    static Result<std::unique_ptr<const Normalizer>> make(const nlohmann::json &description);

    void apply(std::u16string &text, std::u16string &spare) const override;
    void describe(CutRules &rules) const override;

private:
    PrecompiledCharsmap() = default;

    /// The replacement of what @p utf8 begins with; nullptr when the map has nothing.
    const char *find(std::string_view utf8) const;
    void appendCluster(std::u16string &target, std::u16string_view cluster) const;

    std::vector<quint32> m_units;                 ///< of the double array
    std::string m_block;                          ///< ends with a zero
    std::array<bool, CutRules::kAscii> m_ascii{}; ///< characters that the map has
};

} // namespace llmemory::embed
