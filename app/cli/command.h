#pragma once

#include "core/documents/document.h"
#include "core/eval/synthetic_corpus.h"
#include "core/ingest/ingest_types.h"
#include "core/search/history/search_record.h"
#include "core/search/notebook/judgement.h"
#include "core/search/search_query.h"

#include <optional>
#include <variant>

namespace llmemory::app {

// What a command line asks for: one value type a command, checked as far as that is possible
// without a database. `json` everywhere: machine-readable output.

/// No command: the window.
struct WindowCommand
{
};

/// `--version`
struct VersionCommand
{
};

/// `--help`
struct HelpCommand
{
    QString topic; ///< command, "owners add"; empty = the program
};

struct ServeCommand
{
    QString tokenFile;        ///< empty = the one in the data directory
    bool requireToken = true; ///< false: --no-auth
};

struct IngestCommand
{
    IngestRequest request;
    bool dryRun = false;
    bool json = false;
};

struct SearchCommand
{
    SearchQuery query;
    bool json = false;
};

struct SimilarCommand
{
    OwnerId owner;
    DocumentId document; ///< one of both is given
    ChunkId chunk;
    int limit = 10;
    bool sameDocument = false; ///< with chunk
    bool json = false;
};

struct HistoryListCommand
{
    OwnerId owner;
    int limit = 20;
    int offset = 0;
    bool json = false;
};

struct HistoryClearCommand
{
    OwnerId owner;
    bool json = false;
};

struct HistoryFeedbackCommand
{
    SearchFeedback feedback;
    bool json = false;
};

struct NotebookListCommand
{
    OwnerId owner;
    int limit = 20;
    int offset = 0;
    bool json = false;
};

struct NotebookReportCommand
{
    OwnerId owner;
    bool json = false;
};

struct NotebookRemoveCommand
{
    OwnerId owner;
    NotebookQueryId query;
    bool json = false;
};

struct SearchesListCommand
{
    OwnerId owner;
    int limit = 20;
    int offset = 0;
    bool json = false;
};

struct SearchesSaveCommand
{
    QString name;
    SearchQuery query;
    bool replace = false; ///< --replace: one of this name is changed
    bool json = false;
};

struct SearchesRunCommand
{
    OwnerId owner;
    QString search;           ///< its name or id
    std::optional<int> limit; ///< nothing = as it was saved
    bool json = false;
};

struct SearchesDeleteCommand
{
    OwnerId owner;
    QString search; ///< its name or id
    bool json = false;
};

struct OwnersListCommand
{
    bool json = false;
};

struct OwnersAddCommand
{
    OwnerId owner;
    QString displayName; ///< empty = the id
    bool json = false;
};

struct OwnersShowCommand
{
    OwnerId owner;
    bool json = false;
};

struct OwnersRenameCommand
{
    OwnerId owner;
    QString displayName;
    bool json = false;
};

struct OwnersDeleteCommand
{
    OwnerId owner;
    bool confirmed = false; ///< --yes: does not ask
    bool json = false;
};

struct DocumentsListCommand
{
    DocumentListQuery query;
    bool json = false;
};

struct DocumentsShowCommand
{
    OwnerId owner;
    DocumentId document;
    bool withContent = false;
    bool json = false;
};

struct DocumentsDeleteCommand
{
    OwnerId owner;
    QList<DocumentId> documents;
    bool json = false;
};

struct MigrateCommand
{
    enum class Action { Status, Plan, Apply };
    Action action = Action::Status;
    bool json = false;
};

struct ConfigShowCommand
{
    bool json = false;
};

struct ConfigSetCommand
{
    /// Name of a setting that the file may hold.
    QString name;
    /// Not checked yet; "-" = a line of standard input. Nothing: --unset.
    std::optional<QString> value;
};

struct EvalCommand
{
    QString ownerPrefix;
    QStringList datasets; ///< folders, at least one
    QList<SearchMode> modes = {SearchMode::Text, SearchMode::Vector, SearchMode::Hybrid};
    SearchQuery query;   ///< what every query has in common: alpha, rerank, queryExpansion
    int mostQueries = 0; ///< of each collection; 0 = all
    int chunkSize = 0;   ///< tokens of a passage; 0 = as the settings say
    bool drop = false;   ///< deletes the tenants at the end
    bool json = false;
};

struct BenchSearchCommand
{
    QString ownerPrefix;
    eval::CorpusSize size;
    int queries = 500; ///< of each mode and number of clients
    QList<int> clients = {1, 8};
    QList<SearchMode> modes = {SearchMode::Text, SearchMode::Vector, SearchMode::Hybrid};
    QString endpoint;  ///< URL of a program that is asked over HTTP; empty = the library is
    QString tokenFile; ///< with the token for it; empty = none
    QString pgbench;   ///< folder for scripts with the searches' statements; empty = none
    bool drop = false; ///< deletes the tenants at the end
    bool json = false;
};

struct BenchRecallCommand
{
    QString ownerPrefix;
    int queries = 200; ///< of each tenant, with and without a filter
    quint64 seed = 1;
    bool json = false;
};

struct BenchPlansCommand
{
    QString ownerPrefix;
    quint64 seed = 1;
};

struct DoctorCommand
{
    bool json = false;
};

using Command = std::variant<WindowCommand,
                             VersionCommand,
                             HelpCommand,
                             ServeCommand,
                             IngestCommand,
                             SearchCommand,
                             SimilarCommand,
                             HistoryListCommand,
                             HistoryClearCommand,
                             HistoryFeedbackCommand,
                             NotebookListCommand,
                             NotebookReportCommand,
                             NotebookRemoveCommand,
                             SearchesListCommand,
                             SearchesSaveCommand,
                             SearchesRunCommand,
                             SearchesDeleteCommand,
                             OwnersListCommand,
                             OwnersAddCommand,
                             OwnersShowCommand,
                             OwnersRenameCommand,
                             OwnersDeleteCommand,
                             DocumentsListCommand,
                             DocumentsShowCommand,
                             DocumentsDeleteCommand,
                             MigrateCommand,
                             ConfigShowCommand,
                             ConfigSetCommand,
                             EvalCommand,
                             BenchSearchCommand,
                             BenchRecallCommand,
                             BenchPlansCommand,
                             DoctorCommand>;

} // namespace llmemory::app
