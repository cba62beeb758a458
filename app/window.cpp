#include "app/window.h"

#include "core/memory.h"
#include "ui/main_window.h"

#include <QApplication>

namespace llmemory::app {

std::unique_ptr<QCoreApplication> createWindowApplication(int &argc, char **argv)
{
    auto application = std::make_unique<QApplication>(argc, argv);
    QGuiApplication::setDesktopFileName(QStringLiteral("llmemory"));
    return application;
}

ExitCode runWindow(const Config &config, const Interrupts &interrupts)
{
    Memory memory(config);
    {
        ui::MainWindow window(memory);
        QObject::connect(&interrupts, &Interrupts::interrupted, &window, &QWidget::close);
        QObject::connect(&interrupts, &Interrupts::interrupted, qApp, &QCoreApplication::quit);
        window.show();
        window.start();
        QCoreApplication::exec();
    }
    memory.close(); // nothing to look at any more: it may take its time
    return kDone;
}

} // namespace llmemory::app
