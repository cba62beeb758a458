#include "app/cli/command_line.h"
#include "app/cli/command_spec.h"

#include <QTest>

using namespace llmemory;
using namespace llmemory::app;
using settings::Key;

namespace {

const QString kId = QStringLiteral("6a1f7c9e-2b3d-4e5f-8a9b-0c1d2e3f4a5b");

QStringList words(const char *line)
{
    return QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts);
}

template <typename C>
C parsed(const QStringList &arguments)
{
    const auto commandLine = parseCommandLine(arguments);
    if (!commandLine || !std::holds_alternative<C>(commandLine->command)) {
        QTest::qFail(commandLine ? "another command" : qPrintable(commandLine.error().message),
                     __FILE__,
                     __LINE__);
        return C();
    }
    return std::get<C>(commandLine->command);
}

} // namespace

/// What command lines mean, and how wrong ones are refused.
class TestCommandLine : public QObject
{
    Q_OBJECT

private slots:
    void kinds_data();
    void kinds();
    void refusals_data();
    void refusals();
    void settingsBeforeAndAfterTheCommand();
    void everythingOfIngest();
    void ingestDefaults();
    void everythingOfSearch();
    void queryOfSeveralWords();
    void everythingOfSimilar();
    void everythingOfEval();
    void everythingOfBench();
    void queryThatLooksLikeAnOption();
    void serveOptions();
    void ownerCommands();
    void configSet();
    void documentsList();
    void documentsDeleteDropsRepetitions();
    void unknownCommandShowsTheHelp();
    void everyCommandHasHelp();
};

void TestCommandLine::kinds_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<size_t>("index");
    const auto row = [](const char *line, const Command &command) {
        QTest::newRow(*line ? line : "nothing") << QString::fromUtf8(line) << command.index();
    };
    row("", WindowCommand());
    row("--data-dir /d", WindowCommand());
    row("--version", VersionCommand());
    row("search --version", VersionCommand());
    row("--help", HelpCommand());
    row("-h", HelpCommand());
    row("owners --help", HelpCommand());
    row("owners delete --help", HelpCommand());
    row("search --nonsense --help", HelpCommand());
    row("serve", ServeCommand());
    row("ingest --owner o /p", IngestCommand());
    row("search --owner o word", SearchCommand());
    row("similar --owner o --document 7f0c2f52-6f0c-4f2e-9a43-0d6a4d5b8a11", SimilarCommand());
    row("history list --owner o --limit 5 --offset 2", HistoryListCommand());
    row("history clear --owner o --json", HistoryClearCommand());
    row("history feedback --owner o 6f2c4a0e-6f0c-4f3e-9a43-1f1f6c1b7f10 "
        "6f2c4a0e-6f0c-4f3e-9a43-1f1f6c1b7f11 good",
        HistoryFeedbackCommand());
    row("notebook list --owner o --limit 5 --json", NotebookListCommand());
    row("notebook report --owner o", NotebookReportCommand());
    row("searches list --owner o --offset 3", SearchesListCommand());
    row("searches save --owner o --mode text --replace name word", SearchesSaveCommand());
    row("searches run --owner o --limit 3 name", SearchesRunCommand());
    row("searches delete --owner o name", SearchesDeleteCommand());
    row("notebook remove --owner o 6f2c4a0e-6f0c-4f3e-9a43-1f1f6c1b7f10", NotebookRemoveCommand());
    row("owners list", OwnersListCommand());
    row("owners --schema s list", OwnersListCommand());
    row("migrate plan", MigrateCommand());
    row("config show", ConfigShowCommand());
    row("config set port 1", ConfigSetCommand());
    row("config set -- chunking.chunk_overlap -1", ConfigSetCommand());
    row("eval --owner-prefix p --dataset /d", EvalCommand());
    row("bench search --owner-prefix p", BenchSearchCommand());
    row("bench recall --owner-prefix p", BenchRecallCommand());
    row("bench plans --owner-prefix p", BenchPlansCommand());
    row("doctor --json", DoctorCommand());
}

void TestCommandLine::kinds()
{
    QFETCH(QString, line);
    QFETCH(size_t, index);
    const auto commandLine = parseCommandLine(line.split(u' ', Qt::SkipEmptyParts));
    QVERIFY2(commandLine, commandLine ? "" : qPrintable(commandLine.error().message));
    QCOMPARE(commandLine->command.index(), index);
}

