#include "app/cli/command_spec.h"

#include "app/cli/common_options.h"
#include "app/cli/search_record_specs.h"

#include <QCoreApplication>

#include <algorithm>

namespace llmemory::app {

namespace {

constexpr OptionSpec kOwnerPrefix{
    "--owner-prefix",
    "P",
    QT_TRANSLATE_NOOP("llmemory::app", "begin of the names of the tenants (required)")};
constexpr OptionSpec kModes{
    "--modes", "M,…", QT_TRANSLATE_NOOP("llmemory::app", "modes (text,vector,hybrid)")};
constexpr OptionSpec kSeed{
    "--seed", "S", QT_TRANSLATE_NOOP("llmemory::app", "another number makes other texts (1)")};

QList<CommandSpec> makeSpecs()
{
    return {
        {.name = "serve",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "run the HTTP endpoint without a window"),
         .options = {{"--listen",
                      "ADDRESS",
                      QT_TRANSLATE_NOOP("llmemory::app", "address to listen on (127.0.0.1)")},
                     {"--port",
                      "N",
                      QT_TRANSLATE_NOOP("llmemory::app", "port; 0 picks a free one (8765)")},
                     {"--token-file",
                      "F",
                      QT_TRANSLATE_NOOP("llmemory::app",
                                        "file with the access token; made when missing "
                                        "(in the data directory)")},
                     {"--no-auth",
                      nullptr,
                      QT_TRANSLATE_NOOP("llmemory::app", "no token; only on a loopback address")}},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "When ready, prints one JSON line {\"url\": …, \"token_file\": …} and runs until "
             "SIGTERM or "
             "SIGINT.\nAny address but a loopback one must be given with --listen, together with "
             "--token-file.")},
        {.name = "ingest",
         .arguments = "PATH…",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "read files and folders"),
         .options =
             {kOwner,
              {"--id-at-origin",
               "I",
               QT_TRANSLATE_NOOP("llmemory::app", "id of the document; one file only (its path)")},
              {"--type",
               "T",
               QT_TRANSLATE_NOOP("llmemory::app", "document type, such as report (by the file)")},
              {"--date",
               "D",
               QT_TRANSLATE_NOOP("llmemory::app",
                                 "date of the documents, ISO 8601 (the file's own)")},
              {"--metadata",
               "JSON",
               QT_TRANSLATE_NOOP("llmemory::app", "JSON object given to every document")},
              {"--exclude",
               "GLOB",
               QT_TRANSLATE_NOOP("llmemory::app", "leave out matching files; may be repeated"),
               true},
              {"--dry-run",
               nullptr,
               QT_TRANSLATE_NOOP("llmemory::app", "only list what would be read")},
              kJson},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "Creates the tenant when it is new. A file that was read before is replaced; "
             "an unchanged one is left alone.\nA file that cannot be read fails alone: "
             "the others are stored, and the exit code is 1."),
         .required = "--owner O"},
        {.name = "search",
         .arguments = "QUERY",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "find passages by words and by meaning"),
         .options =
             {kOwner,
              {"--mode",
               "M",
               QT_TRANSLATE_NOOP("llmemory::app", "hybrid, vector or text (hybrid)")},
              {"--limit", "N", QT_TRANSLATE_NOOP("llmemory::app", "most results, 1 to 200 (10)")},
              {"--alpha",
               "A",
               QT_TRANSLATE_NOOP("llmemory::app",
                                 "weight in hybrid mode: 0 words only, 1 meaning only (0.5)")},
              {"--filter",
               "JSON",
               QT_TRANSLATE_NOOP("llmemory::app",
                                 "JSON object that the document's metadata must contain")},
              {"--by-document",
               nullptr,
               QT_TRANSLATE_NOOP("llmemory::app", "the best passage of each document only")},
              {"--diversity",
               "D",
               QT_TRANSLATE_NOOP("llmemory::app",
                                 "0 to 1: prefer passages that differ from those before (0)")},
              {"--min-score",
               "S",
               QT_TRANSLATE_NOOP("llmemory::app", "leave out results with a lower score")},
              {"--explain",
               nullptr,
               QT_TRANSLATE_NOOP("llmemory::app", "show how scores came about")},
              {"--facets",
               nullptr,
               QT_TRANSLATE_NOOP("llmemory::app",
                                 "count types, languages, tags, years and folders of all results")},
              {"--no-history",
               nullptr,
               QT_TRANSLATE_NOOP("llmemory::app", "do not write this search down")},
              kJson},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "QUERY may have \"exact phrases\", +words and -words, wor*, a NEAR/5 b, and the "
             "fields "
             "type: name: path: lang: tag: page: date: before: after: and key=value.\nSeveral "
             "words "
             "need no quotes; put a query with quotes or a dash into single ones: "
             "'fees -rain \"port dues\" type:pdf'. Put -- before a query that begins with a "
             "dash."),
         .required = "--owner O"},
        {.name = "similar",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "find what is like a document or passage"),
         .options =
             {kOwner,
              {"--document",
               "ID",
               QT_TRANSLATE_NOOP("llmemory::app", "documents like this one, each once")},
              {"--chunk", "ID", QT_TRANSLATE_NOOP("llmemory::app", "passages like this one")},
              {"--same-document",
               nullptr,
               QT_TRANSLATE_NOOP("llmemory::app", "with --chunk: those of its own document, too")},
              {"--limit", "N", QT_TRANSLATE_NOOP("llmemory::app", "most results, 1 to 200 (10)")},
              kJson},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "Compares meaning; as long as that is not worked out yet, words, which a note says. "
             "Ids stand in the answers of search --json."),
         .required = "--owner O (--document ID | --chunk ID)"},
        {.name = "owners list",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "list the tenants"),
         .options = {kJson}},
        {.name = "owners add",
         .arguments = "OWNER [NAME]",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "add a tenant"),
         .options = {kJson},
         .details =
             QT_TRANSLATE_NOOP("llmemory::app",
                               "OWNER has 1 to 255 of A-Z a-z 0-9 _ . @ - and never changes; "
                               "NAME is what people see.")},
        {.name = "owners show",
         .arguments = "OWNER",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "show a tenant's figures"),
         .options = {kJson}},
        {.name = "owners rename",
         .arguments = "OWNER NAME",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "change the name that people see"),
         .options = {kJson}},
        {.name = "owners delete",
         .arguments = "OWNER",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "delete a tenant with all its documents"),
         .options = {{"--yes", nullptr, QT_TRANSLATE_NOOP("llmemory::app", "do not ask")}, kJson}},
        {.name = "documents list",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "list documents"),
         .options =
             {kOwner,
              {"--type", "T", QT_TRANSLATE_NOOP("llmemory::app", "only this document type")},
              {"--filter",
               "JSON",
               QT_TRANSLATE_NOOP("llmemory::app", "JSON object that the metadata must contain")},
              {"--name",
               "TEXT",
               QT_TRANSLATE_NOOP("llmemory::app", "only names or ids that contain TEXT")},
              {"--order-by",
               "FIELD",
               QT_TRANSLATE_NOOP("llmemory::app",
                                 "created_at, updated_at or document_name (created_at)")},
              {"--order", "WAY", QT_TRANSLATE_NOOP("llmemory::app", "asc or desc (desc)")},
              {"--limit", "N", QT_TRANSLATE_NOOP("llmemory::app", "most documents, 1 to 200 (20)")},
              {"--offset", "N", QT_TRANSLATE_NOOP("llmemory::app", "documents to skip (0)")},
              kJson},
         .required = "--owner O"},
        {.name = "documents show",
         .arguments = "DOCUMENT",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "show a document"),
         .options = {kOwner,
                     {"--content", nullptr, QT_TRANSLATE_NOOP("llmemory::app", "with its text")},
                     kJson},
         .required = "--owner O"},
        {.name = "documents delete",
         .arguments = "DOCUMENT…",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "delete documents"),
         .options = {kOwner, kJson},
         .required = "--owner O"},
        {.name = "migrate status",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "show the version of the database schema"),
         .options = {kJson}},
        {.name = "migrate plan",
         .arguments = "",
         .summary =
             QT_TRANSLATE_NOOP("llmemory::app", "list the migrations that are still to be applied"),
         .options = {kJson}},
        {.name = "migrate apply",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "bring the database schema up to date"),
         .options = {kJson}},
        {.name = "config show",
         .arguments = "",
         .summary =
             QT_TRANSLATE_NOOP("llmemory::app", "print every setting and where it came from"),
         .options = {kJson}},
        {.name = "config set",
         .arguments = "KEY [VALUE]",
         .summary =
             QT_TRANSLATE_NOOP("llmemory::app", "write a setting into the configuration file"),
         .options = {{"--unset",
                      nullptr,
                      QT_TRANSLATE_NOOP("llmemory::app", "take the setting out of the file")}},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "The value - is read from standard input; passwords and keys are only taken from "
             "there.\nPut -- before KEY when VALUE begins with a dash: "
             "config set -- chunking.chunk_overlap -1\nWhat stands on the command line or in the "
             "environment goes before the file.")},
        {.name = "eval",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app",
                                      "measure how well a collection with judgements is searched"),
         .options =
             {kOwnerPrefix,
              {"--dataset",
               "DIR",
               QT_TRANSLATE_NOOP("llmemory::app",
                                 "folder of a collection in BEIR's layout (required); may be "
                                 "repeated"),
               true},
              kModes,
              {"--limit",
               "N",
               QT_TRANSLATE_NOOP("llmemory::app", "only the first N judged queries (all)")},
              {"--chunk-size",
               "N",
               QT_TRANSLATE_NOOP("llmemory::app",
                                 "tokens of a passage, 20 to 2,000 (as the settings say)")},
              {"--alpha",
               "A",
               QT_TRANSLATE_NOOP("llmemory::app",
                                 "weight in hybrid mode: 0 words only, 1 meaning only (0.5)")},
              {"--rerank",
               nullptr,
               QT_TRANSLATE_NOOP("llmemory::app", "look at the best candidates a second time")},
              {"--expand",
               nullptr,
               QT_TRANSLATE_NOOP("llmemory::app", "also search for other wordings")},
              {"--keep",
               nullptr,
               QT_TRANSLATE_NOOP("llmemory::app", "keep the tenants for the next run (default)")},
              {"--drop",
               nullptr,
               QT_TRANSLATE_NOOP("llmemory::app", "delete the tenants at the end")},
              kJson},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "Reads the collection into the tenant \"P-<name of the folder>\", searches for every "
             "query that has a relevant document, and prints nDCG@10, Recall@100 and MRR@10 as "
             "trec_eval does, with latencies.\nDocuments that are there already are left alone, so "
             "a second run is quick. \"llmemory owners delete\" removes the tenant."),
         .required = "--owner-prefix P --dataset DIR"},
        {.name = "bench search",
         .arguments = "",
         .summary =
             QT_TRANSLATE_NOOP("llmemory::app", "measure how fast a made-up corpus is searched"),
         .options =
             {kOwnerPrefix,
              {"--chunks",
               "N",
               QT_TRANSLATE_NOOP("llmemory::app", "passages of all tenants together (100000)")},
              {"--owners", "N", QT_TRANSLATE_NOOP("llmemory::app", "tenants, 1 to 999 (50)")},
              {"--queries",
               "N",
               QT_TRANSLATE_NOOP("llmemory::app", "of each mode and number of clients (500)")},
              {"--clients",
               "N,…",
               QT_TRANSLATE_NOOP("llmemory::app", "searches at the same time (1,8)")},
              kModes,
              kSeed,
              {"--endpoint",
               "URL",
               QT_TRANSLATE_NOOP("llmemory::app",
                                 "ask a program that serves the same database, over HTTP")},
              {"--token-file",
               "F",
               QT_TRANSLATE_NOOP("llmemory::app", "file with its access token")},
              {"--pgbench",
               "DIR",
               QT_TRANSLATE_NOOP("llmemory::app",
                                 "write the statements of 100 hybrid searches into a folder, a "
                                 "script for pgbench each")},
              {"--drop",
               nullptr,
               QT_TRANSLATE_NOOP("llmemory::app", "delete the tenants at the end")},
              kJson},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "Makes the tenants \"P-001\" and so on, the largest with 60 % of the passages, and "
             "searches them with queries that are never repeated. What is there already is not "
             "made again, and an interrupted run goes on where it was."),
         .required = "--owner-prefix P"},
        {.name = "bench recall",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app",
                                      "measure how many of the nearest passages are found"),
         .options = {kOwnerPrefix,
                     {"--queries",
                      "N",
                      QT_TRANSLATE_NOOP("llmemory::app",
                                        "of each tenant, with and without a filter (200)")},
                     kSeed,
                     kJson},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "Works on what \"llmemory bench search\" made: compares the search by meaning with "
             "comparing all passages, in tenants of very different size."),
         .required = "--owner-prefix P"},
        {.name = "bench plans",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app",
                                      "print how the server runs the statements of searches"),
         .options = {kOwnerPrefix, kSeed},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "Works on what \"llmemory bench search\" made: searches the largest tenant in every "
             "way there is and prints each statement's plan as Markdown. The exit code is 1 when "
             "one of them reads a whole table."),
         .required = "--owner-prefix P"},
        {.name = "doctor",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "check machine, server, schema and queue"),
         .options = {kJson},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "Says for everything that is not well what to do. The exit code is 1 "
             "when a check failed, 3 when the database cannot be reached.")},
    };
}

