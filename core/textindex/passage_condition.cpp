#include "core/textindex/passage_condition.h"

#include "core/textindex/lexemes.h"
#include "core/textindex/posting.h"

#include <algorithm>
#include <iterator>

namespace llmemory::textindex {

namespace {

using Numbers = std::vector<quint32>;

/// Those of the passages that have a term; nothing where a list is damaged.
std::optional<Numbers> numbersOf(const TermLists &term)
{
    Postings all;
    for (const QByteArrayView list : term.lists) {
        const auto postings = decodePostings(list);
        if (!postings)
            return std::nullopt;
        all.insert(all.end(), postings->begin(), postings->end());
    }
    settle(all);
    Numbers numbers;
    numbers.reserve(all.size());
    for (const Posting &posting : all) {
        if (!posting.removed)
            numbers.push_back(posting.chunk);
    }
    return numbers;
}

} // namespace

struct PassageCondition::Node
{
    enum class Kind {
        Term,    ///< passages that have it
        All,     ///< of the operands
        Any,     ///< of the operands
        Unknown, ///< nothing is known
    };

    Kind kind = Kind::Unknown;
    QByteArray term = {};
    std::vector<Node> operands = {};

    void addTerms(QList<AskedTerm> &terms) const
    {
        const bool isNew = std::none_of(terms.begin(), terms.end(), [this](const AskedTerm &known) {
            return known.term == term;
        });
        if (kind == Kind::Term && isNew)
            terms.append({term, 1});
        for (const Node &operand : operands)
            operand.addTerms(terms);
    }

    /// Nothing = all of them, as far as is known.
    std::optional<Numbers> numbers(const QHash<QByteArray, Numbers> &known) const
    {
        std::optional<Numbers> found;
        switch (kind) {
        case Kind::Unknown:
            break;
        case Kind::Term:
            return known.value(term);
        case Kind::All:
            for (const Node &operand : operands) {
                const auto next = operand.numbers(known);
                if (!next)
                    continue;
                if (!found) {
                    found = next;
                    continue;
                }
                Numbers both;
                std::set_intersection(found->begin(),
                                      found->end(),
                                      next->begin(),
                                      next->end(),
                                      std::back_inserter(both));
                found = std::move(both);
            }
            break;
        case Kind::Any:
            found.emplace();
            for (const Node &operand : operands) {
                const auto next = operand.numbers(known);
                if (!next)
                    return std::nullopt;
                Numbers either;
                std::set_union(found->begin(),
                               found->end(),
                               next->begin(),
                               next->end(),
                               std::back_inserter(either));
                found = std::move(either);
            }
            break;
        }
        return found;
    }
};

/// PostgreSQL's order of operators: "|" binds least, then "&", "<->" and "<2>", "!".
class PassageCondition::Parser
{
public:
    explicit Parser(QStringView text) : m_text(text) {}

    std::optional<Node> parse()
    {
        auto root = any();
        skipSpaces();
        return root && m_at == m_text.size() ? root : std::nullopt;
    }

private:
    std::optional<Node> any()
    {
        return listOf(Node::Kind::Any, &Parser::all, [this] { return take(u'|'); });
    }

    std::optional<Node> all()
    {
        return listOf(Node::Kind::All, &Parser::phrase, [this] { return take(u'&'); });
    }

    std::optional<Node> phrase()
    {
        return listOf(Node::Kind::All, &Parser::operand, [this] {
            const qsizetype start = m_at;
            if (!take(u'<'))
                return false;
            while (m_at < m_text.size() && (m_text.at(m_at).isDigit() || m_text.at(m_at) == u'-'))
                ++m_at;
            if (take(u'>'))
                return true;
            m_at = start;
            return false;
        });
    }

    std::optional<Node> operand()
    {
        if (take(u'!')) {
            const auto excluded = operand();
            return excluded ? std::optional(Node()) : std::nullopt;
        }
        if (take(u'(')) {
            auto inner = any();
            return inner && take(u')') ? inner : std::nullopt;
        }
        skipSpaces();
        if (m_at >= m_text.size() || m_text.at(m_at) != u'\'')
            return std::nullopt;
        const QByteArray lexeme = quotedLexeme(m_text, m_at);
        bool isPrefix = false;
        if (m_at < m_text.size() && m_text.at(m_at) == u':') {
            for (++m_at; m_at < m_text.size() && QStringView(u"*ABCD").contains(m_text.at(m_at));
                 ++m_at)
                isPrefix = isPrefix || m_text.at(m_at) == u'*';
        }
        if (isPrefix || isHyphenatedWord(lexeme))
            return Node();
        return Node{.kind = Node::Kind::Term, .term = termOf(lexeme)};
    }

    template <typename Separator>
    std::optional<Node> listOf(Node::Kind kind,
                               std::optional<Node> (Parser::*part)(),
                               const Separator &separator)
    {
        Node list{.kind = kind};
        do {
            auto next = (this->*part)();
            if (!next)
                return std::nullopt;
            list.operands.push_back(std::move(*next));
        } while (separator());
        return list.operands.size() == 1 ? list.operands.front() : list;
    }

    bool take(QChar sign)
    {
        skipSpaces();
        if (m_at >= m_text.size() || m_text.at(m_at) != sign)
            return false;
        ++m_at;
        return true;
    }

    void skipSpaces()
    {
        while (m_at < m_text.size() && m_text.at(m_at) == u' ')
            ++m_at;
    }

    const QStringView m_text;
    qsizetype m_at = 0;
};

std::optional<PassageCondition> PassageCondition::parse(const QString &tsquery)
{
    auto root = Parser(tsquery).parse();
    if (!root)
        return std::nullopt;
    return PassageCondition(std::make_shared<const Node>(std::move(*root)));
}

QList<AskedTerm> PassageCondition::terms() const
{
    QList<AskedTerm> terms;
    m_root->addTerms(terms);
    return terms;
}

std::optional<std::vector<quint32>> PassageCondition::passages(const QList<TermLists> &lists,
                                                               size_t most) const
{
    QHash<QByteArray, Numbers> known;
    for (const TermLists &term : lists) {
        auto numbers = numbersOf(term);
        if (!numbers)
            return std::nullopt;
        known.insert(term.term, std::move(*numbers));
    }
    auto found = m_root->numbers(known);
    return found && found->size() <= most ? found : std::nullopt;
}

} // namespace llmemory::textindex