void TestCommandLine::refusals_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("named");
    QTest::addColumn<QString>("topic");
    const auto row = [](const char *line, const char *named, const char *topic) {
        QTest::newRow(line) << words(line) << QString::fromUtf8(named) << QString::fromUtf8(topic);
    };
    row("frobnicate", "frobnicate", "");
    row("--frobnicate", "--frobnicate", "");
    row("embeddings status", "embeddings", "");
    row("owners", "list, add", "owners");
    row("owners export x", "export", "owners");
    row("config set", "KEY", "config set");
    row("config set port", "VALUE", "config set");
    row("config set port 1 2", "2", "config set");
    row("config set --unset", "KEY", "config set");
    row("config set --unset port 1", "1", "config set");
    row("config set prot 1", "prot", "config set");
    row("config set config /p", "config", "config set");
    row("search word", "--owner", "search");
    row("search --owner o", "QUERY", "search");
    row("search --owner o --limit ten word", "--limit", "search");
    row("search --owner o --limit 0 word", "limit", "search");
    row("search --owner o --limit 201 word", "limit", "search");
    row("search --owner o --alpha 1.5 word", "alpha", "search");
    row("search --owner o --alpha nan word", "alpha", "search");
    row("search --owner o --mode fuzzy word", "--mode", "search");
    row("search --owner o --filter {x word", "--filter", "search");
    row("search --owner o --filter [1] word", "metadata_filter", "search");
    row("search --owner o --limit", "--limit", "search");
    row("search --owner o word type:novel", "column 11", "search");
    row("search --owner o near", "NEAR", "search");
    row("search --owner --json word", "--owner", "search");
    row("search --owner o --owner p word", "--owner", "search");
    row("search --owner o --json=1 word", "--json", "search");
    row("search --owner o --nonsense word", "--nonsense", "search");
    row("search --owner o -x word", "-x", "search");
    row("search --owner a/b word", "--owner", "search");
    row("notebook", "list, report, remove", "notebook");
    row("notebook list --owner o --limit 0", "--limit", "notebook list");
    row("notebook remove --owner o", "QUERY_ID", "notebook remove");
    row("notebook remove --owner o x", "query id", "notebook remove");
    row("searches", "list, save, run, delete", "searches");
    row("searches save --owner o", "QUERY", "searches save");
    row("searches save --owner o name", "QUERY", "searches save");
    row("searches save --owner o name near", "NEAR", "searches save");
    row("searches save --owner o --limit 0 name word", "limit", "searches save");
    row("searches run --owner o", "NAME", "searches run");
    row("searches run --owner o --limit 201 name", "--limit", "searches run");
    row("searches delete --owner o a b", "b", "searches delete");
    row("history", "list, clear, feedback", "history");
    row("history list", "--owner", "history list");
    row("history list --owner o --limit 201", "--limit", "history list");
    row("history list --owner o --offset -1", "--offset", "history list");
    row("history clear --owner o word", "word", "history clear");
    row("history feedback --owner o x", "SEARCH", "history feedback");
    row("history feedback --owner o x y good", "search id", "history feedback");
    row("history feedback --owner o 6f2c4a0e-6f0c-4f3e-9a43-1f1f6c1b7f10 y good",
        "passage's id",
        "history feedback");
    row("history feedback --owner o 6f2c4a0e-6f0c-4f3e-9a43-1f1f6c1b7f10 "
        "6f2c4a0e-6f0c-4f3e-9a43-1f1f6c1b7f11 great",
        "great",
        "history feedback");
    row("ingest --owner o", "PATH", "ingest");
    row("ingest --owner o --type poem /p", "--type", "ingest");
    row("ingest --owner o --date yesterday /p", "--date", "ingest");
    row("ingest --owner o --metadata [] /p", "--metadata", "ingest");
    row("ingest --owner o --id-at-origin i /p /q", "--id-at-origin", "ingest");
    row("serve now", "now", "serve");
    row("serve --no-auth --token-file f", "--no-auth", "serve");
    row("owners add", "OWNER", "owners add");
    row("owners add a b c", "\"c\"", "owners add");
    row("owners rename a", "NAME", "owners rename");
    row("documents show --owner o 17", "17", "documents show");
    row("documents list --owner o --order up", "--order", "documents list");
    row("documents list --owner o --limit 500", "limit", "documents list");
    row("documents list --owner o --offset -1", "--offset", "documents list");
    row("eval --dataset /d", "--owner-prefix", "eval");
    row("eval --owner-prefix p", "--dataset", "eval");
    row("eval --owner-prefix p/ --dataset /d", "--owner-prefix", "eval");
    row("eval --owner-prefix p --dataset /d --modes text,fuzzy", "--modes", "eval");
    row("eval --owner-prefix p --dataset /d --limit 0", "--limit", "eval");
    row("eval --owner-prefix p --dataset /d --alpha 2", "--alpha", "eval");
    row("eval --owner-prefix p --dataset /d --keep --drop", "--drop", "eval");
    row("eval --owner-prefix p --dataset /d word", "word", "eval");
    row("bench", "search, recall, plans", "bench");
    row("bench search", "--owner-prefix", "bench search");
    row("bench search --owner-prefix p --clients 0", "--clients", "bench search");
    row("bench search --owner-prefix p --clients 1,,2", "--clients", "bench search");
    row("bench search --owner-prefix p --seed x", "--seed", "bench search");
    row("bench search --owner-prefix p --endpoint ftp://x", "--endpoint", "bench search");
    row("bench search --owner-prefix p --endpoint http:", "--endpoint", "bench search");
    row("bench search --owner-prefix p --owners 1000", "--owners", "bench search");
    row("bench search --owner-prefix p --chunks 9 --owners 10", "--chunks", "bench search");
    row("bench recall --owner-prefix p --queries 0", "--queries", "bench recall");
    row("doctor everything", "everything", "doctor");
    QTest::newRow("empty path") << QStringList{QStringLiteral("ingest"),
                                               QStringLiteral("--owner"),
                                               QStringLiteral("o"),
                                               QString()}
                                << QStringLiteral("PATH") << QStringLiteral("ingest");
    QTest::newRow("blank query") << QStringList{QStringLiteral("search"),
                                                QStringLiteral("--owner"),
                                                QStringLiteral("o"),
                                                QStringLiteral("  ")}
                                 << QStringLiteral("query") << QStringLiteral("search");
    QTest::newRow("owner with line break")
        << QStringList{QStringLiteral("owners"), QStringLiteral("show"), QStringLiteral("o\n")}
        << QStringLiteral("owner") << QStringLiteral("owners show");
}

