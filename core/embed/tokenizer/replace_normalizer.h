#pragma once

#include "core/embed/tokenizer/normalizer.h"

#include <QRegularExpression>

namespace llmemory::embed {

/// Replaces every match of a pattern by a fixed text.
class ReplaceNormalizer final : public Normalizer
{
public:
    /// From {"pattern": {"String": …} or {"Regex": …}, "content": …}. Error: Configuration
    static Result<std::unique_ptr<const Normalizer>> make(const nlohmann::json &description);

    void apply(std::u16string &text, std::u16string &spare) const override;
    void describe(CutRules &rules) const override;

private:
    ReplaceNormalizer() = default;

    void applyRegex(std::u16string &text, std::u16string &spare) const;
    bool collapsesSpace() const;

    std::u16string m_literal; ///< empty = m_regex is used
    QRegularExpression m_regex;
    std::u16string m_content;
};

/// A regular expression of a tokenizer.json, with Unicode properties, ready for many threads.
/// Error: Configuration with its mistake.
Result<QRegularExpression> compileRegex(const std::u16string &pattern);

} // namespace llmemory::embed
