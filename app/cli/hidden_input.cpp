#include "app/cli/hidden_input.h"

#include <unistd.h>

namespace llmemory::app {

HiddenInput::HiddenInput()
{
    if (::tcgetattr(STDIN_FILENO, &m_before) != 0)
        return;
    termios hidden = m_before;
    hidden.c_lflag &= ~tcflag_t(ECHO);
    hidden.c_lflag |= ECHONL; // the line break shows that the line was taken
    m_isHidden = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
}

HiddenInput::~HiddenInput()
{
    if (m_isHidden)
        ::tcsetattr(STDIN_FILENO, TCSANOW, &m_before);
}

} // namespace llmemory::app