QList<OptionSpec> makeGlobalOptions()
{
    return {
        {"--data-dir",
         "D",
         QT_TRANSLATE_NOOP("llmemory::app",
                           "directory of the private database (~/.local/share/llmemory)")},
        {"--database-url",
         "URL",
         QT_TRANSLATE_NOOP("llmemory::app",
                           "use this PostgreSQL server instead of the private one")},
        {"--schema", "S", QT_TRANSLATE_NOOP("llmemory::app", "database schema (llmemory)")},
        {"--config",
         "F",
         QT_TRANSLATE_NOOP("llmemory::app", "configuration file (~/.config/llmemory/config.json)")},
        {"--log-level",
         "L",
         QT_TRANSLATE_NOOP("llmemory::app",
                           "trace, debug, info, warning, error, critical or off (warning)")},
        {"--help", nullptr, QT_TRANSLATE_NOOP("llmemory::app", "show this help")},
        {"--version", nullptr, QT_TRANSLATE_NOOP("llmemory::app", "show the version")},
    };
}

QString translated(const char *text)
{
    return QCoreApplication::translate("llmemory::app", text);
}

/// Lines of two aligned columns.
QString aligned(const QList<QPair<QString, QString>> &lines)
{
    qsizetype width = 0;
    for (const auto &[left, right] : lines)
        width = std::max(width, left.size());
    QString text;
    for (const auto &[left, right] : lines)
        text += QLatin1String("  ") + left.leftJustified(width + 2) + right + u'\n';
    return text;
}

