# llmemory_add_test(name SOURCES … [LIBRARIES …] [LABELS …] [GUI])
#
# Makes the test program `name` from Qt Test and the given sources and libraries, and registers it.
#   LABELS db   the test needs PostgreSQL: it gets the server of this run
#   GUI         the test opens windows: on Qt's offscreen platform
#
# What a test finds in its environment:
#   LLMEMORY_TEST_DATABASE        libpq string, as the role the program works as (no superuser)
#   LLMEMORY_TEST_ADMIN_DATABASE  the same database as its superuser
#   LLMEMORY_STATEMENT_LOG        a folder where every process notes the statements it runs; see tst_statements
#   LLMEMORY_EXECUTABLE           the program itself
#   LLMEMORY_TEST_DATA            tests/data
#   LLMEMORY_SHARED               large sample documents; may not exist
# The user's own settings, data and databases are out of its reach.
function(llmemory_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 test "GUI" "" "SOURCES;LIBRARIES;LABELS")
    if(test_UNPARSED_ARGUMENTS OR NOT test_SOURCES)
        message(FATAL_ERROR "llmemory_add_test(${name}): SOURCES missing, or unknown: ${test_UNPARSED_ARGUMENTS}")
    endif()

    add_executable(${name} ${test_SOURCES})
    target_link_libraries(${name} PRIVATE llmemory_options llmemory::testing Qt6::Test ${test_LIBRARIES})
    if(TARGET llmemory_qt_for_tsan)
        target_link_libraries(${name} PRIVATE llmemory_qt_for_tsan)
    endif()
    # Where QFINDTESTDATA looks first.
    target_compile_definitions(${name} PRIVATE QT_TESTCASE_SOURCEDIR="${CMAKE_CURRENT_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name})

    set(home "${PROJECT_BINARY_DIR}/tests/home/${name}")
    file(MAKE_DIRECTORY "${home}")
    set(server "host=${LLMEMORY_TEST_SERVER} port=5432 dbname=llmemory_test")
    set(environment
        "LLMEMORY_TEST_DATABASE=${server} user=llmemory_app"
        "LLMEMORY_TEST_ADMIN_DATABASE=${server} user=llmemory_admin"
        "LLMEMORY_STATEMENT_LOG=${LLMEMORY_STATEMENT_LOG}"
        "LLMEMORY_EXECUTABLE=$<TARGET_FILE:llmemory>"
        "LLMEMORY_TEST_DATA=${PROJECT_SOURCE_DIR}/tests/data"
        "LLMEMORY_SHARED=${LLMEMORY_SHARED}"
        "HOME=${home}"
        "LC_ALL=C.UTF-8")
    if(test_GUI)
        list(APPEND environment "QT_QPA_PLATFORM=offscreen")
    endif()
    set(unset_variables
        DATABASE_URL LLMEMORY_CONFIG LLMEMORY_DATA_DIR LLMEMORY_LOG_LEVEL LLMEMORY_MAX_CHUNK_SIZE LLMEMORY_SCHEMA
        PGDATABASE PGHOST PGOPTIONS PGPASSWORD PGPORT PGSERVICE PGUSER
        XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME)
    list(TRANSFORM unset_variables APPEND "=unset:")

    set(timeout 300)
    if(LLMEMORY_SANITIZE)
        set(timeout 900)
    endif()
    if(LLMEMORY_SANITIZE MATCHES "thread")
        # Every report is printed, and any fails the test.
        list(APPEND environment
            "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/tsan.supp:print_suppressions=0:halt_on_error=0:exitcode=66:second_deadlock_stack=1:history_size=4")
    elseif(LLMEMORY_SANITIZE)
        list(APPEND environment
            "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/leaks.supp:print_suppressions=0"
            "UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1")
    endif()
    set_tests_properties(${name} PROPERTIES
        ENVIRONMENT "${environment}"
        ENVIRONMENT_MODIFICATION "${unset_variables}"
        LABELS "${test_LABELS}"
        TIMEOUT ${timeout}
        WORKING_DIRECTORY "${home}")
    if("db" IN_LIST test_LABELS)
        set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED postgres)
        set_property(GLOBAL APPEND PROPERTY LLMEMORY_DB_TESTS ${name})
    endif()
endfunction()

# ThreadSanitizer cannot see what Qt's own functions order between threads; these tell it, in every test.
if(LLMEMORY_SANITIZE MATCHES "thread")
    set(wrapped
        _ZNK20QFutureInterfaceBase6derefTEv
        _ZN20QFutureInterfaceBase14reportFinishedEv
        _ZN20QFutureInterfaceBase15waitForFinishedEv
        _ZN11QThreadPool5startESt8functionIFvvEEi
        _ZN11QThreadPool11waitForDoneEi
        _ZN11QThreadPoolD1Ev
        _ZN10QSemaphore7releaseEi
        _ZN10QSemaphore7acquireEi
        _ZN10QSemaphore10tryAcquireEii
        _ZN14QWaitCondition4waitEP6QMutex14QDeadlineTimer
        _ZN14QWaitCondition4waitEP6QMutexm
        _ZN7QStringaSERKS_)
    list(TRANSFORM wrapped PREPEND "LINKER:--wrap=")
    add_library(llmemory_qt_for_tsan OBJECT ${CMAKE_CURRENT_LIST_DIR}/qt_for_tsan.cpp)
    target_link_libraries(llmemory_qt_for_tsan PRIVATE llmemory_options Qt6::Sql)
    target_link_options(llmemory_qt_for_tsan INTERFACE ${wrapped})
endif()
