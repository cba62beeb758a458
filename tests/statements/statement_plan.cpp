#include "tests/statements/statement_plan.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace llmemory::testing {

namespace {

QString field(const Json &node, const char *key)
{
    const auto found = node.find(key);
    return found == node.end() ? QString() : toQString(*found);
}

/// The expressions of a node's rows; none where nothing above needs a value of them.
QStringList outputOf(const Json &node)
{
    QStringList expressions;
    for (const Json &expression : node.value("Output", Json::array()))
        expressions << toQString(expression);
    return expressions;
}

/// Cuts at " AND " outside of parentheses and strings; the whole text where there is none.
QStringList conjuncts(QString condition)
{
    QStringList parts;
    int depth = 0;
    bool quoted = false;
    bool outerPair = condition.startsWith(QLatin1Char('('));
    qsizetype start = 0;
    for (qsizetype i = 0; i < condition.size(); ++i) {
        const QChar c = condition[i];
        if (c == QLatin1Char('\''))
            quoted = !quoted;
        if (quoted)
            continue;
        depth += c == QLatin1Char('(') ? 1 : c == QLatin1Char(')') ? -1 : 0;
        outerPair = outerPair && (depth > 0 || i == condition.size() - 1);
        if (depth == 0 && QStringView(condition).mid(i).startsWith(QLatin1String(" AND "))) {
            parts.append(condition.mid(start, i - start));
            start = i + 5;
        }
    }
    if (outerPair)
        return conjuncts(condition.mid(1, condition.size() - 2));
    parts.append(condition.mid(start));
    if (parts.size() == 1)
        return parts;
    QStringList all;
    for (const QString &part : std::as_const(parts))
        all << conjuncts(part);
    return all;
}

bool isParameter(const QString &text)
{
    static const QRegularExpression pattern(QStringLiteral("^\\$(\\d+)\\z"));
    const auto match = pattern.match(text);
    return match.hasMatch() && match.captured(1).toInt() >= kFirstParameter;
}

/// `c` for `c.owner_id`; empty for anything else.
QString ownerOf(const QString &text)
{
    static const QRegularExpression pattern(QStringLiteral("^\"?([^\".()]+)\"?\\.owner_id\\z"));
    return pattern.match(text).captured(1);
}

/// Walks a plan, notes who is scanned and what each scan's owner must be equal to.
class Plan
{
public:
    explicit Plan(const QHash<QString, int> &tables) : m_tables(tables) {}

    QStringList judge(const Json &root)
    {
        walk(root);
        for (bool changed = true; changed;) {
            changed = false;
            for (const auto &[scan, source] : std::as_const(m_equal)) {
                if (m_restricted.contains(source) && !m_restricted.contains(scan)) {
                    m_restricted.insert(scan);
                    changed = true;
                }
            }
        }
        for (auto scan = m_scans.cbegin(); scan != m_scans.cend(); ++scan) {
            if (!m_restricted.contains(scan.key()))
                m_faults
                    << QStringLiteral("reads %1 (%2) of every owner").arg(scan.value(), scan.key());
        }
        m_faults.sort();
        return m_faults;
    }

private:
    /// @return the names under which the node and those below are known.
    QSet<QString> walk(const Json &node)
    {
        QSet<QString> outer;
        QSet<QString> inner;
        const auto children = node.find("Plans");
        if (children != node.end()) {
            for (const Json &child : *children) {
                const bool isInner = field(child, "Parent Relationship") == QLatin1String("Inner");
                (isInner ? inner : outer) |= walk(child);
            }
        }
        const QString table = field(node, "Relation Name");
        const QString alias = field(node, "Alias");
        if (field(node, "Node Type") == QLatin1String("ModifyTable"))
            noteInsertion(node, table);
        else if (m_tables.contains(table))
            m_scans.insert(alias, table);

        for (const char *key : {"Filter", "Index Cond", "Recheck Cond", "TID Cond"})
            noteConditions(field(node, key), [&](const QString &scan) { return scan == alias; });
        const QString join = field(node, "Join Type");
        for (const char *key : {"Hash Cond", "Merge Cond", "Join Filter"}) {
            noteConditions(field(node, key), [&](const QString &scan) {
                // Only the side whose rows must match is restricted by it.
                if (join == QLatin1String("Inner") || join == QLatin1String("Semi"))
                    return true;
                if (join == QLatin1String("Left") || join == QLatin1String("Anti"))
                    return inner.contains(scan);
                return join == QLatin1String("Right") && outer.contains(scan);
            });
        }
        noteOutput(node, alias);
        return (outer | inner) << alias;
    }

    template <typename Applies>
    void noteConditions(const QString &condition, Applies applies)
    {
        if (condition.isEmpty())
            return;
        for (const QString &part : conjuncts(condition)) {
            const QStringList sides = part.split(QLatin1String(" = "));
            if (sides.size() != 2)
                continue;
            for (const int side : {0, 1}) {
                const QString scan = ownerOf(sides[side]);
                if (!scan.isEmpty() && applies(scan))
                    noteEqual(scan, sides[1 - side]);
            }
        }
    }

    void noteEqual(const QString &scan, const QString &value)
    {
        if (isParameter(value))
            m_restricted.insert(scan);
        else if (const QString other = ownerOf(value); !other.isEmpty())
            m_equal.append({scan, other});
    }

    /// The owner_id of a subquery is the one of what it reads.
    void noteOutput(const Json &node, const QString &alias)
    {
        if (field(node, "Node Type") != QLatin1String("Subquery Scan"))
            return;
        const QStringList mine = outputOf(node);
        const QStringList theirs = outputOf(node.at("Plans").at(0));
        for (qsizetype i = 0; i < mine.size() && i < theirs.size(); ++i) {
            if (ownerOf(mine.at(i)) == alias)
                noteEqual(alias, theirs.at(i));
        }
    }

    void noteInsertion(const Json &node, const QString &table)
    {
        if (field(node, "Operation") != QLatin1String("Insert") || !m_tables.contains(table))
            return;
        // The others are subqueries.
        const Json &children = node.at("Plans");
        const auto source = std::find_if(children.begin(), children.end(), [](const Json &child) {
            return field(child, "Parent Relationship") == QLatin1String("Outer");
        });
        const QString owner =
            source == children.end() ? QString() : outputOf(*source).value(m_tables.value(table));
        if (!isParameter(owner) && ownerOf(owner).isEmpty())
            m_faults << QStringLiteral("inserts into %1 with the owner %2").arg(table, owner);
    }

    const QHash<QString, int> &m_tables;
    QHash<QString, QString> m_scans; // table by alias
    QSet<QString> m_restricted;
    QList<std::pair<QString, QString>> m_equal; // the first is restricted when the second is
    QStringList m_faults;
};

} // namespace

QStringList faultsOfPlan(const Json &plan, const QHash<QString, int> &tables)
{
    return Plan(tables).judge(plan.at(0).at("Plan"));
}

} // namespace llmemory::testing
