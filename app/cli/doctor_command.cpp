#include "app/cli/doctor_command.h"

#include "app/cli/format.h"
#include "core/doctor/doctor.h"

#include <QCoreApplication>
#include <QtConcurrent>

#include <algorithm>

namespace llmemory::app {

namespace {

using doctor::Check;

QString tr(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

QString statusWord(Check::Status status, const Console &console)
{
    switch (status) {
    case Check::Status::Ok:
        return console.styled(tr("ok"), Style::Green);
    case Check::Status::Warning:
        return console.styled(tr("warning"), Style::Yellow);
    case Check::Status::Failed:
        break;
    }
    return console.styled(tr("FAILED"), Style::Red);
}

void printChecks(const QList<Check> &checks, Console &console)
{
    qsizetype width = 0;
    for (const Check &check : checks)
        width = std::max(width, check.id.size());
    for (const Check &check : checks) {
        console.print(check.id.leftJustified(width + 2) + statusWord(check.status, console) +
                      QLatin1String("  ") + printable(check.message));
        if (!check.advice.isEmpty())
            console.print(QString(width + 2, u' ') + printable(check.advice));
    }
}

qsizetype countOf(const QList<Check> &checks, Check::Status status)
{
    return std::count_if(checks.begin(), checks.end(), [status](const Check &check) {
        return check.status == status;
    });
}

} // namespace

ExitCode runDoctorCommand(const DoctorCommand &command, CommandContext &context)
{
    const auto config = memoryConfig(context.settings(), Workers::DoNotRun);
    if (!config)
        return context.fail(config.error());
    const auto checks = context.await(QtConcurrent::run(
        [config = *config]() -> Result<QList<Check>> { return doctor::runDoctor(config); }));
    if (!checks)
        return context.fail(checks.error());

    Console &console = context.console();
    const qsizetype failed = countOf(*checks, Check::Status::Failed);
    const qsizetype warnings = countOf(*checks, Check::Status::Warning);
    if (command.json) {
        for (const Check &check : *checks)
            console.printJson(doctor::toJson(check));
        console.printJson({{"summary",
                            {{"ok", checks->size() - failed - warnings},
                             {"warning", warnings},
                             {"failed", failed}}}});
    } else {
        printChecks(*checks, console);
    }
    const bool isUnreachable = std::any_of(checks->begin(), checks->end(), [](const Check &check) {
        return check.id == QLatin1String(doctor::kServerCheck) &&
               check.status == Check::Status::Failed;
    });
    if (isUnreachable)
        return kNoDatabase;
    return failed > 0 ? kFailed : kDone;
}

} // namespace llmemory::app
