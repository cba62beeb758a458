#pragma once

#include <QDate>
#include <QString>

namespace llmemory {

/// Days, both inclusive; an invalid one is open. Both invalid: all days.
struct DateRange
{
    QDate from = {};
    QDate to = {};

    friend bool operator==(const DateRange &, const DateRange &) = default;
};

/// Pages from 1, both inclusive; 0 is open. Both 0: all pages.
struct PageRange
{
    int from = 0;
    int to = 0;

    friend bool operator==(const PageRange &, const PageRange &) = default;
};

/// One comparison with a top-level value of a document's metadata (or, where there is none of that
/// name, a nested one: "a.b" is b of a). A list matches when one of its values does.
struct MetadataCondition
{
    enum class Operator { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };

    QString key;
    Operator comparison = Operator::Equal;
    /// As typed. A number is compared as one, also with numbers in strings; an ISO date (2024,
    /// 2024-05, 2024-05-17; a bare year is a number) as the days it stands for; else as text, which
    /// is exact.
    QString value;

    friend bool operator==(const MetadataCondition &, const MetadataCondition &) = default;
};

/// One part of what a user typed, as a window shows it: removable on its own.
struct QueryPart
{
    enum class Kind {
        Word,     ///< one alternative among the words; also signs without a letter
        Phrase,   ///< "words in this order"
        Prefix,   ///< wor*
        Near,     ///< value NEAR/distance other, in any order
        Type,     ///< type:
        Name,     ///< name:
        Path,     ///< path:
        Language, ///< lang:
        Tag,      ///< tag:
        Page,     ///< page:
        Date,     ///< date:, before:, after:
        Metadata, ///< key=value
    };
    enum class Sign {
        None,
        Required, ///< +; with anything but a word the same as None
        Excluded, ///< -
    };

    Kind kind = Kind::Word;
    Sign sign = Sign::None;
    qsizetype start = 0;  ///< in the text, UTF-16, the sign included
    qsizetype length = 0; ///< UTF-16, quotes included
    /// Without sign, field name, quotes and the star of a prefix. Type: a word of DocumentType.
    /// Language: a code as documents have it. Metadata: the value.
    QString value = {};

    QString other = {};               ///< Near: the second word or phrase
    int distance = 0;                 ///< Near: words apart at most, 1-50
    PageRange pages = {};             ///< Page
    DateRange dates = {};             ///< Date
    MetadataCondition condition = {}; ///< Metadata

    friend bool operator==(const QueryPart &, const QueryPart &) = default;
};

} // namespace llmemory
