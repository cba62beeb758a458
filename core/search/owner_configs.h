#pragma once

/// Begin of a statement whose `configs (text_config)` are the text search configurations of the
/// owner's documents, the owner being $1, and a last row of NULL. It hops through the index: some
/// dozen probes however many documents there are.
#define LLMEMORY_OWNER_CONFIGS                                                                     \
    "WITH RECURSIVE configs AS ("                                                                  \
    "(SELECT text_config FROM {{tables.documents}} WHERE owner_id = $1 ORDER BY text_config "      \
    "LIMIT 1) UNION ALL "                                                                          \
    "SELECT (SELECT d.text_config FROM {{tables.documents}} d WHERE d.owner_id = $1 "              \
    "AND d.text_config > c.text_config ORDER BY d.text_config LIMIT 1) "                           \
    "FROM configs c WHERE c.text_config IS NOT NULL), "
