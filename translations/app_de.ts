<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>llmemory</name>
    <message>
        <source>Stopped on request.</source>
        <translation>Auf Wunsch abgebrochen.</translation>
    </message>
    <message>
        <source>Internal error: %1</source>
        <translation>Interner Fehler: %1</translation>
    </message>
    <message>
        <source>The owner name must be 1 to 255 of the characters A-Z a-z 0-9 _ . @ -.</source>
        <translation>Die Kennung muss aus 1 bis 255 der Zeichen A-Z a-z 0-9 _ . @ - bestehen.</translation>
    </message>
    <message>
        <source>The JSON is nested deeper than %1 levels.</source>
        <translation>Das JSON ist tiefer als %1 Ebenen geschachtelt.</translation>
    </message>
    <message>
        <source>Not valid JSON: mistake at byte %1.</source>
        <translation>Kein gültiges JSON: Fehler bei Byte %1.</translation>
    </message>
    <message>
        <source>The JSON holds a number that is too large.</source>
        <translation>Das JSON enthält eine zu große Zahl.</translation>
    </message>
    <message>
        <source>There is no document type &quot;%1&quot;.</source>
        <translation>Es gibt keine Dokumentart „%1“.</translation>
    </message>
    <message>
        <source>There is no field named &quot;%1&quot;.</source>
        <translation>Es gibt kein Feld namens „%1“.</translation>
    </message>
    <message>
        <source>The connection pool must have %1 to %2 connections; %3 were asked for.</source>
        <translation>Der Verbindungsvorrat muss %1 bis %2 Verbindungen haben; verlangt wurden %3.</translation>
    </message>
    <message>
        <source>id_at_origins may name at most %1 documents.</source>
        <translation>id_at_origins darf höchstens %1 Dokumente nennen.</translation>
    </message>
    <message>
        <source>There is no search type &quot;%1&quot;; use hybrid, vector or text.</source>
        <translation>Es gibt keine Suchart „%1“; möglich sind hybrid, vector und text.</translation>
    </message>
</context>
<context>
    <name>llmemory::Engine</name>
    <message>
        <source>Preparing the tables…</source>
        <translation>Die Tabellen werden vorbereitet …</translation>
    </message>
    <message>
        <source>The schema &quot;%1&quot; is not up to date (%n migration(s) missing). Run: llmemory migrate apply</source>
        <translation>Das Schema „%1“ ist nicht auf dem neuesten Stand (%n Migrationen fehlen). Führen Sie aus: llmemory migrate apply</translation>
    </message>
</context>
<context>
    <name>llmemory::JsonFields</name>
    <message>
        <source>A JSON object is expected here.</source>
        <translation>Hier wird ein JSON-Objekt erwartet.</translation>
    </message>
    <message>
        <source>%1 must be %2.</source>
        <translation>%1 muss %2 sein.</translation>
    </message>
    <message>
        <source>%1 is missing.</source>
        <translation>%1 fehlt.</translation>
    </message>
    <message>
        <source>a string</source>
        <translation>eine Zeichenkette</translation>
    </message>
    <message>
        <source>a list of strings</source>
        <translation>eine Liste von Zeichenketten</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>a JSON object</source>
        <translation>ein JSON-Objekt</translation>
    </message>
    <message>
        <source>There is no field named &quot;%1&quot;.</source>
        <translation>Es gibt kein Feld namens „%1“.</translation>
    </message>
</context>
<context>
    <name>llmemory::Memory</name>
    <message>
        <source>The database is not open yet.</source>
        <translation>Die Datenbank ist noch nicht offen.</translation>
    </message>
</context>
<context>
    <name>llmemory::SearchQuery</name>
    <message>
        <source>date_from is after date_to.</source>
        <translation>date_from liegt nach date_to.</translation>
    </message>
    <message>
        <source>context_window must be 0 to %1.</source>
        <translation>context_window muss 0 bis %1 sein.</translation>
    </message>
