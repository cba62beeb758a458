#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

class QXmlStreamReader;

namespace llmemory::extract::ooxml {

/// A reference from one part of a package to another.
struct Relationship
{
    QString id;
    QString type; ///< last component of its type's URI: "officeDocument", "footnotes", "header"
    QByteArray target; ///< name of the entry, without leading slash
};

/// The attribute of the current element by its local name: the prefix differs between programs, and
/// the namespace between the two editions of the standard.
QString attribute(const QXmlStreamReader &reader, const char *name);
/// 1-9 for the value 0-8 of an outline level, 0 for body text.
int headingLevelOf(const QString &outlineLevel);
/// The relationships in @p xml (a .rels part) of an entry that lies in @p folder ("word/" or "");
/// external ones left out.
QList<Relationship> relationships(const QByteArray &xml, const QByteArray &folder);

} // namespace llmemory::extract::ooxml
