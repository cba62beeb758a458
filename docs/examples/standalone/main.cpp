// Adds a text file and searches in everything that was added: find_in_file FILE QUESTION

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <cstdio>
#include <llmemory/memory.h>

using llmemory::Error;
using llmemory::ErrorKind;

namespace {

enum ExitCode { Found = 0, Failed = 1, WrongUsage = 2, NotReachable = 3 };

int report(const Error &error)
{
    std::fprintf(stderr, "%s\n", qUtf8Printable(error.message));
    return error.kind == ErrorKind::Unavailable ? NotReachable : Failed;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 3) {
        std::fputs("usage: find_in_file FILE QUESTION\n", stderr);
        return WrongUsage;
    }
    QFile file(arguments.at(1));
    if (!file.open(QIODevice::ReadOnly)) {
        std::fprintf(stderr,
                     "%s: %s\n",
                     qUtf8Printable(file.fileName()),
                     qUtf8Printable(file.errorString()));
        return Failed;
    }
    const auto owner = llmemory::OwnerId::parse(QStringLiteral("me"));
    if (!owner)
        return report(owner.error());

    // Environment and configuration file, as for the program llmemory itself.
    const auto config = llmemory::Config::fromEnvironment();
    if (!config)
        return report(config.error());
    // Closes, and lets the embedded server go, at the end of main().
    llmemory::Memory memory(*config);
    if (const auto opened = memory.initialize().result(); !opened)
        return report(opened.error());

    // The id says which document it is: adding the same file again replaces it.
    llmemory::DocumentInput document;
    document.owner = *owner;
    document.idAtOrigin = QFileInfo(file).absoluteFilePath();
    document.name = QFileInfo(file).fileName();
    document.type = llmemory::DocumentType::Text;
    document.content = QString::fromUtf8(file.readAll());
    const auto added = memory.addDocument(document).result();
    if (!added)
        return report(added.error());
    std::printf("%s: %s, %d new passages\n",
                qUtf8Printable(document.name),
                qUtf8Printable(llmemory::toString(added->status)),
                added->chunksCreated);

    llmemory::SearchQuery query;
    query.owner = *owner;
    query.text = arguments.at(2);
    query.limit = 3;
    const auto answer = memory.search(query).result();
    if (!answer)
        return report(answer.error());
    for (const llmemory::SearchHit &hit : answer->hits) {
        std::printf("\n%d. %s, score %.3f\n%s\n",
                    hit.rank,
                    qUtf8Printable(hit.documentName),
                    hit.score,
                    qUtf8Printable(hit.content));
    }
    return answer->hits.isEmpty() ? Failed : Found;
}