</context>
<context>
    <name>llmemory::app</name>
    <message>
        <source>This program was built without the HTTP endpoint.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usage: %1</source>
        <translation>Aufruf: %1</translation>
    </message>
    <message>
        <source>&quot;llmemory%1 --help&quot; tells more.</source>
        <translation>Mehr mit „llmemory%1 --help“.</translation>
    </message>
    <message>
        <source>There is no display for a window; running &quot;llmemory serve&quot;.</source>
        <translation>Es gibt keinen Bildschirm für ein Fenster; stattdessen läuft „llmemory serve“.</translation>
    </message>
    <message>
        <source>This program was built without a window; running &quot;llmemory serve&quot;.</source>
        <translation>Dieses Programm wurde ohne Fenster gebaut; stattdessen läuft „llmemory serve“.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; needs one of: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; has no command &quot;%2&quot;. It has: %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no command &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished">%1, %2 {1:?}</translation>
    </message>
    <message>
        <source>Option --owner is missing: whose documents?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is missing.</source>
        <translation>%1 fehlt.</translation>
    </message>
    <message>
        <source>Unexpected argument &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 must be a whole number; it is &quot;%2&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 must be a number; it is &quot;%2&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 must be one of %2; it is &quot;%3&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no document id. &quot;llmemory documents list&quot; shows the ids.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: the value is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>--no-auth and --token-file exclude each other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PATH is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 fits one file only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>--mode must be hybrid, vector or text; it is &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>--order-by must be created_at, updated_at or document_name; it is &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>--order must be asc or desc; it is &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>--offset must not be negative.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tenant (required)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>print JSON, one object per line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>run the HTTP endpoint without a window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>address to listen on (127.0.0.1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>port; 0 picks a free one (8765)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>file with the access token; made when missing (in the data directory)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no token; only on a loopback address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When ready, prints one JSON line {&quot;url&quot;: …, &quot;token_file&quot;: …} and runs until SIGTERM or SIGINT.
Any address but a loopback one must be given with --listen, together with --token-file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>read files and folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>id of the document; one file only (its path)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>document type, such as report (by the file)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>date of the documents, ISO 8601 (the file&apos;s own)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON object given to every document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>leave out matching files; may be repeated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only list what would be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Creates the tenant when it is new. A file that was read before is replaced; an unchanged one is left alone.
A file that cannot be read fails alone: the others are stored, and the exit code is 1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>find passages by words and by meaning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hybrid, vector or text (hybrid)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>most results, 1 to 200 (10)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>weight in hybrid mode: 0 words only, 1 meaning only (0.5)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON object that the document&apos;s metadata must contain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>show how scores came about</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several words need no quotes. Put -- before a query that begins with a dash.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>list the tenants</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>add a tenant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OWNER has 1 to 255 of A-Z a-z 0-9 _ . @ - and never changes; NAME is what people see.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>show a tenant&apos;s figures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>change the name that people see</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>delete a tenant with all its documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>do not ask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>list documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only this document type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON object that the metadata must contain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only names or ids that contain TEXT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>created_at, updated_at or document_name (created_at)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>asc or desc (desc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>most documents, 1 to 200 (20)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>documents to skip (0)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>show a document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with its text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>delete documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>show the version of the database schema</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>list the migrations that are still to be applied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bring the database schema up to date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>print every setting and where it came from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>check machine, server, schema and queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Says for everything that is not well what to do. The exit code is 1 when a check failed, 3 when the database cannot be reached.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>directory of the private database (~/.local/share/llmemory)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>use this PostgreSQL server instead of the private one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>database schema (llmemory)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>configuration file (~/.config/llmemory/config.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>trace, debug, info, warning, error, critical or off (warning)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>show this help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>show the version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps documents and finds them again, by words and by meaning.
Without a command it opens the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commands:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options, before or after the command:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;llmemory COMMAND --help&quot; tells more about a command.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 database not reachable, 130 interrupted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options of every command:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SETTING</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VALUE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FROM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MEANING</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ok</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FAILED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DOCUMENT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NAME</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TYPE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PAGES</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PASSAGES</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ADDED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No documents.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Documents %1 to %2 of %3; --offset and --limit show others.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passages</source>
        <translation>Textstellen</translation>
    </message>
    <message>
        <source>Waiting for meaning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added</source>
        <translation>Hinzugefügt</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Documents deleted: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Documents that this tenant does not have: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was read. Files that would be read: %1; refused: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping. What was stored stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the passages searchable by meaning: %1 to go</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>updated: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unchanged: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancelled: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>passages: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting for meaning: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed for meaning: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MIGRATION</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>APPLIED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The schema %1 is up to date.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The schema %1 lacks migrations: %2. &quot;llmemory migrate apply&quot; applies them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Migrations applied: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unknown option %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Option %1 is given twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Option %1 takes no value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Option %1 needs a value: %1 %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This deletes %1 for good, documents: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the id to confirm: </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not confirmed. Nothing was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OWNER</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DOCUMENTS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CREATED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no tenants yet. &quot;llmemory ingest --owner O PATH&quot; makes the first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Owner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Created</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Dokumente</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Failed for meaning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleting a tenant needs --yes where nobody can be asked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted %1, documents: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>p. %1</source>
        <translation>S. %1</translation>
    </message>
    <message>
        <source>lines %1-%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>line %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 · score %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing found for &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot create the directory %1 for the token file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no address to listen on. Give an IP address such as 127.0.0.1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>--no-auth is only possible on a loopback address such as 127.0.0.1: others can reach %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others can reach %1. If that is meant, give both --listen %1 and --token-file on the command line.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>llmemory::app::IngestReport</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1 failed</source>
        <translation>%1 fehlgeschlagen</translation>
    </message>
</context>
<context>
    <name>llmemory::chunk</name>
    <message>
        <source>chunking_config must be a JSON object.</source>
        <translation>chunking_config muss ein JSON-Objekt sein.</translation>
    </message>
    <message>
        <source>chunking_config has no setting &quot;%1&quot;; it takes parent_size, child_size, parent_overlap and child_overlap.</source>
        <translation>chunking_config hat keine Einstellung „%1“; möglich sind parent_size, child_size, parent_overlap und child_overlap.</translation>
    </message>
    <message>
        <source>%1 must be a whole number of tokens from 0 to %2.</source>
        <translation>%1 muss eine ganze Zahl von Tokens von 0 bis %2 sein.</translation>
    </message>
    <message>
        <source>%1 must be %2 to %3 tokens here; it is %4.</source>
        <translation>%1 muss hier %2 bis %3 Tokens sein; es ist %4.</translation>
    </message>
</context>
<context>
    <name>llmemory::cluster</name>
    <message>
        <source>The embedded database does not answer: %1</source>
        <translation>Die eingebaute Datenbank antwortet nicht: %1</translation>
    </message>
    <message>
        <source>Preparing the database failed at &quot;%1&quot;: %2</source>
        <translation>Das Vorbereiten der Datenbank ist bei „%1“ fehlgeschlagen: %2</translation>
    </message>
    <message>
        <source>Cannot start %1</source>
        <translation>%1 kann nicht gestartet werden</translation>
    </message>
    <message>
        <source>%1 did not end within %2 s.</source>
        <translation>%1 wurde nicht innerhalb von %2 s fertig.</translation>
    </message>
    <message>
        <source>The database could not be created in %1: %2</source>
        <translation>Die Datenbank konnte in %1 nicht angelegt werden: %2</translation>
    </message>
    <message>
        <source>The database in %1 is damaged: %2. Restore a backup, or move that directory away to begin with an empty database. Nothing was changed.</source>
        <translation>Die Datenbank in %1 ist beschädigt: %2. Stellen Sie eine Sicherung wieder her, oder verschieben Sie dieses Verzeichnis, um mit einer leeren Datenbank zu beginnen. Nichts wurde verändert.</translation>
    </message>
    <message>
        <source>%1 is missing</source>
        <translation>%1 fehlt</translation>
    </message>
    <message>
        <source>its data is from PostgreSQL %1</source>
        <translation>ihre Daten sind von PostgreSQL %1</translation>
    </message>
    <message>
        <source>Creating the database (first start)…</source>
        <translation>Die Datenbank wird angelegt (erster Start) …</translation>
    </message>
    <message>
        <source>The database is recovering after an interruption…</source>
        <translation>Die Datenbank wird nach einer Unterbrechung wiederhergestellt …</translation>
    </message>
    <message>
        <source>Waiting for the database to close…</source>
        <translation>Es wird gewartet, bis die Datenbank geschlossen ist …</translation>
    </message>
    <message>
        <source>Starting the database…</source>
        <translation>Die Datenbank wird gestartet …</translation>
    </message>
    <message>
        <source>%1 should be a private directory of this program, but is not. Remove it.</source>
        <translation>%1 sollte ein privates Verzeichnis dieses Programms sein, ist es aber nicht. Entfernen Sie es.</translation>
    </message>
    <message>
        <source>The database in %1 belongs to another user than %2. Run llmemory as its owner, or choose another data directory.</source>
        <translation>Die Datenbank in %1 gehört einem anderen Benutzer als %2. Starten Sie llmemory als ihr Besitzer, oder wählen Sie ein anderes Datenverzeichnis.</translation>
    </message>
    <message>
        <source>Cannot write %1</source>
        <translation>%1 kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>Cannot open the lock %1</source>
        <translation>Die Sperre %1 kann nicht geöffnet werden</translation>
    </message>
    <message>
        <source>An earlier database server (process %1) in %2 does not end. Wait for it or end it, and start again.</source>
        <translation>Ein früherer Datenbankserver (Prozess %1) in %2 endet nicht. Warten Sie auf ihn oder beenden Sie ihn, und starten Sie neu.</translation>
    </message>
    <message>
        <source>There is no user account %1 to run the database under. Create it, or change the setting.</source>
        <translation>Es gibt kein Benutzerkonto %1, unter dem die Datenbank laufen könnte. Legen Sie es an, oder ändern Sie die Einstellung.</translation>
    </message>
    <message>
        <source>Cannot write %1: %2.</source>
        <translation>%1 kann nicht geschrieben werden: %2.</translation>
    </message>
</context>
<context>
    <name>llmemory::cluster::ClusterPaths</name>
    <message>
        <source>The data directory&apos;s path has over %1 bytes, which PostgreSQL cannot take. Choose a shorter one: %2</source>
        <translation>Der Pfad des Datenverzeichnisses hat mehr als %1 Bytes, was PostgreSQL nicht annimmt. Wählen Sie einen kürzeren: %2</translation>
    </message>
    <message>
        <source>Cannot create the directory %1</source>
        <translation>Das Verzeichnis %1 kann nicht angelegt werden</translation>
    </message>
    <message>
        <source>The database of %1 is kept in %2, which is gone. Bring it back or restore a backup; to begin with an empty database, remove %3.</source>
        <translation>Die Datenbank von %1 liegt in %2, und das ist verschwunden. Bringen Sie es zurück oder stellen Sie eine Sicherung wieder her; um mit einer leeren Datenbank zu beginnen, entfernen Sie %3.</translation>
    </message>
    <message>
        <source>The account %1, which runs the database, cannot reach %2. Allow it to pass (mode x) through that directory and those above it.</source>
        <translation>Das Benutzerkonto %1, unter dem die Datenbank läuft, erreicht %2 nicht. Erlauben Sie ihm den Durchgang (Modus x) durch dieses Verzeichnis und die darüber.</translation>
    </message>
</context>
<context>
    <name>llmemory::cluster::Lease</name>
    <message>
        <source>its supervisor ends at once</source>
        <translation>der Prozess, der sie überwacht, endet sofort</translation>
    </message>
    <message>
        <source>Cannot start %1, which supervises the database: %2.</source>
        <translation>%1, das die Datenbank überwacht, kann nicht gestartet werden: %2.</translation>
    </message>
</context>
<context>
    <name>llmemory::cluster::errors</name>
    <message>
        <source>The database is recovering after an interruption. Search is back in a moment.</source>
        <translation>Die Datenbank wird nach einer Unterbrechung wiederhergestellt. Die Suche ist gleich wieder da.</translation>
    </message>
    <message>
        <source>PostgreSQL does not run as root. Create a system user `llmemory`, or give --database-url.</source>
        <translation>PostgreSQL läuft nicht als root. Legen Sie einen Systembenutzer „llmemory“ an, oder geben Sie --database-url an.</translation>
    </message>
    <message>
        <source>Only %1 MB free on %2. llmemory is read-only until 1 GB is free. Stored documents are safe.</source>
        <translation>Nur %1 MB frei auf %2. llmemory liest nur, bis 1 GB frei ist. Gespeicherte Dokumente sind sicher.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>The data in %1 is from PostgreSQL %2; this machine has %3. Install postgresql-%2 and postgresql-%2-pgvector, or restore a backup.</source>
        <translation>Die Daten in %1 sind von PostgreSQL %2; dieser Rechner hat %3. Installieren Sie postgresql-%2 und postgresql-%2-pgvector, oder stellen Sie eine Sicherung wieder her.</translation>
    </message>
    <message>
        <source>The data in %1 was written by a newer version of llmemory (format %2; this version knows %3). Update llmemory, or choose another data directory. Nothing was changed.</source>
        <translation>Die Daten in %1 hat eine neuere Version von llmemory geschrieben (Format %2; diese Version kennt %3). Aktualisieren Sie llmemory, oder wählen Sie ein anderes Datenverzeichnis. Nichts wurde verändert.</translation>
    </message>
    <message>
        <source>PostgreSQL 14 or later is not installed. Run: apt-get install postgresql</source>
        <translation>PostgreSQL 14 oder neuer ist nicht installiert. Führen Sie aus: apt-get install postgresql</translation>
    </message>
    <message>
        <source>There is no PostgreSQL 14 or later in %1 (LLMEMORY_PG_BINDIR). Correct that variable or remove it, and run: apt-get install postgresql</source>
        <translation>In %1 (LLMEMORY_PG_BINDIR) ist kein PostgreSQL 14 oder neuer. Berichtigen oder entfernen Sie diese Variable, und führen Sie aus: apt-get install postgresql</translation>
    </message>
    <message>
        <source>pgvector is missing for PostgreSQL %1. Run: apt-get install postgresql-%1-pgvector (Debian 13 and later); packaging/run.sh builds it elsewhere.</source>
        <translation>pgvector fehlt für PostgreSQL %1. Führen Sie aus: apt-get install postgresql-%1-pgvector (ab Debian 13); anderswo baut es packaging/run.sh.</translation>
    </message>
    <message>
        <source>it gave no reason</source>
        <translation>er nannte keinen Grund</translation>
    </message>
    <message>
        <source>The database server did not start: %1. Its log is in %2. Stored documents are untouched.</source>
        <translation>Der Datenbankserver ist nicht gestartet: %1. Sein Protokoll ist in %2. Gespeicherte Dokumente sind unberührt.</translation>
    </message>
</context>
<context>
    <name>llmemory::cluster::files</name>
    <message>
        <source>Cannot write %1</source>
        <translation>%1 kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>%1: %2.</source>
        <translation>%1: %2.</translation>
    </message>
    <message>
        <source>Cannot create the directory %1</source>
        <translation>Das Verzeichnis %1 kann nicht angelegt werden</translation>
    </message>
    <message>
        <source>There is no file %1.</source>
        <translation>Es gibt keine Datei %1.</translation>
    </message>
    <message>
        <source>Cannot read %1</source>
        <translation>%1 kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>%1 is larger than it should be.</source>
        <translation>%1 ist größer, als es sein sollte.</translation>
    </message>
    <message>
        <source>Cannot remove %1</source>
        <translation>%1 kann nicht entfernt werden</translation>
    </message>
</context>
<context>
    <name>llmemory::db</name>
    <message>
        <source>The database %1 refused the connection: wrong user, password or database name.</source>
        <translation>Die Datenbank %1 hat die Verbindung abgelehnt: Benutzer, Passwort oder Datenbankname ist falsch.</translation>
    </message>
    <message>
        <source>The database is recovering after an interruption. Search is back in a moment.</source>
        <translation>Die Datenbank wird nach einer Unterbrechung wiederhergestellt. Die Suche ist gleich wieder da.</translation>
    </message>
    <message>
        <source>Cannot reach the database %1. Nothing was lost; check that it runs and try again.</source>
        <translation>Die Datenbank %1 ist nicht erreichbar. Nichts ist verloren; prüfen Sie, ob sie läuft, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The database connection is not understood: %1. Use postgresql://USER:PASSWORD@HOST:PORT/DATABASE or &quot;host=… dbname=… user=…&quot;.</source>
        <translation>Die Angabe zur Datenbankverbindung ist unverständlich: %1. Verwenden Sie postgresql://BENUTZER:PASSWORT@RECHNER:PORT/DATENBANK oder „host=… dbname=… user=…“.</translation>
    </message>
    <message>
        <source>its form is wrong</source>
        <translation>ihre Form ist falsch</translation>
    </message>
    <message>
        <source>%1 contains ; or &apos;</source>
        <translation>%1 enthält ; oder &apos;</translation>
    </message>
    <message>
        <source>There is no such record.</source>
        <translation>Diesen Eintrag gibt es nicht.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be a schema name. Use at most 63 of the characters a-z 0-9 _, not beginning with a digit.</source>
        <translation>„%1“ kann kein Schemaname sein. Verwenden Sie höchstens 63 der Zeichen a-z 0-9 _, nicht mit einer Ziffer beginnend.</translation>
    </message>
    <message>
        <source>The database&apos;s disk is full. Stored documents are safe; free some space and try again.</source>
        <translation>Die Festplatte der Datenbank ist voll. Gespeicherte Dokumente sind sicher; schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The database is not reachable right now. Nothing that was stored is lost; try again in a moment.</source>
        <translation>Die Datenbank ist gerade nicht erreichbar. Nichts Gespeichertes ist verloren; versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>The database stopped the operation: it was cancelled or took too long.</source>
        <translation>Die Datenbank hat den Vorgang abgebrochen: er wurde angehalten oder dauerte zu lange.</translation>
    </message>
    <message>
        <source>The database user lacks a right that llmemory needs. Run &quot;llmemory doctor&quot; to see which.</source>
        <translation>Dem Datenbankbenutzer fehlt ein Recht, das llmemory braucht. „llmemory doctor“ zeigt, welches.</translation>
    </message>
    <message>
        <source>The database refused the connection: wrong user, password or database name.</source>
        <translation>Die Datenbank hat die Verbindung abgelehnt: Benutzer, Passwort oder Datenbankname ist falsch.</translation>
    </message>
    <message>
        <source>Somebody else changed the same data at the same time. Try again.</source>
        <translation>Jemand anders hat zur selben Zeit dieselben Daten verändert. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The database reported an error (SQLSTATE %1). Run &quot;llmemory doctor&quot; to check it.</source>
        <translation>Die Datenbank hat einen Fehler gemeldet (SQLSTATE %1). „llmemory doctor“ prüft sie.</translation>
    </message>
</context>
<context>
    <name>llmemory::db::Connection</name>
    <message>
        <source>Qt&apos;s PostgreSQL driver is missing. Run: apt-get install libqt6sql6-psql</source>
        <translation>Der PostgreSQL-Treiber von Qt fehlt. Führen Sie aus: apt-get install libqt6sql6-psql</translation>
    </message>
</context>
<context>
    <name>llmemory::doctor</name>
    <message>
        <source>Schema &quot;%1&quot; is up to date (migrations: %2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Schema &quot;%1&quot; lacks migrations: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are applied when the program starts the next time, or with &quot;llmemory migrate apply&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>is a superuser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bypasses row-level security</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>owns the tables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>isolation: filters and row-level security</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>isolation: filters only (the role &quot;%1&quot; %2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let the program connect as a role that is no superuser, does not own the tables and has no BYPASSRLS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passages that wait for their vector: %1; given up: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passages that were given up are found by words only. Reading their files again tries them once more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All indexes are usable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unusable indexes: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run REINDEX INDEX CONCURRENTLY for each of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The private database is created at the first use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connected to %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PostgreSQL %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>llmemory needs PostgreSQL 14 or newer: update the server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Update to PostgreSQL %1 or newer, which fixes faults and vulnerabilities.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pgvector %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pgvector is not installed in the database.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the package postgresql-NN-pgvector of the server&apos;s version, or let packaging/run.sh build it; then run &quot;llmemory migrate apply&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>llmemory needs pgvector 0.8.0 or newer. Update it, then run in the database: ALTER EXTENSION vector UPDATE;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Update to 0.8.4 or newer: this version has CVE-2026-3172 (parallel index builds may write out of bounds) and faults in the vacuum of HNSW indexes. Until then keep max_parallel_maintenance_workers = 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Update to 0.8.4 or newer: this version has faults in the vacuum of HNSW indexes. Until then REINDEX the HNSW indexes after large deletions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 does not exist yet; it is made when it is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a directory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove it, or choose another with --data-dir.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 belongs to another user (uid %2).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Work as that user, or choose another directory with --data-dir.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other users of this machine can look into %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run: chmod 700 &quot;%1&quot;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, %2 free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free some space: below 1 GiB ingestion pauses, below 256 MiB the database is read-only. Stored documents are safe.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no /dev/shm.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mount a tmpfs there; without it the server may not start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>/dev/shm has %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexes are built without parallel workers, which takes longer. Give a container more with --shm-size=256m.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Qt&apos;s PostgreSQL driver is installed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot write a temporary file in %1: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make room there, or set TMPDIR.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The process that reads files does not work (%1): %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install llmemory again; if that does not help, report this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files are read in a process of their own.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>llmemory::documents</name>
    <message>
        <source>There is no such passage.</source>
        <translation>Diese Textstelle gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no chunking strategy &quot;%1&quot;; use &quot;hierarchical&quot;.</source>
        <translation>Es gibt keine Zerlegung „%1“; verwenden Sie „hierarchical“.</translation>
    </message>
    <message>
        <source>There is no such document.</source>
        <translation>Dieses Dokument gibt es nicht.</translation>
    </message>
    <message>
        <source>offset must not be negative.</source>
        <translation>offset darf nicht negativ sein.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed</name>
    <message>
        <source>The embedding model &quot;%1&quot; has %2 dimensions, but this database knows it with %3.</source>
        <translation>Das Einbettungsmodell „%1“ hat %2 Dimensionen, diese Datenbank kennt es aber mit %3.</translation>
    </message>
</context>
<context>
    <name>llmemory::extract</name>
    <message>
        <source>Files cannot be read: %1 does not start (%2). Reinstall it.</source>
        <translation>Dateien können nicht gelesen werden: %1 startet nicht (%2). Installieren Sie es neu.</translation>
    </message>
    <message>
        <source>%1 is a link. Add the file it points to.</source>
        <translation>%1 ist eine Verknüpfung. Fügen Sie die Datei hinzu, auf die sie zeigt.</translation>
    </message>
    <message>
        <source>%1 cannot be opened (%2). Check that it still exists and that you may read it.</source>
        <translation>%1 kann nicht geöffnet werden (%2). Prüfen Sie, ob es die Datei noch gibt und ob Sie sie lesen dürfen.</translation>
    </message>
</context>
<context>
    <name>llmemory::extract::InputFile</name>
    <message>
        <source>%1 is not a file but a folder, a device or a pipe.</source>
        <translation>%1 ist keine Datei, sondern ein Ordner, ein Gerät oder eine Pipe.</translation>
    </message>
</context>
<context>
    <name>llmemory::extract::reason</name>
    <message>
        <source>%1 is not a text file. Not imported.</source>
        <translation>%1 ist keine Textdatei. Nicht übernommen.</translation>
    </message>
    <message>
        <source>Reading .%1 files is not supported yet.</source>
        <translation>Dateien der Art .%1 können noch nicht gelesen werden.</translation>
    </message>
    <message>
        <source>%1 has more than %2 pages. The pages after that were left out.</source>
        <translation>%1 hat mehr als %2 Seiten. Die Seiten danach wurden ausgelassen.</translation>
    </message>
    <message>
        <source>%1 has more than %2 MB of text. The rest was left out.</source>
        <translation>%1 hat mehr als %2 MB Text. Der Rest wurde ausgelassen.</translation>
    </message>
    <message>
        <source>%1 has pages but no text; it looks like a scan. Save a copy with recognised text.</source>
        <translation>%1 hat Seiten, aber keinen Text; es ist wohl ein Scan. Speichern Sie eine Kopie mit Texterkennung.</translation>
    </message>
    <message>
        <source>%1 has no text. Not imported.</source>
        <translation>%1 hat keinen Text. Nicht übernommen.</translation>
    </message>
    <message>
        <source>%1 has a password. Save a copy without one.</source>
        <translation>%1 hat ein Passwort. Speichern Sie eine Kopie ohne Passwort.</translation>
    </message>
    <message>
        <source>%1 declares a DOCTYPE, which no word processor writes. Not imported.</source>
        <translation>%1 enthält einen DOCTYPE, den keine Textverarbeitung schreibt. Nicht übernommen.</translation>
    </message>
    <message>
        <source>%1 is damaged or not of the kind its name says. Open it in its program and save it again.</source>
        <translation>%1 ist beschädigt oder nicht von der Art, die der Name sagt. Öffnen Sie es in seinem Programm und speichern Sie es neu.</translation>
    </message>
    <message>
        <source>%1 is larger than %2 MB. Not imported.</source>
        <translation>%1 ist größer als %2 MB. Nicht übernommen.</translation>
    </message>
    <message>
        <source>%1 is nested deeper than %2 levels. Not imported.</source>
        <translation>%1 ist tiefer als %2 Ebenen geschachtelt. Nicht übernommen.</translation>
    </message>
    <message>
        <source>%1 expands to more than %2 MB. Not imported.</source>
        <translation>%1 wird entpackt größer als %2 MB. Nicht übernommen.</translation>
    </message>
    <message>
        <source>Reading %1 took over %2 s. Not imported; the other files are.</source>
        <translation>Das Lesen von %1 dauerte über %2 s. Nicht übernommen; die anderen Dateien schon.</translation>
    </message>
    <message>
        <source>Reading %1 took over %2 MB of memory. Not imported; the other files are.</source>
        <translation>Das Lesen von %1 brauchte über %2 MB Arbeitsspeicher. Nicht übernommen; die anderen Dateien schon.</translation>
    </message>
    <message>
        <source>%1 cannot be opened.</source>
        <translation>%1 kann nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>Stopped on request.</source>
        <translation>Auf Wunsch abgebrochen.</translation>
    </message>
    <message>
        <source>Reading %1 failed. Not imported; the other files are.</source>
        <translation>Das Lesen von %1 ist fehlgeschlagen. Nicht übernommen; die anderen Dateien schon.</translation>
    </message>
</context>
<context>
    <name>llmemory::http</name>
    <message>
        <source>%1 is not available in this version.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 must be at least 1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no field named &quot;%1&quot;.</source>
        <translation>Es gibt kein Feld namens „%1“.</translation>
    </message>
    <message>
        <source>The field &quot;%1&quot; is given twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send one file in a request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The form has no file with a name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file cannot be kept for reading. Is the disk full?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines must end with CR LF.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The headers are too large.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The body is larger than what is taken in one request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request line is not valid HTTP.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This method is not implemented.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request target must be a path that begins with /.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only HTTP/1.1 and HTTP/1.0 are spoken here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No other protocol is spoken here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This expectation is not known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The length of the body is not clear.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the transfer coding &quot;chunked&quot; is known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A header line is too long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A header line is not valid HTTP.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request line is too long, or there are too many headers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of the form is not form-data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of the form has no name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The form ends before its closing boundary.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The form has more than 32 parts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of the form has too long headers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no parameter named &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The parameter &quot;%1&quot; is given twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The address is not valid percent-encoded UTF-8.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request has no Host header.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request has more than one Host header.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests for this host name are refused. Add the name in Settings if you trust it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests from web pages are refused. Add the origin in Settings if you trust it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the header &quot;Authorization: Bearer TOKEN&quot; with the token from the token file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too many wrong tokens. Wait a minute, and take the token from the token file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token is wrong. Take it from the token file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A request of this kind has no body.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The body must be plain %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The body has %1 bytes; at most %2 are taken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program is stopping.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too many requests are waiting. Try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request took too long and was stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without a token the endpoint listens on this machine only (127.0.0.1).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The endpoint needs a token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token file %1 must be a plain file that belongs to you and that only you can read. Run: chmod 600 %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot listen on %1, port %2: %3. Choose another port, or end the program that uses it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no address to listen on.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>llmemory::http::Router</name>
    <message>
        <source>There is nothing at this address.</source>
        <translation>Unter dieser Adresse ist nichts.</translation>
    </message>
    <message>
        <source>This address takes: %1.</source>
        <translation>Diese Adresse nimmt: %1.</translation>
    </message>
</context>
<context>
    <name>llmemory::http::TokenStore</name>
    <message>
        <source>The token file %1 cannot be created: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token file %1 cannot be read: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The token file %1 holds no token. Delete it and a new one is made.</source>
        <translation>Die Token-Datei %1 enthält kein Token. Löschen Sie sie, dann wird eine neue angelegt.</translation>
    </message>
</context>
<context>
    <name>llmemory::ingest</name>
    <message>
        <source>Name at least one file or folder.</source>
        <translation>Nennen Sie mindestens eine Datei oder einen Ordner.</translation>
    </message>
    <message>
        <source>id_at_origin goes with exactly one file; %1 were named.</source>
        <translation>id_at_origin geht mit genau einer Datei; genannt wurden %1.</translation>
    </message>
    <message>
        <source>The program ended several times while it read this file. Not imported; the other files are.</source>
        <translation>Das Programm wurde beim Lesen dieser Datei mehrmals beendet. Nicht übernommen; die anderen Dateien schon.</translation>
    </message>
</context>
<context>
    <name>llmemory::ingest::Scanner</name>
    <message>
        <source>There is no such file or folder.</source>
        <translation>Diese Datei oder diesen Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>Only regular files and folders can be read.</source>
        <translation>Nur gewöhnliche Dateien und Ordner können gelesen werden.</translation>
    </message>
    <message>
        <source>The folder cannot be opened: permission denied.</source>
        <translation>Der Ordner kann nicht geöffnet werden: keine Berechtigung.</translation>
    </message>
    <message>
        <source>The file cannot be opened: permission denied.</source>
        <translation>Die Datei kann nicht geöffnet werden: keine Berechtigung.</translation>
    </message>
</context>
<context>
    <name>llmemory::limits</name>
    <message>
        <source>%1 must have 1 to %2 characters; it has %3.</source>
        <translation>%1 muss 1 bis %2 Zeichen haben; es hat %3.</translation>
    </message>
    <message>
        <source>%1 must be a JSON object.</source>
        <translation>%1 muss ein JSON-Objekt sein.</translation>
    </message>
    <message>
        <source>%1 is nested deeper than %2 levels.</source>
        <translation>%1 ist tiefer als %2 Ebenen geschachtelt.</translation>
    </message>
    <message>
        <source>%1 is larger than %2 bytes.</source>
        <translation>%1 ist größer als %2 Bytes.</translation>
    </message>
    <message>
        <source>id_at_origin must not contain control characters.</source>
        <translation>id_at_origin darf keine Steuerzeichen enthalten.</translation>
    </message>
    <message>
        <source>The query is empty.</source>
        <translation>Die Suche ist leer.</translation>
    </message>
    <message>
        <source>The document has no text.</source>
        <translation>Das Dokument hat keinen Text.</translation>
    </message>
    <message>
        <source>The document has %1 characters; at most %2 are stored.</source>
        <translation>Das Dokument hat %1 Zeichen; gespeichert werden höchstens %2.</translation>
    </message>
    <message>
        <source>%1 has more than %2 keys.</source>
        <translation>%1 hat mehr als %2 Schlüssel.</translation>
    </message>
    <message>
        <source>limit must be 1 to %1; it is %2.</source>
        <translation>limit muss 1 bis %1 sein; es ist %2.</translation>
    </message>
    <message>
        <source>offset must be 0 to %1; it is %2.</source>
        <translation>offset muss 0 bis %1 sein; es ist %2.</translation>
    </message>
    <message>
        <source>alpha must be 0 to 1; it is %1.</source>
        <translation>alpha muss 0 bis 1 sein; es ist %1.</translation>
    </message>
    <message>
        <source>%1 must be an ISO 8601 date such as 2024-05-01; it is &quot;%2&quot;.</source>
        <translation>%1 muss ein ISO-8601-Datum wie 2024-05-01 sein; es ist „%2“.</translation>
    </message>
</context>
<context>
    <name>llmemory::migrate</name>
    <message>
        <source>The migration file &quot;%1&quot; is not named NNNN_what.sql.</source>
        <translation>Die Migrationsdatei „%1“ heißt nicht NNNN_was.sql.</translation>
    </message>
    <message>
        <source>Cannot read the migration file &quot;%1&quot;: %2.</source>
        <translation>Die Migrationsdatei „%1“ kann nicht gelesen werden: %2.</translation>
    </message>
    <message>
        <source>The migration number of &quot;%1&quot; is used twice.</source>
        <translation>Die Migrationsnummer von „%1“ kommt zweimal vor.</translation>
    </message>
    <message>
        <source>The database &quot;%1&quot; does not have the extension vector, and this user may not create it. Run as an administrator: CREATE EXTENSION vector;</source>
        <translation>Die Datenbank „%1“ hat die Erweiterung vector nicht, und dieser Benutzer darf sie nicht anlegen. Führen Sie als Administrator aus: CREATE EXTENSION vector;</translation>
    </message>
    <message>
        <source>The server runs PostgreSQL %1; llmemory needs 14 or newer.</source>
        <translation>Auf dem Server läuft PostgreSQL %1; llmemory braucht 14 oder neuer.</translation>
    </message>
    <message>
        <source>The server has no pgvector. Install it there, for example: apt-get install postgresql-%1-pgvector</source>
        <translation>Der Server hat kein pgvector. Installieren Sie es dort, zum Beispiel: apt-get install postgresql-%1-pgvector</translation>
    </message>
    <message>
        <source>The server has pgvector %1; llmemory needs 0.8.0 or newer. Update it, then run: ALTER EXTENSION vector UPDATE;</source>
        <translation>Der Server hat pgvector %1; llmemory braucht 0.8.0 oder neuer. Aktualisieren Sie es und führen Sie dann aus: ALTER EXTENSION vector UPDATE;</translation>
    </message>
</context>
<context>
    <name>llmemory::migrate::MigrationRunner</name>
    <message>
        <source>The database was changed by a newer llmemory (%1). Update this program; the stored documents are safe.</source>
        <translation>Die Datenbank wurde von einem neueren llmemory (%1) verändert. Aktualisieren Sie dieses Programm; die gespeicherten Dokumente sind sicher.</translation>
    </message>
    <message>
        <source>The migration %1 is not the one that was applied to this database. Use the program that created it, or restore the original file.</source>
        <translation>Die Migration %1 ist nicht die, die auf diese Datenbank angewandt wurde. Verwenden Sie das Programm, das sie angelegt hat, oder stellen Sie die ursprüngliche Datei wieder her.</translation>
    </message>
    <message>
        <source>The migration %1 failed; nothing of it was kept. %2</source>
        <translation>Die Migration %1 ist fehlgeschlagen; nichts davon wurde übernommen. %2</translation>
    </message>
</context>
<context>
    <name>llmemory::search</name>
    <message>
        <source>Found by words only: %1</source>
        <translation>Nur nach Wörtern gefunden: %1</translation>
    </message>
</context>
<context>
    <name>llmemory::settings</name>
    <message>
        <source>%1: &quot;%2&quot; must be a whole number without quotes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; must hold texts that are not empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; must be a text in quotes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot read the configuration file %1: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The configuration file %1 is too large.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The configuration file %1 does not exist.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The configuration file %1 is not valid JSON: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The configuration file %1 must hold one JSON object.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: there is no setting &quot;%2&quot;. &quot;llmemory config show&quot; lists the settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PostgreSQL server to use; empty: the private one in the data directory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>database schema that holds the tables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>directory of the private database, the access token and the logs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>configuration file (JSON)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>least important messages that are logged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>database connections of this program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>address of the HTTP endpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>port of the HTTP endpoint; 0: a free one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>further names under which the HTTP endpoint is called</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>web pages that may call the HTTP endpoint, as https://host</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished">%1, %2 {1:?}</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a whole number from %2 to %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not one of %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no schema name. Use 1 to 63 of a-z, 0-9 and _, not beginning with a digit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the value is empty.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>llmemory::settings::Settings</name>
    <message>
        <source>%1, &quot;%2&quot;</source>
        <translation>%1, „%2“</translation>
    </message>
</context>
<context>
    <name>llmemory::tenants</name>
    <message>
        <source>There is no owner &quot;%1&quot;.</source>
        <translation>Es gibt keinen Mandanten „%1“.</translation>
    </message>
    <message>
        <source>The owner &quot;%1&quot; exists already.</source>
        <translation>Den Mandanten „%1“ gibt es schon.</translation>
    </message>
</context>
<context>
    <name>llmemory::ui</name>
    <message>
        <source>“%1” is not a file on this computer, so it cannot be opened from here.</source>
        <translation>„%1“ ist keine Datei auf diesem Rechner und kann daher von hier aus nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>“%1” is not there any more. It was moved, renamed or deleted since it was read; its text can still be found here.</source>
        <translation>„%1“ ist nicht mehr da. Die Datei wurde verschoben, umbenannt oder gelöscht, seit sie gelesen wurde; ihr Text wird hier weiterhin gefunden.</translation>
    </message>
    <message>
        <source>No program on this desktop opens “%1”. Choose a default program for this kind of file in the desktop&apos;s settings.</source>
        <translation>Auf diesem System öffnet kein Programm „%1“. Wählen Sie in den Systemeinstellungen ein Standardprogramm für diese Art von Datei.</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-Mail</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>Chat</translation>
    </message>
    <message>
        <source>Presentation</source>
        <translation>Präsentation</translation>
    </message>
    <message>
        <source>Legal document</source>
        <translation>Rechtsdokument</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Business report</source>
        <translation>Geschäftsbericht</translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>Webseite</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Word-Dokument</translation>
    </message>
    <message>
        <source>Source code</source>
        <translation>Quelltext</translation>
    </message>
    <message>
        <source>Technical document</source>
        <translation>Technisches Dokument</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>No passages</source>
        <translation>Keine Textstellen</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting for meaning</source>
        <comment>passages that are found by words already</comment>
        <translation>
            <numerusform>%n wartet auf Bedeutung</numerusform>
            <numerusform>%n warten auf Bedeutung</numerusform>
        </translation>
    </message>
    <message>
        <source>Searchable</source>
        <translation>Durchsuchbar</translation>
    </message>
    <message>
        <source>p. %1</source>
        <comment>page</comment>
        <translation>S. %1</translation>
    </message>
    <message>
        <source>not a valid address</source>
        <translation>keine gültige Adresse</translation>
    </message>
    <message>
        <source>not on this computer; save it to a folder first</source>
        <translation>nicht auf diesem Rechner; speichern Sie es zuerst in einem Ordner</translation>
    </message>
    <message>
        <source>on another computer (%1)</source>
        <translation>auf einem anderen Rechner (%1)</translation>
    </message>
    <message>
        <source>without a full path</source>
        <translation>ohne vollständigen Pfad</translation>
    </message>
    <message>
        <source>“%1” was not added: it is %2.</source>
        <translation>„%1“ wurde nicht hinzugefügt: %2.</translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) were not added, the first because it is %1.</source>
        <translation>
            <numerusform>%n Eintrag wurde nicht hinzugefügt: %1.</numerusform>
            <numerusform>%n Einträge wurden nicht hinzugefügt, der erste aus diesem Grund: %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>llmemory::ui::AboutDialog</name>
    <message>
        <source>About llmemory</source>
        <translation>Über llmemory</translation>
    </message>
    <message>
        <source>Version %1 · Qt %2</source>
        <translation>Version %1 · Qt %2</translation>
    </message>
    <message>
        <source>Keeps documents and finds them again, by their words and by their meaning. Built on PostgreSQL and pgvector.</source>
        <translation>Bewahrt Dokumente auf und findet sie wieder, nach ihren Wörtern und nach ihrer Bedeutung. Gebaut auf PostgreSQL und pgvector.</translation>
    </message>
    <message>
        <source>Free software under the MIT licence, without any warranty.</source>
        <translation>Freie Software unter der MIT-Lizenz, ohne jede Gewährleistung.</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::AddOwnerDialog</name>
    <message>
        <source>Add Tenant</source>
        <translation>Mandanten hinzufügen</translation>
    </message>
    <message>
        <source>For example: Legal department</source>
        <translation>Zum Beispiel: Rechtsabteilung</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>For example: legal</source>
        <translation>Zum Beispiel: recht</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>Kennung</translation>
    </message>
    <message>
        <source>Letters, digits and . _ @ - without spaces</source>
        <translation>Buchstaben, Ziffern und . _ @ - ohne Leerzeichen</translation>
    </message>
    <message>
        <source>A tenant keeps its documents apart from all others. Scripts and the command line use its id, which stays as it is; the name can be changed later.</source>
        <translation>Ein Mandant hält seine Dokumente von allen anderen getrennt. Skripte und die Befehlszeile verwenden seine Kennung, die bleibt, wie sie ist; der Name kann später geändert werden.</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Name:</translation>
    </message>
    <message>
        <source>&amp;Id:</source>
        <translation>&amp;Kennung:</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>A tenant with this id exists already.</source>
        <translation>Einen Mandanten mit dieser Kennung gibt es schon.</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::BusyIndicator</name>
    <message>
        <source>Busy</source>
        <translation>Beschäftigt</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::DeleteOwnerDialog</name>
    <message>
        <source>Delete Tenant</source>
        <translation>Mandanten löschen</translation>
    </message>
    <message>
        <source>Delete “%1”?</source>
        <translation>„%1“ löschen?</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s) of this tenant will be deleted here for good. The files on the disk stay as they are.</source>
        <translation>
            <numerusform>%n Dokument dieses Mandanten wird hier endgültig gelöscht. Die Datei auf der Festplatte bleibt, wie sie ist.</numerusform>
            <numerusform>%n Dokumente dieses Mandanten werden hier endgültig gelöscht. Die Dateien auf der Festplatte bleiben, wie sie sind.</numerusform>
        </translation>
    </message>
    <message>
        <source>This tenant has no documents.</source>
        <translation>Dieser Mandant hat keine Dokumente.</translation>
    </message>
    <message>
        <source>To confirm, type the tenant&apos;s id: %1</source>
        <translation>Geben Sie zur Bestätigung die Kennung des Mandanten ein: %1</translation>
    </message>
    <message>
        <source>Id of the tenant to delete</source>
        <translation>Kennung des zu löschenden Mandanten</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::DocumentModel</name>
    <message>
        <source>Found by its words already, and soon by its meaning too.</source>
        <translation>Wird schon nach seinen Wörtern gefunden und bald auch nach seiner Bedeutung.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Passages</source>
        <translation>Textstellen</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>Hinzugefügt</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::DocumentsPage</name>
    <message>
        <source>&amp;Open File</source>
        <translation>Datei ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Show in Folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>&amp;Löschen …</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Dokumente</translation>
    </message>
    <message>
        <source>Open the document&apos;s file with its program</source>
        <translation>Die Datei des Dokuments mit ihrem Programm öffnen</translation>
    </message>
    <message>
        <source>Open the folder that holds the document&apos;s file</source>
        <translation>Den Ordner öffnen, in dem die Datei des Dokuments liegt</translation>
    </message>
    <message>
        <source>Delete the chosen documents here; the files on the disk stay</source>
        <translation>Die gewählten Dokumente hier löschen; die Dateien auf der Festplatte bleiben</translation>
    </message>
    <message>
        <source>Filter by name</source>
        <translation>Nach Namen filtern</translation>
    </message>
    <message>
        <source>Filter the documents by name</source>
        <translation>Die Dokumente nach Namen filtern</translation>
    </message>
    <message>
        <source>No document of this name</source>
        <translation>Kein Dokument dieses Namens</translation>
    </message>
    <message>
        <source>To look inside the documents, use the search field above.</source>
        <translation>Um in den Dokumenten zu suchen, verwenden Sie das Suchfeld oben.</translation>
    </message>
    <message>
        <source>Drop files or folders here</source>
        <translation>Dateien oder Ordner hier ablegen</translation>
    </message>
    <message>
        <source>Drop files or folders to add them to “%1”</source>
        <translation>Dateien oder Ordner ablegen, um sie zu „%1“ hinzuzufügen</translation>
    </message>
    <message>
        <source>They are read on this computer and can then be searched by their words and by their meaning: PDF, Word, web pages, Markdown and text.</source>
        <translation>Sie werden auf diesem Rechner gelesen und können dann nach ihren Wörtern und nach ihrer Bedeutung durchsucht werden: PDF, Word, Webseiten, Markdown und Text.</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s)</source>
        <translation>
            <numerusform>%n Dokument</numerusform>
            <numerusform>%n Dokumente</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete Documents</source>
        <translation>Dokumente löschen</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n document(s)?</source>
        <translation>
            <numerusform>%n Dokument löschen?</numerusform>
            <numerusform>%n Dokumente löschen?</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete “%1”?</source>
        <translation>„%1“ löschen?</translation>
    </message>
    <message>
        <source>They can then no longer be found here. The files on the disk stay as they are.</source>
        <translation>Hier wird dann nichts mehr davon gefunden. Die Dateien auf der Festplatte bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::DropArea</name>
    <message>
        <source>Drop target</source>
        <translation>Ablagefläche</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::HitModel</name>
    <message>
        <source>Score %1</source>
        <translation>Wertung %1</translation>
    </message>
    <message>
        <source>Meaning %1</source>
        <translation>Bedeutung %1</translation>
    </message>
    <message>
        <source>Words %1</source>
        <translation>Wörter %1</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1, %2: %3</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::IngestDelegate</name>
    <message>
        <source>Retry</source>
        <translation>Wiederholen</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::IngestModel</name>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen …</translation>
    </message>
    <message numerus="yes">
        <source>Added, %n passage(s)</source>
        <translation>
            <numerusform>Hinzugefügt, %n Textstelle</numerusform>
            <numerusform>Hinzugefügt, %n Textstellen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Updated, %n passage(s)</source>
        <translation>
            <numerusform>Aktualisiert, %n Textstelle</numerusform>
            <numerusform>Aktualisiert, %n Textstellen</numerusform>
        </translation>
    </message>
    <message>
        <source>Unchanged</source>
        <translation>Unverändert</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::IngestPanel</name>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Retry Failed</source>
        <translation>&amp;Fehlgeschlagene wiederholen</translation>
    </message>
    <message>
        <source>C&amp;lear</source>
        <translation>&amp;Leeren</translation>
    </message>
    <message>
        <source>Stop reading; what has been read stays</source>
        <translation>Nicht weiterlesen; was gelesen ist, bleibt</translation>
    </message>
    <message>
        <source>Read the failed and cancelled files again</source>
        <translation>Die fehlgeschlagenen und abgebrochenen Dateien noch einmal lesen</translation>
    </message>
    <message>
        <source>Remove the finished files from this list</source>
        <translation>Die erledigten Dateien aus dieser Liste entfernen</translation>
    </message>
    <message>
        <source>Progress of reading</source>
        <translation>Fortschritt beim Lesen</translation>
    </message>
    <message>
        <source>Hide the files</source>
        <translation>Dateien ausblenden</translation>
    </message>
    <message>
        <source>Show the files</source>
        <translation>Dateien einblenden</translation>
    </message>
    <message>
        <source>Files being read</source>
        <translation>Dateien, die gelesen werden</translation>
    </message>
    <message>
        <source>Looking for files…</source>
        <translation>Dateien werden gesucht …</translation>
    </message>
    <message>
        <source>Reading %1 of %2</source>
        <translation>%1 von %2 gelesen</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) read</source>
        <translation>
            <numerusform>%n Datei gelesen</numerusform>
            <numerusform>%n Dateien gelesen</numerusform>
        </translation>
    </message>
    <message>
        <source>Files read before</source>
        <translation>Früher gelesene Dateien</translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n fehlgeschlagen</numerusform>
            <numerusform>%n fehlgeschlagen</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Retry</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Open File</source>
        <translation>Datei ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Show in Folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>&amp;Copy Reason</source>
        <translation>&amp;Grund kopieren</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be read</source>
        <translation>
            <numerusform>%n Datei konnte nicht gelesen werden</numerusform>
            <numerusform>%n Dateien konnten nicht gelesen werden</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>llmemory::ui::MainWindow</name>
    <message>
        <source>Add &amp;Files…</source>
        <translation>&amp;Dateien hinzufügen …</translation>
    </message>
    <message>
        <source>Add F&amp;older…</source>
        <translation>&amp;Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Starting the database…</source>
        <translation>Die Datenbank wird gestartet …</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Read files for the chosen tenant</source>
        <translation>Dateien für den gewählten Mandanten lesen</translation>
    </message>
    <message>
        <source>Read all files of a folder and the folders in it</source>
        <translation>Alle Dateien eines Ordners und der Ordner darin lesen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Close the window; what is being read goes on at the next start</source>
        <translation>Das Fenster schließen; was gerade gelesen wird, geht beim nächsten Start weiter</translation>
    </message>
    <message>
        <source>&amp;Tenant</source>
        <translation>&amp;Mandant</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Paste Files</source>
        <translation>Dateien &amp;einfügen</translation>
    </message>
    <message>
        <source>Read the files that were copied in the file manager</source>
        <translation>Die Dateien lesen, die in der Dateiverwaltung kopiert wurden</translation>
    </message>
    <message>
        <source>&amp;Find</source>
        <translation>&amp;Suchen</translation>
    </message>
    <message>
        <source>Go to the search field</source>
        <translation>Zum Suchfeld gehen</translation>
    </message>
    <message>
        <source>&amp;Clear Search</source>
        <translation>Suche &amp;leeren</translation>
    </message>
    <message>
        <source>Go back to the list of documents</source>
        <translation>Zur Liste der Dokumente zurückkehren</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>&amp;System</source>
        <translation>Wie das &amp;System</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>Choose the colours of the window</source>
        <translation>Die Farben des Fensters wählen</translation>
    </message>
    <message>
        <source>Show or Hide &amp;Activity</source>
        <translation>&amp;Aktivität ein- oder ausblenden</translation>
    </message>
    <message>
        <source>Show or hide the files that are being read</source>
        <translation>Die Dateien, die gelesen werden, ein- oder ausblenden</translation>
    </message>
    <message>
        <source>&amp;Full Screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>Let the window fill the screen</source>
        <translation>Das Fenster auf den ganzen Bildschirm vergrößern</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Keyboard Shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>Show the keys of this window</source>
        <translation>Die Tasten dieses Fensters zeigen</translation>
    </message>
    <message>
        <source>&amp;About llmemory</source>
        <translation>&amp;Über llmemory</translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation>Über &amp;Qt</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <comment>tenant – program</comment>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>Drop files or folders to add them</source>
        <translation>Dateien oder Ordner ablegen, um sie hinzuzufügen</translation>
    </message>
    <message>
        <source>Drop files or folders to add them to “%1”</source>
        <translation>Dateien oder Ordner ablegen, um sie zu „%1“ hinzuzufügen</translation>
    </message>
    <message>
        <source>There are no files on the clipboard.</source>
        <translation>In der Zwischenablage sind keine Dateien.</translation>
    </message>
    <message>
        <source>Add Files</source>
        <translation>Dateien hinzufügen</translation>
    </message>
    <message>
        <source>Add Folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>From the search field into the results</source>
        <translation>Vom Suchfeld in die Treffer</translation>
    </message>
    <message>
        <source>Open the file of a result</source>
        <translation>Die Datei eines Treffers öffnen</translation>
    </message>
    <message>
        <source>Copy a found passage</source>
        <translation>Eine gefundene Textstelle kopieren</translation>
    </message>
    <message>
        <source>Back to the search field, clear the search</source>
        <translation>Zurück zum Suchfeld, Suche leeren</translation>
    </message>
    <message>
        <source>Delete the chosen documents</source>
        <translation>Die gewählten Dokumente löschen</translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s) soon found by meaning too</source>
        <translation>
            <numerusform>%n Textstelle wird bald auch nach Bedeutung gefunden</numerusform>
            <numerusform>%n Textstellen werden bald auch nach Bedeutung gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>The database does not answer. Trying again…</source>
        <translation>Neuer Versuch läuft …</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::MessageBar</name>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Show details of the message</source>
        <translation>Einzelheiten der Meldung zeigen</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation>Die Meldung schließen</translation>
    </message>
    <message>
        <source>Details of the message</source>
        <translation>Einzelheiten der Meldung</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::ModeSwitch</name>
    <message>
        <source>Hybrid</source>
        <translation>Hybrid</translation>
    </message>
    <message>
        <source>Search by words and by meaning</source>
        <translation>Nach Wörtern und nach Bedeutung suchen</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Wörter</translation>
    </message>
    <message>
        <source>Search for the words as they are</source>
        <translation>Nach den Wörtern suchen, wie sie dastehen</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Bedeutung</translation>
    </message>
    <message>
        <source>Search for passages that say something similar</source>
        <translation>Nach Textstellen suchen, die Ähnliches sagen</translation>
    </message>
    <message>
        <source>How to search</source>
        <translation>Art der Suche</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::OwnerModel</name>
    <message>
        <source>%1
