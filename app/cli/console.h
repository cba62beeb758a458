#pragma once

#include "core/base/json.h"

#include <QString>

namespace llmemory::app {

/// Looks of a piece of text on a terminal.
enum class Style { Bold, Dim, Highlight, Green, Yellow, Red };

/// The program's standard streams: results to stdout, all else to stderr. Colours and the status
/// line appear on a terminal only. Main thread.
class Console
{
public:
    Console();
    ~Console();
    Q_DISABLE_COPY_MOVE(Console)

    /// A line of results.
    void print(const QString &line);
    /// A JSON object as one line of results, passed on at once.
    void printJson(const Json &value);
    /// A message for people on stderr.
    void note(const QString &message);
    /// The same for a failure: "llmemory: …".
    void error(const QString &message);

    /// A question on stderr; the cursor stays behind it.
    void prompt(const QString &question);

    /// Replaces the status line at the bottom of the terminal; without a terminal on stderr nothing
    /// happens.
    void showStatus(const QString &text);
    void clearStatus();

    bool inputIsTerminal() const { return m_inputIsTerminal; }
    bool outputIsTerminal() const { return m_outputIsTerminal; }
    bool errorIsTerminal() const { return m_errorIsTerminal; }
    /// Columns of the terminal, at least 40; 80 where there is none.
    int width() const;

    /// @p text in a style; unchanged when stdout is no terminal or NO_COLOR is set.
    QString styled(const QString &text, Style style) const;

private:
    bool m_inputIsTerminal;
    bool m_outputIsTerminal;
    bool m_errorIsTerminal;
    bool m_useColours;
    bool m_statusShown = false;
};

/// Whether a character may be written to a terminal: no control character, no direction override.
/// Pure.
bool isPrintable(char32_t codePoint);
/// @p text as one harmless line: control characters, line breaks and direction overrides (a
/// document could command the terminal with them) become spaces or vanish. Pure.
QString printable(const QString &text);

} // namespace llmemory::app