void TestCommandLine::refusals()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, named);
    QFETCH(QString, topic);
    const auto commandLine = parseCommandLine(arguments);
    QVERIFY(!commandLine);
    QVERIFY2(commandLine.error().message.contains(named), qPrintable(commandLine.error().message));
    QCOMPARE(commandLine.error().helpTopic, topic);
    QVERIFY(commandLine.error().usage.startsWith(QStringLiteral("llmemory ")));
}

void TestCommandLine::settingsBeforeAndAfterTheCommand()
{
    const auto commandLine =
        parseCommandLine(words("--data-dir /d --schema=s search --owner o --log-level debug word "
                               "--database-url postgresql://h/d"));
    QVERIFY(commandLine);
    const QMap<Key, QString> expected{{Key::DataDirectory, QStringLiteral("/d")},
                                      {Key::Schema, QStringLiteral("s")},
                                      {Key::LogLevel, QStringLiteral("debug")},
                                      {Key::DatabaseUrl, QStringLiteral("postgresql://h/d")}};
    QCOMPARE(commandLine->settings, expected);
}

void TestCommandLine::everythingOfIngest()
{
    const auto command = parsed<IngestCommand>(
        words("ingest --owner acme /a --id-at-origin i --type report --date 2024-05-01 "
              "--metadata {\"k\":1} --exclude *.log --exclude tmp/* --dry-run --json"));
    QCOMPARE(command.request.owner.toString(), QStringLiteral("acme"));
    QCOMPARE(command.request.paths, QStringList{QStringLiteral("/a")});
    QCOMPARE(command.request.idAtOrigin, QStringLiteral("i"));
    QCOMPARE(command.request.type, std::optional(DocumentType::Report));
    QCOMPARE(command.request.date, QDateTime(QDate(2024, 5, 1), QTime(0, 0), Qt::UTC));
    QCOMPARE(toUtf8(command.request.metadata), QByteArray(R"({"k":1})"));
    QCOMPARE(command.request.excludes,
             QStringList({QStringLiteral("*.log"), QStringLiteral("tmp/*")}));
    QVERIFY(command.dryRun);
    QVERIFY(command.json);
}