QString optionLines(const QList<OptionSpec> &options)
{
    QList<QPair<QString, QString>> lines;
    for (const OptionSpec &option : options) {
        QString left = option.nameText();
        if (option.takesValue())
            left += u' ' + QLatin1String(option.value);
        lines.append({left, translated(option.meaning)});
    }
    return aligned(lines);
}

QString commandLines(const QString &group)
{
    QList<QPair<QString, QString>> lines;
    for (const CommandSpec &command : commandSpecs()) {
        if (!group.isEmpty() && !command.nameText().startsWith(group + u' '))
            continue;
        QString left = command.nameText();
        for (const char *part : {command.required, command.arguments}) {
            if (*part)
                left += u' ' + QString::fromUtf8(part);
        }
        lines.append({left, translated(command.summary)});
    }
    return aligned(lines);
}

QString section(const QString &title, const QString &lines)
{
    return u'\n' + title + u'\n' + lines;
}

QString usage(const QString &line)
{
    return translated(QT_TRANSLATE_NOOP("llmemory::app", "Usage: %1")).arg(line) + u'\n';
}

QString programHelp()
{
    QString text = usage(usageLine());
    text += u'\n' + translated(QT_TRANSLATE_NOOP(
                        "llmemory::app",
                        "Keeps documents and finds them again, by words and by meaning.\n"
                        "Without a command it opens the window."));
    text += u'\n';
    text += section(translated(QT_TRANSLATE_NOOP("llmemory::app", "Commands:")), commandLines({}));
    text += section(
        translated(QT_TRANSLATE_NOOP("llmemory::app", "Options, before or after the command:")),
        optionLines(globalOptions()));
    text +=
        u'\n' + translated(QT_TRANSLATE_NOOP(
                    "llmemory::app", "\"llmemory COMMAND --help\" tells more about a command."));
    text += u'\n';
    text += translated(QT_TRANSLATE_NOOP("llmemory::app",
                                         "Exit codes: 0 done, 1 something failed, 2 wrong usage, "
                                         "3 database not reachable, 130 interrupted."));
    return text + u'\n';
}

