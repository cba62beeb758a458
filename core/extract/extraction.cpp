#include "core/extract/extraction.h"

#include <algorithm>
#include <array>
#include <utility>

namespace llmemory::extract {

namespace {

const std::array<std::pair<Outcome, QString>, 13> &words()
{
    static const std::array<std::pair<Outcome, QString>, 13> table{{
        {Outcome::Ok, QStringLiteral("ok")},
        {Outcome::Truncated, QStringLiteral("truncated")},
        {Outcome::Empty, QStringLiteral("empty")},
        {Outcome::Unsupported, QStringLiteral("unsupported")},
        {Outcome::Encrypted, QStringLiteral("encrypted")},
        {Outcome::Damaged, QStringLiteral("damaged")},
        {Outcome::TooLarge, QStringLiteral("too_large")},
        {Outcome::Bomb, QStringLiteral("bomb")},
        {Outcome::Timeout, QStringLiteral("timeout")},
        {Outcome::Memory, QStringLiteral("memory")},
        {Outcome::Crashed, QStringLiteral("crashed")},
        {Outcome::Unreadable, QStringLiteral("unreadable")},
        {Outcome::Cancelled, QStringLiteral("cancelled")},
    }};
    return table;
}

} // namespace

QString toString(Outcome outcome)
{
    const auto found = std::find_if(
        words().begin(), words().end(), [&](const auto &entry) { return entry.first == outcome; });
    return found == words().end() ? QStringLiteral("crashed") : found->second;
}

bool isAboutContent(Outcome outcome)
{
    return outcome != Outcome::Unreadable && outcome != Outcome::Cancelled;
}

Outcome outcomeFromString(const QString &word)
{
    const auto found = std::find_if(
        words().begin(), words().end(), [&](const auto &entry) { return entry.second == word; });
    return found == words().end() ? Outcome::Crashed : found->first;
}

} // namespace llmemory::extract
