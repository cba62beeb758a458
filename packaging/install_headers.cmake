# Installs the public headers; included by the install script, so what counts is how the sources are then.
#   SOURCE_DIR, BINARY_DIR   the project's
#   INCLUDE_DIR              where to, below the prefix
cmake_policy(VERSION 3.25)

# <llmemory/NAME.h> is what programs include: one line for each header of the library that it stands for.
set(public_headers
    "config.h           core/config.h"
    "connection_pool.h  core/db/connection_pool.h"
    "database_manager.h core/db/database_manager.h"
    "embedder.h         core/embed/embedder.h"
    "memory.h           core/memory.h core/search/search_request.h"
    "migrations.h       core/migrate/schema_admin.h core/migrate/schema_migrations.h"
    "reranker.h         core/search/reranker.h"
    "text_generator.h   core/search/text_generator.h"
    "tenant_schemas.h   core/tenants/tenant_schemas.h"
    "testing.h          core/testing/await.h core/testing/deterministic_embedder.h core/testing/sample_documents.h core/testing/temporary_schema.h core/testing/temporary_server.h core/testing/verify_result.h"
    "transaction.h      core/db/transaction.h"
    "version.h          core/base/version.h")

cmake_path(ABSOLUTE_PATH INCLUDE_DIR BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" OUTPUT_VARIABLE directory)
string(APPEND directory "/llmemory")

# Writes one header, unless it is there already, and says so in the manifest.
function(install_header name text)
    set(path "$ENV{DESTDIR}${directory}/${name}")
    set(present "")
    if(EXISTS "${path}")
        file(READ "${path}" present)
    endif()
    if(present STREQUAL text)
        message(STATUS "Up-to-date: ${path}")
    else()
        message(STATUS "Installing: ${path}")
        file(WRITE "${path}" "${text}")
        file(CHMOD "${path}" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
    endif()
    list(APPEND CMAKE_INSTALL_MANIFEST_FILES "${directory}/${name}")
    set(CMAKE_INSTALL_MANIFEST_FILES "${CMAKE_INSTALL_MANIFEST_FILES}" PARENT_SCOPE)
endfunction()

set(waiting "")
foreach(line IN LISTS public_headers)
    separate_arguments(headers UNIX_COMMAND "${line}")
    list(POP_FRONT headers name)
    set(text "#pragma once\n\n")
    foreach(header IN LISTS headers)
        string(APPEND text "#include <llmemory/${header}> // IWYU pragma: export\n")
    endforeach()
    install_header("${name}" "${text}")
    list(APPEND waiting ${headers})
endforeach()

# And what those reach. "core/" would be too common a name for a place where every program looks.
set(done "")
while(waiting)
    list(POP_FRONT waiting header)
    if(header IN_LIST done)
        continue()
    endif()
    list(APPEND done "${header}")
    set(path "${SOURCE_DIR}/${header}")
    if(NOT EXISTS "${path}")
        set(path "${BINARY_DIR}/${header}")
    endif()
    file(READ "${path}" text)
    string(REGEX MATCHALL "#include \"core/[^\"]+" includes "${text}")
    list(TRANSFORM includes REPLACE "#include \"" "")
    list(APPEND waiting ${includes})
    string(REGEX REPLACE "#include \"(core/[^\"]+)\"" "#include <llmemory/\\1>" text "${text}")
    install_header("${header}" "${text}")
endwhile()
