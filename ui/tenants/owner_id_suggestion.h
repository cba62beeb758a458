#pragma once

#include <QString>

namespace llmemory::ui {

/// A valid id made of a name: "Müller & Söhne" → "muller-sohne". At most 64 characters; empty when
/// no letter of the name is left. Pure.
QString suggestOwnerId(const QString &displayName);

} // namespace llmemory::ui
