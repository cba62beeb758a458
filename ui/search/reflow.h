#pragma once

#include <QString>

namespace llmemory::ui {

/// Text as a page broke it into lines, with the lines of a paragraph joined: a line break becomes a
/// space where the line before it is about as long as the page's lines are. Every character keeps
/// its position, so ranges stay right. Pure.
QString reflowed(QString text);

} // namespace llmemory::ui