void TestCommandLine::ingestDefaults()
{
    const auto command = parsed<IngestCommand>(words("ingest --owner acme /a /b"));
    QCOMPARE(command.request.paths.size(), 2);
    QVERIFY(!command.request.type);
    QVERIFY(!command.request.date.isValid());
    QCOMPARE(toUtf8(command.request.metadata), QByteArray("{}"));
    QVERIFY(!command.dryRun);
    QVERIFY(!command.json);
}

void TestCommandLine::everythingOfSearch()
{
    const auto command =
        parsed<SearchCommand>(words("search --owner acme --mode text --limit 3 --alpha 0.25 "
                                    "--filter {\"k\":1} --explain --json word"));
    QCOMPARE(command.query.text, QStringLiteral("word"));
    QVERIFY(command.query.mode == SearchMode::Text);
    QCOMPARE(command.query.limit, 3);
    QCOMPARE(command.query.alpha, 0.25);
    QCOMPARE(toUtf8(command.query.metadataFilter), QByteArray(R"({"k":1})"));
    QVERIFY(command.query.explain);
    QVERIFY(command.json);
}

void TestCommandLine::everythingOfSimilar()
{
    const QString id = QStringLiteral("7f0c2f52-6f0c-4f2e-9a43-0d6a4d5b8a11");
    const auto passage = parsed<SimilarCommand>(
        words("similar --owner acme --limit 3 --same-document --json --chunk") << id);
    QCOMPARE(passage.owner.toString(), QStringLiteral("acme"));
    QCOMPARE(passage.chunk.toString(), id);
    QVERIFY(passage.document.isNull());
    QCOMPARE(passage.limit, 3);
    QVERIFY(passage.sameDocument);
    QVERIFY(passage.json);
    const auto document = parsed<SimilarCommand>(words("similar --owner acme --document") << id);
    QCOMPARE(document.document.toString(), id);
    QVERIFY(document.chunk.isNull());
    QCOMPARE(document.limit, 10);
}

void TestCommandLine::everythingOfEval()
{
    const auto command = parsed<EvalCommand>(
        words("eval --owner-prefix p --dataset /a --dataset=/b --modes hybrid,text,hybrid "
              "--limit 5 --chunk-size 400 --alpha 0.25 --rerank --expand --drop --json"));
    QCOMPARE(command.ownerPrefix, QStringLiteral("p"));
    QCOMPARE(command.datasets, words("/a /b"));
    QVERIFY(command.modes == QList<SearchMode>({SearchMode::Hybrid, SearchMode::Text}));
    QCOMPARE(command.mostQueries, 5);
    QCOMPARE(command.chunkSize, 400);
    QCOMPARE(command.query.alpha, 0.25);
    QVERIFY(command.query.rerank == true);
    QVERIFY(command.query.queryExpansion == true);
    QVERIFY(command.drop && command.json);
    const auto plain = parsed<EvalCommand>(words("eval --owner-prefix p --dataset /a --keep"));
    QCOMPARE(plain.modes.size(), 3);
    QVERIFY(!plain.query.rerank && !plain.query.queryExpansion && !plain.drop);
}

