#include "app/cli/similar_command.h"

#include "app/cli/hit_list.h"

#include <QCoreApplication>

namespace llmemory::app {

ExitCode runSimilar(const SimilarCommand &command, CommandContext &context)
{
    const auto memory = context.openMemory(Workers::DoNotRun);
    if (!memory)
        return context.fail(memory.error());
    const auto answer = context.await(
        command.chunk.isNull()
            ? (*memory)->similarDocuments(command.owner, command.document, command.limit)
            : (*memory)->similarPassages(
                  command.owner, command.chunk, command.limit, command.sameDocument));
    if (!answer)
        return context.fail(answer.error());
    Console &console = context.console();
    if (command.json) {
        console.printJson(toJson(*answer));
        return kDone;
    }
    if (!answer->note.isEmpty())
        console.note(printable(answer->note));
    if (answer->hits.isEmpty())
        console.note(QCoreApplication::translate("llmemory::app", "There is nothing like it."));
    printHits(answer->hits, console);
    return kDone;
}

} // namespace llmemory::app