Id: %2
%3
%4</source>
        <translation>%1
Kennung: %2
%3
%4</translation>
    </message>
    <message numerus="yes">
        <source>%n document(s)</source>
        <translation>
            <numerusform>%n Dokument</numerusform>
            <numerusform>%n Dokumente</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s)</source>
        <translation>
            <numerusform>%n Textstelle</numerusform>
            <numerusform>%n Textstellen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::OwnerPanel</name>
    <message>
        <source>&amp;Add…</source>
        <translation>&amp;Hinzufügen …</translation>
    </message>
    <message>
        <source>&amp;Rename…</source>
        <translation>&amp;Umbenennen …</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>&amp;Löschen …</translation>
    </message>
    <message>
        <source>Add a tenant</source>
        <translation>Einen Mandanten hinzufügen</translation>
    </message>
    <message>
        <source>Rename the chosen tenant</source>
        <translation>Den gewählten Mandanten umbenennen</translation>
    </message>
    <message>
        <source>Delete the chosen tenant with all its documents</source>
        <translation>Den gewählten Mandanten mit allen seinen Dokumenten löschen</translation>
    </message>
    <message>
        <source>Tenants</source>
        <translation>Mandanten</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::PreviewPane</name>
    <message>
        <source>Page %1</source>
        <translation>Seite %1</translation>
    </message>
    <message>
        <source>Open File</source>
        <translation>Datei öffnen</translation>
    </message>
    <message>
        <source>Show in Folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Nothing chosen</source>
        <translation>Nichts gewählt</translation>
    </message>
    <message>
        <source>Choose a document or a found passage to read it here.</source>
        <translation>Wählen Sie ein Dokument oder eine gefundene Textstelle, um hier zu lesen.</translation>
    </message>
    <message>
        <source>Text of the document</source>
        <translation>Text des Dokuments</translation>
    </message>
    <message>
        <source>Open the document&apos;s file with its program</source>
        <translation>Die Datei des Dokuments mit ihrem Programm öffnen</translation>
    </message>
    <message>
        <source>Open the folder that holds the document&apos;s file</source>
        <translation>Den Ordner öffnen, in dem die Datei des Dokuments liegt</translation>
    </message>
    <message>
        <source>Copy the text of the passage</source>
        <translation>Den Text der Stelle kopieren</translation>
    </message>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation>
            <numerusform>%n Seite</numerusform>
            <numerusform>%n Seiten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s)</source>
        <translation>
            <numerusform>%n Textstelle</numerusform>
            <numerusform>%n Textstellen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>llmemory::ui::RenameOwnerDialog</name>
    <message>
        <source>Rename Tenant</source>
        <translation>Mandanten umbenennen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Name:</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::ResultsPage</name>
    <message>
        <source>&amp;Open File</source>
        <translation>Datei ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Show in Folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>&amp;Copy Passage</source>
        <translation>Textstelle &amp;kopieren</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Suche läuft …</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>Nichts gefunden</translation>
    </message>
    <message>
        <source>The search did not work</source>
        <translation>Die Suche hat nicht funktioniert</translation>
    </message>
    <message>
        <source>No passage fits “%1”. Try other words.</source>
        <translation>Keine Textstelle passt zu „%1“. Versuchen Sie es mit anderen Wörtern.</translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s)</source>
        <translation>
            <numerusform>%n Textstelle</numerusform>
            <numerusform>%n Textstellen</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 ms</source>
        <comment>milliseconds</comment>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>Found passages</source>
        <translation>Gefundene Textstellen</translation>
    </message>
    <message>
        <source>Open the document&apos;s file with its program</source>
        <translation>Die Datei des Dokuments mit ihrem Programm öffnen</translation>
    </message>
    <message>
        <source>Open the folder that holds the document&apos;s file</source>
        <translation>Den Ordner öffnen, in dem die Datei des Dokuments liegt</translation>
    </message>
    <message>
        <source>Copy the text of the passage</source>
        <translation>Den Text der Stelle kopieren</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::SearchBar</name>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Clear the search (Esc)</source>
        <translation>Suche leeren (Esc)</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Suche leeren</translation>
    </message>
    <message>
        <source>Search in %1</source>
        <translation>In %1 suchen</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::ShortcutsDialog</name>
    <message>
        <source>Keyboard Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::StartupPage</name>
    <message>
        <source>Starting…</source>
        <translation>Wird gestartet …</translation>
    </message>
    <message>
        <source>Details of the problem</source>
        <translation>Einzelheiten des Problems</translation>
    </message>
    <message>
        <source>&amp;Try Again</source>
        <translation>&amp;Noch einmal versuchen</translation>
    </message>
    <message>
        <source>&amp;Copy Details</source>
        <translation>&amp;Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>The database could not be started</source>
        <translation>Die Datenbank konnte nicht gestartet werden</translation>
    </message>
</context>
</TS>