QString commandHelp(const CommandSpec &command)
{
    QString text = usage(usageLine(command));
    QString summary = translated(command.summary);
    summary[0] = summary.at(0).toUpper();
    text += u'\n' + summary + QLatin1String(".\n");
    if (*command.details)
        text += translated(command.details) + u'\n';
    text += section(translated(QT_TRANSLATE_NOOP("llmemory::app", "Options:")),
                    optionLines(command.options));
    text += section(translated(QT_TRANSLATE_NOOP("llmemory::app", "Options of every command:")),
                    optionLines(globalOptions()));
    return text;
}

} // namespace

const QList<CommandSpec> &commandSpecs()
{
    static const QList<CommandSpec> specs = [] {
        // Behind those that search.
        QList<CommandSpec> all = makeSpecs();
        const auto search = std::find_if(all.begin(), all.end(), [](const CommandSpec &command) {
            return command.nameText() == QLatin1String("search");
        });
        qsizetype place = search - all.begin();
        for (const CommandSpec &command : searchRecordSpecs(search->options))
            all.insert(++place, command);
        return all;
    }();
    return specs;
}

const QList<OptionSpec> &globalOptions()
{
    static const QList<OptionSpec> options = makeGlobalOptions();
    return options;
}

const CommandSpec *findCommand(const QString &name)
{
    for (const CommandSpec &command : commandSpecs()) {
        if (command.nameText() == name)
            return &command;
    }
    return nullptr;
}

QStringList subcommandsOf(const QString &group)
{
    QStringList words;
    for (const CommandSpec &command : commandSpecs()) {
        const QString name = command.nameText();
        if (name.startsWith(group + u' '))
            words += name.mid(group.size() + 1);
    }
    return words;
}

QString usageLine(const CommandSpec &command)
{
    QString line = QLatin1String("llmemory ") + command.nameText();
    if (*command.required)
        line += u' ' + QLatin1String(command.required);
    line += QLatin1String(" [OPTIONS]");
    if (*command.arguments)
        line += u' ' + QString::fromUtf8(command.arguments);
    return line;
}

QString usageLine()
{
    return QStringLiteral("llmemory [OPTIONS] [COMMAND …]");
}

QString helpText(const QString &topic)
{
    if (topic.isEmpty())
        return programHelp();
    if (const CommandSpec *command = findCommand(topic))
        return commandHelp(*command);
    QString text = usage(QLatin1String("llmemory ") + topic + QLatin1String(" COMMAND [OPTIONS]"));
    text +=
        section(translated(QT_TRANSLATE_NOOP("llmemory::app", "Commands:")), commandLines(topic));
    return text;
}

} // namespace llmemory::app
