#include "core/embed/tokenizer/replace_normalizer.h"

#include "core/embed/tokenizer/json_values.h"

#include <algorithm>

namespace llmemory::embed {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::embed", text);
}

bool hasWhitespace(const std::u16string &text)
{
    return std::any_of(
        text.begin(), text.end(), [](char16_t unit) { return unicode::isWhitespace(unit); });
}

} // namespace

Result<QRegularExpression> compileRegex(const std::u16string &pattern)
{
    QRegularExpression regex(QString::fromStdU16String(pattern),
                             QRegularExpression::UseUnicodePropertiesOption |
                                 QRegularExpression::DontCaptureOption);
    if (!regex.isValid()) {
        return tokenizerError(tr("The regular expression \"%1\" is not understood: %2.")
                                  .arg(regex.pattern(), regex.errorString()));
    }
    regex.optimize();
    return regex;
}

Result<std::unique_ptr<const Normalizer>> ReplaceNormalizer::make(const nlohmann::json &description)
{
    const auto *pattern = member(description, "pattern");
    const auto content = textMember(description, "content");
    const auto literal = pattern ? textMember(*pattern, "String") : std::nullopt;
    const auto regex = pattern ? textMember(*pattern, "Regex") : std::nullopt;
    if (!content || (!literal && !regex) || (literal && literal->empty()))
        return tokenizerError(tr("A normalizer \"Replace\" has no pattern or no content."));
    std::unique_ptr<ReplaceNormalizer> replace(new ReplaceNormalizer);
    replace->m_content = *content;
    if (literal) {
        replace->m_literal = *literal;
    } else {
        auto compiled = compileRegex(*regex);
        if (!compiled)
            return compiled.error();
        replace->m_regex = std::move(*compiled);
    }
    return std::unique_ptr<const Normalizer>(std::move(replace));
}

void ReplaceNormalizer::apply(std::u16string &text, std::u16string &spare) const
{
    if (m_literal.empty()) {
        applyRegex(text, spare);
        return;
    }
    size_t found = text.find(m_literal);
    if (found == std::u16string::npos)
        return;
    spare.clear();
    size_t done = 0;
    for (; found != std::u16string::npos; found = text.find(m_literal, done)) {
        spare.append(text, done, found - done).append(m_content);
        done = found + m_literal.size();
    }
    spare.append(text, done);
    text.swap(spare);
}

void ReplaceNormalizer::applyRegex(std::u16string &text, std::u16string &spare) const
{
    const QStringView view(text);
    const auto options = QRegularExpression::DontCheckSubjectStringMatchOption;
    auto match = m_regex.match(view, 0, QRegularExpression::NormalMatch, options);
    if (!match.hasMatch())
        return;
    spare.clear();
    qsizetype done = 0;
    while (match.hasMatch()) {
        spare.append(text, size_t(done), size_t(match.capturedStart() - done)).append(m_content);
        done = match.capturedEnd();
        qsizetype next = done;
        if (match.capturedLength() == 0) { // an empty match must not be found for ever
            next += next + 1 < view.size() && view[next].isHighSurrogate() ? 2 : 1;
            if (next > view.size())
                break;
        }
        match = m_regex.match(view, next, QRegularExpression::NormalMatch, options);
    }
    spare.append(text, size_t(done));
    text.swap(spare);
}

bool ReplaceNormalizer::collapsesSpace() const
{
    return m_literal.empty() && m_regex.pattern() == QLatin1String("\\s+") && m_content == u" ";
}

void ReplaceNormalizer::describe(CutRules &rules) const
{
    if (m_literal.empty()) {
        const bool joinsSpaces = m_regex.pattern() == QLatin1String(" {2,}") && m_content == u" ";
        if (!collapsesSpace() && !joinsSpaces)
            rules.normalizesWords = false;
        if (collapsesSpace())
            rules.collapses = true;
        return;
    }
    if (hasWhitespace(m_literal))
        rules.normalizesWords = false;
    if (hasWhitespace(m_content))
        rules.collapses = rules.strips = false;
    const bool spaced =
        m_content.size() > 1 && m_content.front() == u' ' && m_content.back() == u' ';
    for (const char16_t unit : m_literal) {
        if (unit >= CutRules::kAscii)
            continue;
        if (m_literal.size() > 1)
            rules.joined[unit] = true;
        else if (spaced)
            rules.spaced[unit] = true;
        else
            rules.replaced[unit] = true;
    }
}

} // namespace llmemory::embed