void TestCommandLine::everythingOfBench()
{
    const auto search = parsed<BenchSearchCommand>(
        words("bench search --owner-prefix p --chunks 200 --owners 5 --queries 7 --clients 1,4 "
              "--modes text --seed 9 --drop --json"));
    QCOMPARE(search.ownerPrefix, QStringLiteral("p"));
    QCOMPARE(search.size.passages, 200);
    QCOMPARE(search.size.owners, 5);
    QCOMPARE(search.size.seed, quint64(9));
    QCOMPARE(search.queries, 7);
    QCOMPARE(search.clients, QList<int>({1, 4}));
    QVERIFY(search.modes == QList<SearchMode>{SearchMode::Text});
    QVERIFY(search.drop && search.json);
    const auto plain = parsed<BenchSearchCommand>(words("bench search --owner-prefix p"));
    QCOMPARE(plain.size.passages, 100'000);
    QCOMPARE(plain.clients, QList<int>({1, 8}));
    const auto recall = parsed<BenchRecallCommand>(
        words("bench recall --owner-prefix p --queries 7 --seed 9 --json"));
    QCOMPARE(recall.queries, 7);
    QCOMPARE(recall.seed, quint64(9));
    QVERIFY(recall.json);
}

void TestCommandLine::queryOfSeveralWords()
{
    const auto command = parsed<SearchCommand>(words("search how long --owner acme is it"));
    QCOMPARE(command.query.text, QStringLiteral("how long is it"));
}

void TestCommandLine::queryThatLooksLikeAnOption()
{
    const auto command = parsed<SearchCommand>(words("search --owner acme -- --help me"));
    QCOMPARE(command.query.text, QStringLiteral("--help me"));
}

void TestCommandLine::serveOptions()
{
    const auto commandLine = parseCommandLine(words("serve --listen ::1 --port 0 --token-file t"));
    QVERIFY(commandLine);
    QCOMPARE(commandLine->settings.value(Key::ListenAddress), QStringLiteral("::1"));
    QCOMPARE(commandLine->settings.value(Key::Port), QStringLiteral("0"));
    QCOMPARE(std::get<ServeCommand>(commandLine->command).tokenFile, QStringLiteral("t"));
    QVERIFY(std::get<ServeCommand>(commandLine->command).requireToken);
    QVERIFY(!parsed<ServeCommand>(words("serve --no-auth")).requireToken);
}

void TestCommandLine::ownerCommands()
{
    QCOMPARE(parsed<OwnersAddCommand>(words("owners add acme")).displayName, QString());
    QCOMPARE(parsed<OwnersAddCommand>(words("owners add acme Acme")).displayName,
             QStringLiteral("Acme"));
    QCOMPARE(parsed<OwnersRenameCommand>(words("owners rename acme Acme")).displayName,
             QStringLiteral("Acme"));
    QVERIFY(!parsed<OwnersDeleteCommand>(words("owners delete acme")).confirmed);
    QVERIFY(parsed<OwnersDeleteCommand>(words("owners delete acme --yes")).confirmed);
}

void TestCommandLine::configSet()
{
    const auto set = parsed<ConfigSetCommand>(words("config set db_max_pool_size 9"));
    QCOMPARE(set.name, QStringLiteral("database.max_pool_size"));
    QCOMPARE(set.value, std::optional(QStringLiteral("9")));
    const auto unset = parsed<ConfigSetCommand>(words("config set --unset port"));
    QCOMPARE(unset.name, QStringLiteral("port"));
    QVERIFY(!unset.value);
}

void TestCommandLine::documentsList()
{
    const auto command = parsed<DocumentsListCommand>(
        words("documents list --owner o --type pdf --name x --order-by document_name --order asc "
              "--limit 5 --offset 10"));
    QCOMPARE(command.query.type, std::optional(DocumentType::Pdf));
    QCOMPARE(command.query.nameContains, QStringLiteral("x"));
    QVERIFY(command.query.order == DocumentOrder::Name);
    QVERIFY(!command.query.descending);
    QCOMPARE(command.query.limit, 5);
    QCOMPARE(command.query.offset, 10);
}

void TestCommandLine::documentsDeleteDropsRepetitions()
{
    const auto command = parsed<DocumentsDeleteCommand>(QStringList{QStringLiteral("documents"),
                                                                    QStringLiteral("delete"),
                                                                    QStringLiteral("--owner=o"),
                                                                    kId,
                                                                    kId});
    QCOMPARE(command.documents.size(), 1);
    QCOMPARE(command.documents.constFirst().toString(), kId);
}

void TestCommandLine::unknownCommandShowsTheHelp()
{
    QVERIFY(parseCommandLine(words("models list")).error().showHelp);
    QVERIFY(!parseCommandLine(words("search")).error().showHelp);
}

void TestCommandLine::everyCommandHasHelp()
{
    const QString all = helpText({});
    for (const CommandSpec &command : commandSpecs()) {
        const QString name = command.nameText();
        QVERIFY2(all.contains(name), command.name);
        const QString own = helpText(name);
        QVERIFY2(own.contains(usageLine(command)), command.name);
        for (const OptionSpec &option : command.options + globalOptions())
            QVERIFY2(own.contains(option.nameText()), option.name);
        // Whatever the table offers, there is a reader for it.
        const auto commandLine = parseCommandLine(name.split(u' '));
        QVERIFY2(commandLine || !commandLine.error().message.contains(QStringLiteral("no reader")),
                 command.name);
    }
}

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_command_line.moc"
