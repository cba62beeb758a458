#pragma once

#include <QtGlobal>

#include <termios.h>

namespace llmemory::app {

/// While it lives, a terminal on standard input does not show what is typed. Without a terminal it
/// does nothing.
class HiddenInput
{
public:
    HiddenInput();
    ~HiddenInput();
    Q_DISABLE_COPY_MOVE(HiddenInput)

private:
    bool m_isHidden = false;
    termios m_before{};
};

} // namespace llmemory::app
