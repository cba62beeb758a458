#include "core/migrate/script_words.h"

namespace llmemory::migrate {

namespace {

constexpr qsizetype kMostWords = 6;

bool isWordStart(QChar c)
{
    return c.isLetter() || c == QLatin1Char('_');
}

bool isWordPart(QChar c)
{
    return c.isLetterOrNumber() || c == QLatin1Char('_') || c == QLatin1Char('$');
}

/// Walks over a script by PostgreSQL's lexical rules.
class Scanner
{
public:
    explicit Scanner(QStringView sql) : m_sql(sql) {}

    QList<QStringList> run()
    {
        while (m_at < m_sql.size())
            step();
        endStatement();
        return m_statements;
    }

private:
    bool follows(QLatin1String text) const { return m_sql.mid(m_at).startsWith(text); }

    void step()
    {
        const QChar c = m_sql[m_at];
        if (follows(QLatin1String("--")))
            skipPast(QLatin1String("\n"));
        else if (follows(QLatin1String("/*")))
            skipComment();
        else if (c == QLatin1Char('\''))
            skipQuoted(c, m_escapes);
        else if (c == QLatin1Char('"'))
            skipQuoted(c, false);
        else if (c == QLatin1Char('$'))
            skipDollarQuoted();
        else if (isWordStart(c))
            return readWord();
        else if (c == QLatin1Char(';') && m_bodyDepth == 0) {
            endStatement();
            ++m_at;
        } else
            ++m_at;
        m_escapes = false;
    }

    void skipPast(QStringView text)
    {
        const qsizetype end = m_sql.indexOf(text, m_at);
        m_at = end < 0 ? m_sql.size() : end + text.size();
    }
    void skipPast(QLatin1String text) { skipPast(QString(text)); }

    // They nest, unlike C's.
    void skipComment()
    {
        int depth = 0;
        do {
            if (follows(QLatin1String("/*"))) {
                ++depth;
                m_at += 2;
            } else if (follows(QLatin1String("*/"))) {
                --depth;
                m_at += 2;
            } else {
                ++m_at;
            }
        } while (depth > 0 && m_at < m_sql.size());
    }

    // A doubled quote looks like the end of one text and the start of the next, with the same
    // outcome.
    void skipQuoted(QChar quote, bool escapes)
    {
        for (++m_at; m_at < m_sql.size() && m_sql[m_at] != quote; ++m_at) {
            if (escapes && m_sql[m_at] == QLatin1Char('\\'))
                ++m_at;
        }
        ++m_at;
    }

    void skipDollarQuoted()
    {
        qsizetype end = m_at + 1;
        while (end < m_sql.size() && isWordPart(m_sql[end]) && m_sql[end] != QLatin1Char('$'))
            ++end;
        const bool isQuote = end < m_sql.size() && m_sql[end] == QLatin1Char('$') &&
                             (end == m_at + 1 || isWordStart(m_sql[m_at + 1]));
        const QStringView tag = m_sql.mid(m_at, end + 1 - m_at);
        m_at = end;
        if (isQuote) {
            ++m_at;
            skipPast(tag);
        }
    }

    void readWord()
    {
        const qsizetype start = m_at;
        while (m_at < m_sql.size() && isWordPart(m_sql[m_at]))
            ++m_at;
        const QString word = m_sql.mid(start, m_at - start).toString().toUpper();
        // E'…' is the only string in which a backslash escapes.
        m_escapes = word == QLatin1String("E");
        // The statements of an SQL function's body end with semicolons of their own.
        if (word == QLatin1String("ATOMIC") && m_lastWord == QLatin1String("BEGIN"))
            m_bodyDepth = 1;
        else if (m_bodyDepth > 0 && word == QLatin1String("CASE"))
            ++m_bodyDepth;
        else if (m_bodyDepth > 0 && word == QLatin1String("END"))
            --m_bodyDepth;
        if (m_words.size() < kMostWords)
            m_words.append(word);
        m_lastWord = word;
    }

    void endStatement()
    {
        if (!m_words.isEmpty())
            m_statements.append(m_words);
        m_words.clear();
        m_lastWord.clear();
    }

    QStringView m_sql;
    qsizetype m_at = 0;
    bool m_escapes = false;
    int m_bodyDepth = 0;
    QString m_lastWord;
    QStringList m_words;
    QList<QStringList> m_statements;
};

} // namespace

QList<QStringList> statementWords(const QString &sql)
{
    return Scanner(sql).run();
}

} // namespace llmemory::migrate
