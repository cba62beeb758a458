#include "app/cli/search_record_specs.h"

#include "app/cli/common_options.h"

namespace llmemory::app {

QList<CommandSpec> searchRecordSpecs(const QList<OptionSpec> &searchOptions)
{
    const QList<OptionSpec> page{
        kOwner,
        {"--limit", "N", QT_TRANSLATE_NOOP("llmemory::app", "at most N, 1-200 (20)")},
        {"--offset", "N", QT_TRANSLATE_NOOP("llmemory::app", "skip the first N (0)")},
        kJson};
    return {
        {.name = "history list",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "list what was searched for"),
         .options = page,
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "Newest first, with the results that were opened (*) or judged good (+) or bad (-).\n"
             "The setting search.history switches the history off, search.history_days says how "
             "long it is kept."),
         .required = "--owner O"},
        {.name = "history clear",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "forget what was searched for"),
         .options = {kOwner, kJson},
         .required = "--owner O"},
        {.name = "history feedback",
         .arguments = "SEARCH CHUNK chosen|good|bad|none",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "say what a result was worth"),
         .options = {kOwner, kJson},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "SEARCH and CHUNK are the search_id and chunk_id of \"llmemory search --json\" and "
             "\"llmemory history list --json\"; one of the first 20 results. none takes good or "
             "bad back."),
         .required = "--owner O"},
        {.name = "notebook list",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "list test queries: what was judged"),
         .options = page,
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "Searches with a result that was judged good or bad, newest first. They stay when "
             "the history is cleared."),
         .required = "--owner O"},
        {.name = "notebook report",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "measure how test queries are answered"),
         .options = {kOwner, kJson},
         .details = QT_TRANSLATE_NOOP(
             "llmemory::app",
             "Searches for every test query by words, by meaning and by both, prints nDCG@10 and "
             "MRR@10, what changed since the report before, and which settings did."),
         .required = "--owner O"},
        {.name = "notebook remove",
         .arguments = "QUERY_ID",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "take a test query out"),
         .options = {kOwner, kJson},
         .required = "--owner O"},
        {.name = "searches list",
         .arguments = "",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "list saved searches"),
         .options = page,
         .required = "--owner O"},
        {.name = "searches save",
         .arguments = "NAME QUERY",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "keep a search under a name"),
         .options = QList<OptionSpec>{{"--replace",
                                       nullptr,
                                       QT_TRANSLATE_NOOP("llmemory::app",
                                                         "change the one of this name")}} +
                    searchOptions,
         .details =
             QT_TRANSLATE_NOOP("llmemory::app",
                               "QUERY and the options are those of \"llmemory search\", which "
                               "\"llmemory searches run\" then searches with."),
         .required = "--owner O"},
        {.name = "searches run",
         .arguments = "NAME",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "search as it was saved"),
         .options = {kOwner,
                     {"--limit",
                      "N",
                      QT_TRANSLATE_NOOP("llmemory::app", "most results, 1 to 200 (as saved)")},
                     kJson},
         .details = QT_TRANSLATE_NOOP("llmemory::app", "NAME may also be the id."),
         .required = "--owner O"},
        {.name = "searches delete",
         .arguments = "NAME",
         .summary = QT_TRANSLATE_NOOP("llmemory::app", "forget a saved search"),
         .options = {kOwner, kJson},
         .details = QT_TRANSLATE_NOOP("llmemory::app", "NAME may also be the id."),
         .required = "--owner O"},
    };
}

} // namespace llmemory::app
