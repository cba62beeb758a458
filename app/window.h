#pragma once

#include "app/exit_code.h"
#include "app/interrupts.h"
#include "core/config.h"

#include <QCoreApplication>

#include <memory>

namespace llmemory::app {

/// The application object for a program with a window.
std::unique_ptr<QCoreApplication> createWindowApplication(int &argc, char **argv);

/// Shows the window and runs until it is closed or a signal comes. Needs createWindowApplication().
ExitCode runWindow(const Config &config, const Interrupts &interrupts);

} // namespace llmemory::app
