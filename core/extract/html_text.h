#pragma once

#include "core/base/json.h"

#include <QByteArray>
#include <QString>

namespace llmemory::extract {

class TextBuilder;

/// What an HTML document says about itself.
struct HtmlFacts
{
    QString title; ///< of <title>; empty where it has none
    Json metadata =
        Json::object(); ///< "author", "description", "created", "language", as far as given
};

/// Appends the readable text of @p html: paragraphs, headings, list items, table rows as lines of
/// cells, images by their alternative text. Left out: navigation, scripts, styles, forms, hidden
/// elements. Nothing is loaded.
/// @param html        UTF-8; a document or a fragment
/// @param mostDepth   elements nested deeper lose their structure, not their text
HtmlFacts appendHtml(TextBuilder &builder, const QByteArray &html, int mostDepth);

/// The character(s) that an entity such as "&auml;" or "&#228;" stands for; the entity itself where
/// it is none.
QString decodedEntity(const QByteArray &entity);

} // namespace llmemory::extract
