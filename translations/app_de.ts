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
        <source>id_at_origins may name at most %1 documents.</source>
        <translation>id_at_origins darf höchstens %1 Dokumente nennen.</translation>
    </message>
    <message>
        <source>There is no search type &quot;%1&quot;; use hybrid, vector or text.</source>
        <translation>Es gibt keine Suchart „%1“; möglich sind hybrid, vector und text.</translation>
    </message>
    <message>
        <source>%1 is not a program that can be started. Correct the setting &quot;program&quot;, or leave it empty to have llmemory found by itself.</source>
        <translation>%1 ist kein Programm, das gestartet werden kann. Berichtigen Sie die Einstellung „program“, oder lassen Sie sie leer, damit llmemory von selbst gefunden wird.</translation>
    </message>
    <message>
        <source>The program llmemory, which supervises the embedded database and reads files, was not found: not beside this program, not in %1 and not in PATH. Install llmemory, or say with the setting &quot;program&quot; where it is.</source>
        <translation>Das Programm llmemory, das die eingebaute Datenbank überwacht und Dateien liest, wurde nicht gefunden: nicht neben diesem Programm, nicht in %1 und nicht in PATH. Installieren Sie llmemory, oder geben Sie mit der Einstellung „program“ an, wo es ist.</translation>
    </message>
    <message>
        <source>%1 must be an absolute path; it is &quot;%2&quot;.</source>
        <translation>%1 muss ein absoluter Pfad sein; es ist „%2“.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 must not be above %2, which is %3; it is %4.</source>
        <translation>%1 darf nicht über %2 liegen, das %3 ist; es ist %4.</translation>
    </message>
    <message>
        <source>%1 must be at most half of %2, which is %3; it is %4.</source>
        <translation>%1 darf höchstens halb so groß sein wie %2, das %3 ist; es ist %4.</translation>
    </message>
    <message>
        <source>%1 must be one of %2; it is &quot;%3&quot;. %4 names further models; local transformer models are not in this version.</source>
        <translation>%1 muss eines von %2 sein; es ist „%3“. %4 nennt weitere Modelle; lokale Transformer-Modelle sind in dieser Version nicht enthalten.</translation>
    </message>
    <message>
        <source>%1 is missing: the provider &quot;%2&quot; at %3 asks for it. Set OPENAI_API_KEY or OPENAI_API_KEY_FILE.</source>
        <translation>%1 fehlt: der Anbieter „%2“ bei %3 verlangt es. Setzen Sie OPENAI_API_KEY oder OPENAI_API_KEY_FILE.</translation>
    </message>
    <message>
        <source>The schema &quot;%1&quot; is not up to date; migrations that are missing: %2. Apply them first (llmemory migrate apply, or Memory::applyMigrations()).</source>
        <translation>Das Schema „%1“ ist nicht auf dem neuesten Stand; fehlende Migrationen: %2. Wenden Sie sie zuerst an (llmemory migrate apply oder Memory::applyMigrations()).</translation>
    </message>
    <message>
        <source>%1 must be 1 to %2; it is %3.</source>
        <translation>%1 muss 1 bis %2 sein; es ist %3.</translation>
    </message>
    <message>
        <source>%1 may have at most %2 values.</source>
        <translation>%1 darf höchstens %2 Werte haben.</translation>
    </message>
    <message>
        <source>Every value of %1 must have 1 to %2 characters.</source>
        <translation>Jeder Wert von %1 muss 1 bis %2 Zeichen haben.</translation>
    </message>
    <message>
        <source>%1 has a condition on &quot;%2&quot; that cannot be compared; write key=value, key!=value, or key&gt;=number or date.</source>
        <translation>%1 hat eine Bedingung für „%2“, die nicht verglichen werden kann; schreiben Sie key=value, key!=value oder key&gt;=Zahl oder Datum.</translation>
    </message>
    <message>
        <source>Pages count from 1.</source>
        <translation>Seiten zählen ab 1.</translation>
    </message>
    <message>
        <source>page_from is after page_to.</source>
        <translation>page_from liegt nach page_to.</translation>
    </message>
    <message>
        <source>The schema &quot;%1&quot; exists, but is not that of the tenant &quot;%2&quot;.</source>
        <translation>Das Schema „%1“ gibt es, es ist aber nicht das des Mandanten „%2“.</translation>
    </message>
</context>
<context>
    <name>llmemory::Engine</name>
    <message>
        <source>Preparing the tables…</source>
        <translation>Die Tabellen werden vorbereitet …</translation>
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
    <name>llmemory::SavedSearchInput</name>
    <message>
        <source>The name of a saved search must have 1 to %1 characters.</source>
        <translation>Der Name einer gespeicherten Suche muss 1 bis %1 Zeichen haben.</translation>
    </message>
    <message>
        <source>request must be the JSON object that POST /v1/search takes, without owner_id.</source>
        <translation>request muss das JSON-Objekt sein, das POST /v1/search annimmt, ohne owner_id.</translation>
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
    <message>
        <source>min_score must be a number.</source>
        <translation>min_score muss eine Zahl sein.</translation>
    </message>
</context>
<context>
    <name>llmemory::TenantSchemas</name>
    <message>
        <source>The prefix of tenants&apos; schemas has at most %1 bytes; &quot;%2&quot; has %3.</source>
        <translation>Das Präfix der Mandantenschemas hat höchstens %1 Bytes; „%2“ hat %3.</translation>
    </message>
    <message>
        <source>The tenant &quot;%1&quot; has no schema of its own.</source>
        <translation>Der Mandant „%1“ hat kein eigenes Schema.</translation>
    </message>
</context>
<context>
    <name>llmemory::app</name>
    <message>
        <source>This program was built without the HTTP endpoint.</source>
        <translation>Dieses Programm wurde ohne den HTTP-Endpunkt gebaut.</translation>
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
        <translation>„%1“ braucht eines von: %2.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has no command &quot;%2&quot;. It has: %3.</source>
        <translation>„%1“ hat keinen Befehl „%2“, sondern: %3.</translation>
    </message>
    <message>
        <source>There is no command &quot;%1&quot;.</source>
        <translation>Es gibt keinen Befehl „%1“.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Option --owner is missing: whose documents?</source>
        <translation>Die Option --owner fehlt: wessen Dokumente?</translation>
    </message>
    <message>
        <source>%1 is missing.</source>
        <translation>%1 fehlt.</translation>
    </message>
    <message>
        <source>Unexpected argument &quot;%1&quot;.</source>
        <translation>Unerwartetes Argument „%1“.</translation>
    </message>
    <message>
        <source>%1 must be a whole number; it is &quot;%2&quot;.</source>
        <translation>%1 muss eine ganze Zahl sein; es ist „%2“.</translation>
    </message>
    <message>
        <source>%1 must be a number; it is &quot;%2&quot;.</source>
        <translation>%1 muss eine Zahl sein; es ist „%2“.</translation>
    </message>
    <message>
        <source>%1 must be one of %2; it is &quot;%3&quot;.</source>
        <translation>%1 muss eines von %2 sein; es ist „%3“.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no document id. &quot;llmemory documents list&quot; shows the ids.</source>
        <translation>„%1“ ist keine Dokumentkennung. „llmemory documents list“ zeigt die Kennungen.</translation>
    </message>
    <message>
        <source>%1: the value is empty.</source>
        <translation>%1: der Wert ist leer.</translation>
    </message>
    <message>
        <source>--no-auth and --token-file exclude each other.</source>
        <translation>--no-auth und --token-file schließen einander aus.</translation>
    </message>
    <message>
        <source>PATH is empty.</source>
        <translation>PATH ist leer.</translation>
    </message>
    <message>
        <source>%1 fits one file only.</source>
        <translation>%1 passt nur zu einer einzigen Datei.</translation>
    </message>
    <message>
        <source>--mode must be hybrid, vector or text; it is &quot;%1&quot;.</source>
        <translation>--mode muss hybrid, vector oder text sein; es ist „%1“.</translation>
    </message>
    <message>
        <source>--order-by must be created_at, updated_at or document_name; it is &quot;%1&quot;.</source>
        <translation>--order-by muss created_at, updated_at oder document_name sein; es ist „%1“.</translation>
    </message>
    <message>
        <source>--order must be asc or desc; it is &quot;%1&quot;.</source>
        <translation>--order muss asc oder desc sein; es ist „%1“.</translation>
    </message>
    <message>
        <source>--offset must not be negative.</source>
        <translation>--offset darf nicht negativ sein.</translation>
    </message>
    <message>
        <source>tenant (required)</source>
        <translation>Mandant (erforderlich)</translation>
    </message>
    <message>
        <source>print JSON, one object per line</source>
        <translation>JSON ausgeben, ein Objekt je Zeile</translation>
    </message>
    <message>
        <source>run the HTTP endpoint without a window</source>
        <translation>den HTTP-Endpunkt ohne Fenster betreiben</translation>
    </message>
    <message>
        <source>address to listen on (127.0.0.1)</source>
        <translation>Adresse, auf der gelauscht wird (127.0.0.1)</translation>
    </message>
    <message>
        <source>port; 0 picks a free one (8765)</source>
        <translation>Port; 0 nimmt einen freien (8765)</translation>
    </message>
    <message>
        <source>file with the access token; made when missing (in the data directory)</source>
        <translation>Datei mit dem Zugangstoken; wird angelegt, wenn sie fehlt (im Datenverzeichnis)</translation>
    </message>
    <message>
        <source>no token; only on a loopback address</source>
        <translation>kein Token; nur auf einer Loopback-Adresse</translation>
    </message>
    <message>
        <source>When ready, prints one JSON line {&quot;url&quot;: …, &quot;token_file&quot;: …} and runs until SIGTERM or SIGINT.
Any address but a loopback one must be given with --listen, together with --token-file.</source>
        <translation>Gibt, sobald bereit, eine JSON-Zeile {&quot;url&quot;: …, &quot;token_file&quot;: …} aus und läuft bis SIGTERM oder SIGINT.
Jede Adresse außer einer Loopback-Adresse muss mit --listen angegeben werden, zusammen mit --token-file.</translation>
    </message>
    <message>
        <source>read files and folders</source>
        <translation>Dateien und Ordner lesen</translation>
    </message>
    <message>
        <source>id of the document; one file only (its path)</source>
        <translation>Kennung des Dokuments; nur bei einer einzigen Datei (ihr Pfad)</translation>
    </message>
    <message>
        <source>document type, such as report (by the file)</source>
        <translation>Dokumentart, etwa report (nach der Datei)</translation>
    </message>
    <message>
        <source>date of the documents, ISO 8601 (the file&apos;s own)</source>
        <translation>Datum der Dokumente, ISO 8601 (das der Datei)</translation>
    </message>
    <message>
        <source>JSON object given to every document</source>
        <translation>JSON-Objekt, das jedes Dokument bekommt</translation>
    </message>
    <message>
        <source>leave out matching files; may be repeated</source>
        <translation>passende Dateien auslassen; mehrfach möglich</translation>
    </message>
    <message>
        <source>only list what would be read</source>
        <translation>nur auflisten, was gelesen würde</translation>
    </message>
    <message>
        <source>Creates the tenant when it is new. A file that was read before is replaced; an unchanged one is left alone.
A file that cannot be read fails alone: the others are stored, and the exit code is 1.</source>
        <translation>Legt den Mandanten an, wenn er neu ist. Eine schon gelesene Datei wird ersetzt, eine unveränderte bleibt, wie sie ist.
Eine Datei, die nicht gelesen werden kann, scheitert allein: die anderen werden gespeichert, und der Exit-Code ist 1.</translation>
    </message>
    <message>
        <source>find passages by words and by meaning</source>
        <translation>Textstellen nach Wörtern und nach Bedeutung finden</translation>
    </message>
    <message>
        <source>hybrid, vector or text (hybrid)</source>
        <translation>hybrid, vector oder text (hybrid)</translation>
    </message>
    <message>
        <source>most results, 1 to 200 (10)</source>
        <translation>höchste Zahl der Treffer, 1 bis 200 (10)</translation>
    </message>
    <message>
        <source>weight in hybrid mode: 0 words only, 1 meaning only (0.5)</source>
        <translation>Gewicht bei hybrid: 0 nur Wörter, 1 nur Bedeutung (0.5)</translation>
    </message>
    <message>
        <source>JSON object that the document&apos;s metadata must contain</source>
        <translation>JSON-Objekt, das die Metadaten des Dokuments enthalten müssen</translation>
    </message>
    <message>
        <source>show how scores came about</source>
        <translation>zeigen, wie die Wertungen zustande kamen</translation>
    </message>
    <message>
        <source>list the tenants</source>
        <translation>die Mandanten auflisten</translation>
    </message>
    <message>
        <source>add a tenant</source>
        <translation>einen Mandanten hinzufügen</translation>
    </message>
    <message>
        <source>OWNER has 1 to 255 of A-Z a-z 0-9 _ . @ - and never changes; NAME is what people see.</source>
        <translation>OWNER besteht aus 1 bis 255 der Zeichen A-Z a-z 0-9 _ . @ - und ändert sich nie; NAME ist, was man sieht.</translation>
    </message>
    <message>
        <source>show a tenant&apos;s figures</source>
        <translation>die Zahlen eines Mandanten zeigen</translation>
    </message>
    <message>
        <source>change the name that people see</source>
        <translation>den Namen ändern, den man sieht</translation>
    </message>
    <message>
        <source>delete a tenant with all its documents</source>
        <translation>einen Mandanten mit allen seinen Dokumenten löschen</translation>
    </message>
    <message>
        <source>do not ask</source>
        <translation>nicht nachfragen</translation>
    </message>
    <message>
        <source>list documents</source>
        <translation>Dokumente auflisten</translation>
    </message>
    <message>
        <source>only this document type</source>
        <translation>nur diese Dokumentart</translation>
    </message>
    <message>
        <source>JSON object that the metadata must contain</source>
        <translation>JSON-Objekt, das die Metadaten enthalten müssen</translation>
    </message>
    <message>
        <source>only names or ids that contain TEXT</source>
        <translation>nur Namen oder Kennungen, die TEXT enthalten</translation>
    </message>
    <message>
        <source>created_at, updated_at or document_name (created_at)</source>
        <translation>created_at, updated_at oder document_name (created_at)</translation>
    </message>
    <message>
        <source>asc or desc (desc)</source>
        <translation>asc oder desc (desc)</translation>
    </message>
    <message>
        <source>most documents, 1 to 200 (20)</source>
        <translation>höchste Zahl der Dokumente, 1 bis 200 (20)</translation>
    </message>
    <message>
        <source>documents to skip (0)</source>
        <translation>so viele Dokumente überspringen (0)</translation>
    </message>
    <message>
        <source>show a document</source>
        <translation>ein Dokument zeigen</translation>
    </message>
    <message>
        <source>with its text</source>
        <translation>mit seinem Text</translation>
    </message>
    <message>
        <source>delete documents</source>
        <translation>Dokumente löschen</translation>
    </message>
    <message>
        <source>show the version of the database schema</source>
        <translation>die Version des Datenbankschemas zeigen</translation>
    </message>
    <message>
        <source>list the migrations that are still to be applied</source>
        <translation>die Migrationen auflisten, die noch anzuwenden sind</translation>
    </message>
    <message>
        <source>bring the database schema up to date</source>
        <translation>das Datenbankschema auf den neuesten Stand bringen</translation>
    </message>
    <message>
        <source>print every setting and where it came from</source>
        <translation>jede Einstellung ausgeben und woher sie kommt</translation>
    </message>
    <message>
        <source>check machine, server, schema and queue</source>
        <translation>Rechner, Server, Schema und Warteschlange prüfen</translation>
    </message>
    <message>
        <source>Says for everything that is not well what to do. The exit code is 1 when a check failed, 3 when the database cannot be reached.</source>
        <translation>Sagt zu allem, was nicht in Ordnung ist, was zu tun ist. Der Exit-Code ist 1, wenn eine Prüfung fehlgeschlagen ist, und 3, wenn die Datenbank nicht erreichbar ist.</translation>
    </message>
    <message>
        <source>directory of the private database (~/.local/share/llmemory)</source>
        <translation>Verzeichnis der privaten Datenbank (~/.local/share/llmemory)</translation>
    </message>
    <message>
        <source>use this PostgreSQL server instead of the private one</source>
        <translation>diesen PostgreSQL-Server statt des privaten verwenden</translation>
    </message>
    <message>
        <source>database schema (llmemory)</source>
        <translation>Datenbankschema (llmemory)</translation>
    </message>
    <message>
        <source>configuration file (~/.config/llmemory/config.json)</source>
        <translation>Konfigurationsdatei (~/.config/llmemory/config.json)</translation>
    </message>
    <message>
        <source>trace, debug, info, warning, error, critical or off (warning)</source>
        <translation>trace, debug, info, warning, error, critical oder off (warning)</translation>
    </message>
    <message>
        <source>show this help</source>
        <translation>diese Hilfe zeigen</translation>
    </message>
    <message>
        <source>show the version</source>
        <translation>die Version zeigen</translation>
    </message>
    <message>
        <source>Keeps documents and finds them again, by words and by meaning.
Without a command it opens the window.</source>
        <translation>Bewahrt Dokumente auf und findet sie wieder, nach Wörtern und nach Bedeutung.
Ohne Befehl öffnet sich das Fenster.</translation>
    </message>
    <message>
        <source>Commands:</source>
        <translation>Befehle:</translation>
    </message>
    <message>
        <source>Options, before or after the command:</source>
        <translation>Optionen, vor oder nach dem Befehl:</translation>
    </message>
    <message>
        <source>&quot;llmemory COMMAND --help&quot; tells more about a command.</source>
        <translation>„llmemory COMMAND --help“ sagt mehr über einen Befehl.</translation>
    </message>
    <message>
        <source>Exit codes: 0 done, 1 something failed, 2 wrong usage, 3 database not reachable, 130 interrupted.</source>
        <translation>Exit-Codes: 0 erledigt, 1 etwas ist fehlgeschlagen, 2 falscher Aufruf, 3 Datenbank nicht erreichbar, 130 unterbrochen.</translation>
    </message>
    <message>
        <source>Options:</source>
        <translation>Optionen:</translation>
    </message>
    <message>
        <source>Options of every command:</source>
        <translation>Optionen aller Befehle:</translation>
    </message>
    <message>
        <source>SETTING</source>
        <translation>EINSTELLUNG</translation>
    </message>
    <message>
        <source>VALUE</source>
        <translation>WERT</translation>
    </message>
    <message>
        <source>FROM</source>
        <translation>HERKUNFT</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>ok</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>FAILED</source>
        <translation>FEHLER</translation>
    </message>
    <message>
        <source>DOCUMENT</source>
        <translation>DOKUMENT</translation>
    </message>
    <message>
        <source>NAME</source>
        <translation>NAME</translation>
    </message>
    <message>
        <source>TYPE</source>
        <translation>ART</translation>
    </message>
    <message>
        <source>PAGES</source>
        <translation>SEITEN</translation>
    </message>
    <message>
        <source>PASSAGES</source>
        <translation>TEXTSTELLEN</translation>
    </message>
    <message>
        <source>ADDED</source>
        <translation>HINZUGEFÜGT</translation>
    </message>
    <message>
        <source>No documents.</source>
        <translation>Keine Dokumente.</translation>
    </message>
    <message>
        <source>Documents %1 to %2 of %3; --offset and --limit show others.</source>
        <translation>Dokumente %1 bis %2 von %3; --offset und --limit zeigen andere.</translation>
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
        <translation>Ursprung</translation>
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
        <translation>Datum</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>Zeichen</translation>
    </message>
    <message>
        <source>Passages</source>
        <translation>Textstellen</translation>
    </message>
    <message>
        <source>Waiting for meaning</source>
        <translation>Warten auf Bedeutung</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>Hinzugefügt</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>Metadaten</translation>
    </message>
    <message>
        <source>Documents deleted: %1.</source>
        <translation>Gelöschte Dokumente: %1.</translation>
    </message>
    <message>
        <source>Documents that this tenant does not have: %1.</source>
        <translation>Dokumente, die dieser Mandant nicht hat: %1.</translation>
    </message>
    <message>
        <source>Nothing was read. Files that would be read: %1; refused: %2.</source>
        <translation>Nichts wurde gelesen. Dateien, die gelesen würden: %1; abgewiesen: %2.</translation>
    </message>
    <message>
        <source>Stopping. What was stored stays.</source>
        <translation>Wird beendet. Was gespeichert ist, bleibt.</translation>
    </message>
    <message>
        <source>Making the passages searchable by meaning: %1 to go</source>
        <translation>Textstellen werden nach Bedeutung durchsuchbar gemacht: noch %1</translation>
    </message>
    <message>
        <source>Added: %1</source>
        <translation>Hinzugefügt: %1</translation>
    </message>
    <message>
        <source>updated: %1</source>
        <translation>aktualisiert: %1</translation>
    </message>
    <message>
        <source>unchanged: %1</source>
        <translation>unverändert: %1</translation>
    </message>
    <message>
        <source>failed: %1</source>
        <translation>fehlgeschlagen: %1</translation>
    </message>
    <message>
        <source>cancelled: %1</source>
        <translation>abgebrochen: %1</translation>
    </message>
    <message>
        <source>passages: %1</source>
        <translation>Textstellen: %1</translation>
    </message>
    <message>
        <source>waiting for meaning: %1</source>
        <translation>warten auf Bedeutung: %1</translation>
    </message>
    <message>
        <source>failed for meaning: %1</source>
        <translation>ohne Bedeutung geblieben: %1</translation>
    </message>
    <message>
        <source>MIGRATION</source>
        <translation>MIGRATION</translation>
    </message>
    <message>
        <source>APPLIED</source>
        <translation>ANGEWANDT</translation>
    </message>
    <message>
        <source>The schema %1 is up to date.</source>
        <translation>Das Schema %1 ist auf dem neuesten Stand.</translation>
    </message>
    <message>
        <source>The schema %1 lacks migrations: %2. &quot;llmemory migrate apply&quot; applies them.</source>
        <translation>Dem Schema %1 fehlen Migrationen: %2. „llmemory migrate apply“ wendet sie an.</translation>
    </message>
    <message>
        <source>Migrations applied: %1.</source>
        <translation>Angewandte Migrationen: %1.</translation>
    </message>
    <message>
        <source>Unknown option %1.</source>
        <translation>Unbekannte Option %1.</translation>
    </message>
    <message>
        <source>Option %1 is given twice.</source>
        <translation>Die Option %1 ist zweimal angegeben.</translation>
    </message>
    <message>
        <source>Option %1 takes no value.</source>
        <translation>Die Option %1 nimmt keinen Wert.</translation>
    </message>
    <message>
        <source>Option %1 needs a value: %1 %2.</source>
        <translation>Die Option %1 braucht einen Wert: %1 %2.</translation>
    </message>
    <message>
        <source>This deletes %1 for good, documents: %2.</source>
        <translation>Damit wird %1 endgültig gelöscht, Dokumente: %2.</translation>
    </message>
    <message>
        <source>Type the id to confirm: </source>
        <translation>Geben Sie zur Bestätigung die Kennung ein: </translation>
    </message>
    <message>
        <source>Not confirmed. Nothing was deleted.</source>
        <translation>Nicht bestätigt. Nichts wurde gelöscht.</translation>
    </message>
    <message>
        <source>OWNER</source>
        <translation>MANDANT</translation>
    </message>
    <message>
        <source>DOCUMENTS</source>
        <translation>DOKUMENTE</translation>
    </message>
    <message>
        <source>CREATED</source>
        <translation>ANGELEGT</translation>
    </message>
    <message>
        <source>There are no tenants yet. &quot;llmemory ingest --owner O PATH&quot; makes the first.</source>
        <translation>Es gibt noch keine Mandanten. „llmemory ingest --owner O PATH“ legt den ersten an.</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>Mandant</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Angelegt</translation>
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
        <translation>Ohne Bedeutung geblieben</translation>
    </message>
    <message>
        <source>Deleting a tenant needs --yes where nobody can be asked.</source>
        <translation>Das Löschen eines Mandanten braucht --yes, wo niemand gefragt werden kann.</translation>
    </message>
    <message>
        <source>Deleted %1, documents: %2.</source>
        <translation>%1 gelöscht, Dokumente: %2.</translation>
    </message>
    <message>
        <source>p. %1</source>
        <translation>S. %1</translation>
    </message>
    <message>
        <source>lines %1-%2</source>
        <translation>Zeilen %1-%2</translation>
    </message>
    <message>
        <source>line %1</source>
        <translation>Zeile %1</translation>
    </message>
    <message>
        <source>%1 · score %2</source>
        <translation>%1 · Wertung %2</translation>
    </message>
    <message>
        <source>Nothing found for &quot;%1&quot;.</source>
        <translation>Nichts gefunden zu „%1“.</translation>
    </message>
    <message>
        <source>Cannot create the directory %1 for the token file.</source>
        <translation>Das Verzeichnis %1 für die Token-Datei kann nicht angelegt werden.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no address to listen on. Give an IP address such as 127.0.0.1.</source>
        <translation>„%1“ ist keine Adresse, auf der gelauscht werden kann. Geben Sie eine IP-Adresse wie 127.0.0.1 an.</translation>
    </message>
    <message>
        <source>--no-auth is only possible on a loopback address such as 127.0.0.1: others can reach %1.</source>
        <translation>--no-auth ist nur auf einer Loopback-Adresse wie 127.0.0.1 möglich: %1 ist für andere erreichbar.</translation>
    </message>
    <message>
        <source>Others can reach %1. If that is meant, give both --listen %1 and --token-file on the command line.</source>
        <translation>%1 ist für andere erreichbar. Wenn das so gemeint ist, geben Sie auf der Befehlszeile sowohl --listen %1 als auch --token-file an.</translation>
    </message>
    <message>
        <source>Tenants %1 (the largest has %2 passages), documents %3, passages %4, model %5</source>
        <translation>Mandanten %1 (der größte hat %2 Textstellen), Dokumente %3, Textstellen %4, Modell %5</translation>
    </message>
    <message>
        <source>MODE</source>
        <translation>SUCHART</translation>
    </message>
    <message>
        <source>CLIENTS</source>
        <translation>CLIENTS</translation>
    </message>
    <message>
        <source>LARGEST p95</source>
        <translation>GRÖSSTER p95</translation>
    </message>
    <message>
        <source>QUERIES/s</source>
        <translation>ANFRAGEN/s</translation>
    </message>
    <message>
        <source>EMBEDDING</source>
        <translation>EINBETTUNG</translation>
    </message>
    <message>
        <source>TEXT</source>
        <translation>TEXT</translation>
    </message>
    <message>
        <source>VECTOR</source>
        <translation>VEKTOR</translation>
    </message>
    <message>
        <source>READING</source>
        <translation>LESEN</translation>
    </message>
    <message>
        <source>STATEMENTS</source>
        <translation>ANWEISUNGEN</translation>
    </message>
    <message>
        <source>Cannot read the token file %1: %2</source>
        <translation>Die Token-Datei %1 kann nicht gelesen werden: %2</translation>
    </message>
    <message>
        <source>Asking %1: %2 queries</source>
        <translation>%1 wird befragt: %2 Anfragen</translation>
    </message>
    <message>
        <source>TENANT</source>
        <translation>MANDANT</translation>
    </message>
    <message>
        <source>FILTER</source>
        <translation>FILTER</translation>
    </message>
    <message>
        <source>SHARE</source>
        <translation>ANTEIL</translation>
    </message>
    <message>
        <source>QUERIES</source>
        <translation>ANFRAGEN</translation>
    </message>
    <message>
        <source>Recall@10</source>
        <translation>Recall@10</translation>
    </message>
    <message>
        <source>WORST</source>
        <translation>MINIMUM</translation>
    </message>
    <message>
        <source>SHORT</source>
        <translation>ZU WENIGE</translation>
    </message>
    <message>
        <source>SEARCH p50 ms</source>
        <translation>SUCHE p50 ms</translation>
    </message>
    <message>
        <source>p95 ms</source>
        <translation>p95 ms</translation>
    </message>
    <message>
        <source>EXACT p50 ms</source>
        <translation>EXAKT p50 ms</translation>
    </message>
    <message>
        <source>5 %</source>
        <translation>5 %</translation>
    </message>
    <message>
        <source>Storing document %1 of %2</source>
        <translation>Dokument %1 von %2 wird gespeichert</translation>
    </message>
    <message>
        <source>Passages of %1 without a vector: %2.</source>
        <translation>Textstellen von %1 ohne Vektor: %2.</translation>
    </message>
    <message>
        <source>The tenants have %1 passages instead of %2: they were made with other numbers before. Another --owner-prefix makes a corpus of its own.</source>
        <translation>Die Mandanten haben %1 Textstellen statt %2: sie wurden früher mit anderen Zahlen angelegt. Ein anderes --owner-prefix ergibt ein eigenes Korpus.</translation>
    </message>
    <message>
        <source>There is no tenant &quot;%1-001&quot;. &quot;llmemory bench search --owner-prefix %1&quot; makes the corpus.</source>
        <translation>Es gibt keinen Mandanten „%1-001“. „llmemory bench search --owner-prefix %1“ legt das Korpus an.</translation>
    </message>
    <message>
        <source>Waiting for the vector index of %1</source>
        <translation>Es wird auf den Vektorindex von %1 gewartet</translation>
    </message>
    <message>
        <source>%1 has no vector index; all its passages are compared. Does the program&apos;s role own the tables?</source>
        <translation>%1 hat keinen Vektorindex; alle Textstellen werden verglichen. Gehören die Tabellen der Rolle des Programms?</translation>
    </message>
    <message>
        <source>Say what others shall be like: --document ID or --chunk ID.</source>
        <translation>Geben Sie an, wem andere ähnlich sein sollen: --document ID oder --chunk ID.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no passage id. &quot;llmemory search --json&quot; shows the ids, as chunk_id.</source>
        <translation>„%1“ ist keine Kennung einer Textstelle. „llmemory search --json“ zeigt die Kennungen als chunk_id.</translation>
    </message>
    <message>
        <source>--same-document goes with --chunk only.</source>
        <translation>--same-document gibt es nur mit --chunk.</translation>
    </message>
    <message>
        <source>There is no setting &quot;%1&quot;. &quot;llmemory config show&quot; lists them.</source>
        <translation>Es gibt keine Einstellung „%1“. „llmemory config show“ listet sie auf.</translation>
    </message>
    <message>
        <source>The configuration file cannot hold the setting &quot;%1&quot;.</source>
        <translation>Die Einstellung „%1“ kann nicht in der Konfigurationsdatei stehen.</translation>
    </message>
    <message>
        <source>begin of the names of the tenants (required)</source>
        <translation>Anfang der Namen der Mandanten (erforderlich)</translation>
    </message>
    <message>
        <source>modes (text,vector,hybrid)</source>
        <translation>Sucharten (text,vector,hybrid)</translation>
    </message>
    <message>
        <source>another number makes other texts (1)</source>
        <translation>eine andere Zahl ergibt andere Texte (1)</translation>
    </message>
    <message>
        <source>the best passage of each document only</source>
        <translation>nur die beste Textstelle jedes Dokuments</translation>
    </message>
    <message>
        <source>0 to 1: prefer passages that differ from those before (0)</source>
        <translation>0 bis 1: Textstellen vorziehen, die sich von den vorherigen unterscheiden (0)</translation>
    </message>
    <message>
        <source>leave out results with a lower score</source>
        <translation>Treffer mit niedrigerer Wertung auslassen</translation>
    </message>
    <message>
        <source>count types, languages, tags, years and folders of all results</source>
        <translation>Arten, Sprachen, Schlagwörter, Jahre und Ordner aller Treffer zählen</translation>
    </message>
    <message>
        <source>do not write this search down</source>
        <translation>diese Suche nicht aufzeichnen</translation>
    </message>
    <message>
        <source>QUERY may have &quot;exact phrases&quot;, +words and -words, wor*, a NEAR/5 b, and the fields type: name: path: lang: tag: page: date: before: after: and key=value.
Several words need no quotes; put a query with quotes or a dash into single ones: &apos;fees -rain &quot;port dues&quot; type:pdf&apos;. Put -- before a query that begins with a dash.</source>
        <translation>QUERY kann enthalten: &quot;genaue Wortfolgen&quot;, +Wörter und -Wörter, Wor*, a NEAR/5 b und die Felder type: name: path: lang: tag: page: date: before: after: sowie key=value.
Mehrere Wörter brauchen keine Anführungszeichen; setzen Sie eine Suchanfrage mit Anführungszeichen oder Strich in einfache: &apos;Gebühren -Regen &quot;offene Rechnung&quot; type:pdf&apos;. Setzen Sie -- vor eine Suchanfrage, die mit einem Strich beginnt.</translation>
    </message>
    <message>
        <source>find what is like a document or passage</source>
        <translation>finden, was einem Dokument oder einer Textstelle ähnlich ist</translation>
    </message>
    <message>
        <source>documents like this one, each once</source>
        <translation>Dokumente, die diesem ähnlich sind, jedes einmal</translation>
    </message>
    <message>
        <source>passages like this one</source>
        <translation>Textstellen, die dieser ähnlich sind</translation>
    </message>
    <message>
        <source>with --chunk: those of its own document, too</source>
        <translation>mit --chunk: auch die aus ihrem eigenen Dokument</translation>
    </message>
    <message>
        <source>Compares meaning; as long as that is not worked out yet, words, which a note says. Ids stand in the answers of search --json.</source>
        <translation>Vergleicht die Bedeutung; solange diese noch nicht ermittelt ist, die Wörter, worauf ein Hinweis aufmerksam macht. Die Kennungen stehen in den Antworten von search --json.</translation>
    </message>
    <message>
        <source>write a setting into the configuration file</source>
        <translation>eine Einstellung in die Konfigurationsdatei schreiben</translation>
    </message>
    <message>
        <source>take the setting out of the file</source>
        <translation>die Einstellung aus der Datei nehmen</translation>
    </message>
    <message>
        <source>The value - is read from standard input; passwords and keys are only taken from there.
Put -- before KEY when VALUE begins with a dash: config set -- chunking.chunk_overlap -1
What stands on the command line or in the environment goes before the file.</source>
        <translation>Der Wert - wird von der Standardeingabe gelesen; Passwörter und Schlüssel werden nur von dort angenommen.
Setzen Sie -- vor KEY, wenn VALUE mit einem Strich beginnt: config set -- chunking.chunk_overlap -1
Was auf der Befehlszeile oder in der Umgebung steht, hat Vorrang vor der Datei.</translation>
    </message>
    <message>
        <source>measure how well a collection with judgements is searched</source>
        <translation>messen, wie gut eine Sammlung mit Bewertungen durchsucht wird</translation>
    </message>
    <message>
        <source>folder of a collection in BEIR&apos;s layout (required); may be repeated</source>
        <translation>Ordner einer Sammlung im Aufbau von BEIR (erforderlich); mehrfach möglich</translation>
    </message>
    <message>
        <source>only the first N judged queries (all)</source>
        <translation>nur die ersten N bewerteten Suchanfragen (alle)</translation>
    </message>
    <message>
        <source>tokens of a passage, 20 to 2,000 (as the settings say)</source>
        <translation>Tokens einer Textstelle, 20 bis 2000 (laut Einstellungen)</translation>
    </message>
    <message>
        <source>look at the best candidates a second time</source>
        <translation>die besten Kandidaten ein zweites Mal ansehen</translation>
    </message>
    <message>
        <source>also search for other wordings</source>
        <translation>auch nach anderen Formulierungen suchen</translation>
    </message>
    <message>
        <source>keep the tenants for the next run (default)</source>
        <translation>die Mandanten für den nächsten Lauf behalten (Vorgabe)</translation>
    </message>
    <message>
        <source>delete the tenants at the end</source>
        <translation>die Mandanten am Ende löschen</translation>
    </message>
    <message>
        <source>Reads the collection into the tenant &quot;P-&lt;name of the folder&gt;&quot;, searches for every query that has a relevant document, and prints nDCG@10, Recall@100 and MRR@10 as trec_eval does, with latencies.
Documents that are there already are left alone, so a second run is quick. &quot;llmemory owners delete&quot; removes the tenant.</source>
        <translation>Liest die Sammlung in den Mandanten „P-&lt;Name des Ordners&gt;“, sucht nach jeder Suchanfrage, zu der es ein passendes Dokument gibt, und gibt nDCG@10, Recall@100 und MRR@10 aus, wie trec_eval sie berechnet, dazu die Antwortzeiten.
Schon vorhandene Dokumente bleiben, wie sie sind; ein zweiter Lauf geht daher schnell. „llmemory owners delete“ entfernt den Mandanten.</translation>
    </message>
    <message>
        <source>measure how fast a made-up corpus is searched</source>
        <translation>messen, wie schnell ein künstliches Korpus durchsucht wird</translation>
    </message>
    <message>
        <source>passages of all tenants together (100000)</source>
        <translation>Textstellen aller Mandanten zusammen (100000)</translation>
    </message>
    <message>
        <source>tenants, 1 to 999 (50)</source>
        <translation>Mandanten, 1 bis 999 (50)</translation>
    </message>
    <message>
        <source>of each mode and number of clients (500)</source>
        <translation>je Suchart und Anzahl von Clients (500)</translation>
    </message>
    <message>
        <source>searches at the same time (1,8)</source>
        <translation>gleichzeitige Suchen (1,8)</translation>
    </message>
    <message>
        <source>ask a program that serves the same database, over HTTP</source>
        <translation>über HTTP ein Programm fragen, das dieselbe Datenbank bedient</translation>
    </message>
    <message>
        <source>file with its access token</source>
        <translation>Datei mit seinem Zugangstoken</translation>
    </message>
    <message>
        <source>write the statements of 100 hybrid searches into a folder, a script for pgbench each</source>
        <translation>die Anweisungen von 100 hybriden Suchen in einen Ordner schreiben, je ein Skript für pgbench</translation>
    </message>
    <message>
        <source>Makes the tenants &quot;P-001&quot; and so on, the largest with 60 % of the passages, and searches them with queries that are never repeated. What is there already is not made again, and an interrupted run goes on where it was.</source>
        <translation>Legt die Mandanten „P-001“ und so weiter an, den größten mit 60 % der Textstellen, und durchsucht sie mit Anfragen, die sich nie wiederholen. Was schon da ist, wird nicht neu angelegt, und ein unterbrochener Lauf geht dort weiter, wo er war.</translation>
    </message>
    <message>
        <source>measure how many of the nearest passages are found</source>
        <translation>messen, wie viele der nächsten Textstellen gefunden werden</translation>
    </message>
    <message>
        <source>of each tenant, with and without a filter (200)</source>
        <translation>je Mandant, mit und ohne Filter (200)</translation>
    </message>
    <message>
        <source>Works on what &quot;llmemory bench search&quot; made: compares the search by meaning with comparing all passages, in tenants of very different size.</source>
        <translation>Arbeitet mit dem, was „llmemory bench search“ angelegt hat: vergleicht die Suche nach Bedeutung mit dem Vergleich aller Textstellen, in Mandanten von sehr verschiedener Größe.</translation>
    </message>
    <message>
        <source>print how the server runs the statements of searches</source>
        <translation>ausgeben, wie der Server die Anweisungen von Suchen ausführt</translation>
    </message>
    <message>
        <source>Works on what &quot;llmemory bench search&quot; made: searches the largest tenant in every way there is and prints each statement&apos;s plan as Markdown. The exit code is 1 when one of them reads a whole table.</source>
        <translation>Arbeitet mit dem, was „llmemory bench search“ angelegt hat: durchsucht den größten Mandanten auf jede mögliche Weise und gibt den Plan jeder Anweisung als Markdown aus. Der Exit-Code ist 1, wenn eine von ihnen eine ganze Tabelle liest.</translation>
    </message>
    <message>
        <source>The setting %1 has no effect. %2</source>
        <translation>Die Einstellung %1 hat keine Wirkung. %2</translation>
    </message>
    <message>
        <source>%1: </source>
        <translation>%1: </translation>
    </message>
    <message>
        <source>There is no value on standard input.</source>
        <translation>Auf der Standardeingabe steht kein Wert.</translation>
    </message>
    <message>
        <source>Others could read the value of %1 on the command line. Give - instead, and the value on standard input.</source>
        <translation>Andere könnten den Wert von %1 auf der Befehlszeile lesen. Geben Sie stattdessen - an und den Wert auf der Standardeingabe.</translation>
    </message>
    <message>
        <source>%1 still goes before the file.</source>
        <translation>%1 hat weiterhin Vorrang vor der Datei.</translation>
    </message>
    <message>
        <source>The settings cannot be used yet: %1</source>
        <translation>Die Einstellungen sind noch nicht verwendbar: %1</translation>
    </message>
    <message>
        <source>%1 is set in %2.</source>
        <translation>%1 ist in %2 gesetzt.</translation>
    </message>
    <message>
        <source>%1 is not in %2 now.</source>
        <translation>%1 steht jetzt nicht in %2.</translation>
    </message>
    <message>
        <source>The endpoint %1 does not answer a search: %2</source>
        <translation>Der Endpunkt %1 beantwortet keine Suche: %2</translation>
    </message>
    <message>
        <source>The name of the folder %1 cannot be part of a tenant&apos;s name: %2</source>
        <translation>Der Name des Ordners %1 kann nicht Teil eines Mandantennamens sein: %2</translation>
    </message>
    <message>
        <source>Two collections are called &quot;%1&quot;; they would become one tenant.</source>
        <translation>Zwei Sammlungen heißen „%1“; sie würden zu einem einzigen Mandanten.</translation>
    </message>
    <message>
        <source>documents %1, passages %2, queries %3, model %4</source>
        <translation>Dokumente %1, Textstellen %2, Suchanfragen %3, Modell %4</translation>
    </message>
    <message>
        <source>The documents stay for the next run; &quot;llmemory owners delete %1&quot; removes them.</source>
        <translation>Die Dokumente bleiben für den nächsten Lauf; „llmemory owners delete %1“ entfernt sie.</translation>
    </message>
    <message>
        <source>TIME</source>
        <translation>ZEIT</translation>
    </message>
    <message>
        <source>QUERY</source>
        <translation>SUCHANFRAGE</translation>
    </message>
    <message>
        <source>RESULTS</source>
        <translation>TREFFER</translation>
    </message>
    <message>
        <source>FEEDBACK</source>
        <translation>RÜCKMELDUNG</translation>
    </message>
    <message>
        <source>There are no searches of %1.</source>
        <translation>Es gibt keine Suchen von %1.</translation>
    </message>
    <message>
        <source>%1 of %2 searches.</source>
        <translation>%1 von %2 Suchen.</translation>
    </message>
    <message>
        <source>Forgot searches of %1: %2.</source>
        <translation>Vergessene Suchen von %1: %2.</translation>
    </message>
    <message>
        <source>Noted: %1.</source>
        <translation>Vermerkt: %1.</translation>
    </message>
    <message>
        <source>Option --owner-prefix is missing: how are the tenants to be named?</source>
        <translation>Die Option --owner-prefix fehlt: wie sollen die Mandanten heißen?</translation>
    </message>
    <message>
        <source>--modes takes hybrid, vector and text, with commas between them; it is &quot;%1&quot;.</source>
        <translation>--modes nimmt hybrid, vector und text, durch Kommas getrennt; es ist „%1“.</translation>
    </message>
    <message>
        <source>%1 takes numbers from 1 to %2, with commas between them; it is &quot;%3&quot;.</source>
        <translation>%1 nimmt Zahlen von 1 bis %2, durch Kommas getrennt; es ist „%3“.</translation>
    </message>
    <message>
        <source>Option --dataset is missing: which folder?</source>
        <translation>Die Option --dataset fehlt: welcher Ordner?</translation>
    </message>
    <message>
        <source>--keep and --drop exclude each other.</source>
        <translation>--keep und --drop schließen einander aus.</translation>
    </message>
    <message>
        <source>--chunks must not be less than --owners: each tenant needs a passage.</source>
        <translation>--chunks darf nicht kleiner sein als --owners: jeder Mandant braucht eine Textstelle.</translation>
    </message>
    <message>
        <source>--endpoint takes a URL like http://127.0.0.1:8765; it is &quot;%1&quot;.</source>
        <translation>--endpoint nimmt eine URL wie http://127.0.0.1:8765; es ist „%1“.</translation>
    </message>
    <message>
        <source>MODULE</source>
        <translation>MODUL</translation>
    </message>
    <message>
        <source>in one transaction</source>
        <translation>in einer Transaktion</translation>
    </message>
    <message>
        <source>statement by statement</source>
        <translation>Anweisung für Anweisung</translation>
    </message>
    <message>
        <source>%1 must be %2 to %3; it is %4.</source>
        <translation>%1 muss %2 bis %3 sein; es ist %4.</translation>
    </message>
    <message>
        <source>plain words</source>
        <translation>einfache Wörter</translation>
    </message>
    <message>
        <source>a phrase</source>
        <translation>eine Wortfolge</translation>
    </message>
    <message>
        <source>an excluded word</source>
        <translation>ein ausgeschlossenes Wort</translation>
    </message>
    <message>
        <source>a required word</source>
        <translation>ein verlangtes Wort</translation>
    </message>
    <message>
        <source>a prefix</source>
        <translation>ein Wortanfang</translation>
    </message>
    <message>
        <source>a misspelt word</source>
        <translation>ein falsch geschriebenes Wort</translation>
    </message>
    <message>
        <source>a filter that keeps 5 %</source>
        <translation>ein Filter, der 5 % durchlässt</translation>
    </message>
    <message>
        <source>a filter that keeps most</source>
        <translation>ein Filter, der das meiste durchlässt</translation>
    </message>
    <message>
        <source>pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>conditions alone</source>
        <translation>nur Bedingungen</translation>
    </message>
    <message>
        <source>facets</source>
        <translation>Facetten</translation>
    </message>
    <message>
        <source>by document</source>
        <translation>nach Dokumenten</translation>
    </message>
    <message>
        <source>diverse</source>
        <translation>vielfältig</translation>
    </message>
    <message>
        <source>with ancestors</source>
        <translation>mit übergeordneten Textstellen</translation>
    </message>
    <message>
        <source>explained</source>
        <translation>mit Erklärung</translation>
    </message>
    <message>
        <source>reranked</source>
        <translation>neu geordnet</translation>
    </message>
    <message>
        <source>First sent by a search with %1.</source>
        <translation>Zuerst gesendet von einer Suche dieser Art: %1.</translation>
    </message>
    <message>
        <source>These statements read a whole table: %1. Where the corpus is small that is right; make a larger one.</source>
        <translation>Diese Anweisungen lesen eine ganze Tabelle: %1. Bei einem kleinen Korpus ist das richtig; legen Sie ein größeres an.</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Passages: %1</source>
        <translation>Textstellen: %1</translation>
    </message>
    <message>
        <source>Types:</source>
        <translation>Arten:</translation>
    </message>
    <message>
        <source>Languages:</source>
        <translation>Sprachen:</translation>
    </message>
    <message>
        <source>Tags:</source>
        <translation>Schlagwörter:</translation>
    </message>
    <message>
        <source>Years:</source>
        <translation>Jahre:</translation>
    </message>
    <message>
        <source>Folders:</source>
        <translation>Ordner:</translation>
    </message>
    <message>
        <source>Did you mean: %1</source>
        <translation>Meinten Sie: %1</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no search id. &quot;llmemory history list --json&quot; shows the ids.</source>
        <translation>„%1“ ist keine Kennung einer Suche. „llmemory history list --json“ zeigt die Kennungen.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no passage&apos;s id. &quot;llmemory history list --json&quot; shows the ids.</source>
        <translation>„%1“ ist keine Kennung einer Textstelle. „llmemory history list --json“ zeigt die Kennungen.</translation>
    </message>
    <message>
        <source>list what was searched for</source>
        <translation>auflisten, wonach gesucht wurde</translation>
    </message>
    <message>
        <source>at most N, 1-200 (20)</source>
        <translation>höchstens N, 1-200 (20)</translation>
    </message>
    <message>
        <source>skip the first N (0)</source>
        <translation>die ersten N überspringen (0)</translation>
    </message>
    <message>
        <source>Newest first, with the results that were opened (*) or judged good (+) or bad (-).
The setting search.history switches the history off, search.history_days says how long it is kept.</source>
        <translation>Die neuesten zuerst, mit den Treffern, die geöffnet (*) oder als gut (+) oder schlecht (-) bewertet wurden.
Die Einstellung search.history schaltet den Verlauf aus, search.history_days sagt, wie lange er aufbewahrt wird.</translation>
    </message>
    <message>
        <source>forget what was searched for</source>
        <translation>vergessen, wonach gesucht wurde</translation>
    </message>
    <message>
        <source>say what a result was worth</source>
        <translation>sagen, was ein Treffer wert war</translation>
    </message>
    <message>
        <source>SEARCH and CHUNK are the search_id and chunk_id of &quot;llmemory search --json&quot; and &quot;llmemory history list --json&quot;; one of the first 20 results. none takes good or bad back.</source>
        <translation>SEARCH und CHUNK sind search_id und chunk_id aus „llmemory search --json“ und „llmemory history list --json“; einer der ersten 20 Treffer. none nimmt good oder bad zurück.</translation>
    </message>
    <message>
        <source>Without effect. %1</source>
        <translation>Ohne Wirkung. %1</translation>
    </message>
    <message>
        <source>%1 — %2</source>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>There is nothing like it.</source>
        <translation>Es gibt nichts Ähnliches.</translation>
    </message>
    <message>
        <source>Queries: %1</source>
        <translation>Suchanfragen: %1</translation>
    </message>
    <message>
        <source>Compared with %1, queries: %2</source>
        <translation>Im Vergleich mit %1, Suchanfragen: %2</translation>
    </message>
    <message>
        <source>%1: %2, before %3</source>
        <translation>%1: %2, vorher %3</translation>
    </message>
    <message>
        <source>The judgements are not those of the report before, so the differences are not of the settings alone.</source>
        <translation>Die Urteile sind nicht die des vorigen Berichts; die Unterschiede kommen also nicht von den Einstellungen allein.</translation>
    </message>
    <message>
        <source>ID</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>GOOD</source>
        <translation>GUT</translation>
    </message>
    <message>
        <source>BAD</source>
        <translation>SCHLECHT</translation>
    </message>
    <message>
        <source>Nothing in the notebook of %1. &quot;llmemory history feedback&quot; judges results.</source>
        <translation>Das Notizbuch von %1 ist leer. „llmemory history feedback“ beurteilt Ergebnisse.</translation>
    </message>
    <message>
        <source>%1 of %2 queries.</source>
        <translation>%1 von %2 Suchanfragen.</translation>
    </message>
    <message>
        <source>Took %1 out.</source>
        <translation>%1 wurde herausgenommen.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no query id. &quot;llmemory notebook list&quot; shows the ids.</source>
        <translation>„%1“ ist keine Kennung einer Suchanfrage. „llmemory notebook list“ zeigt die Kennungen.</translation>
    </message>
    <message>
        <source>list test queries: what was judged</source>
        <translation>Testanfragen auflisten: was beurteilt wurde</translation>
    </message>
    <message>
        <source>Searches with a result that was judged good or bad, newest first. They stay when the history is cleared.</source>
        <translation>Suchen mit einem Ergebnis, das als gut oder schlecht beurteilt wurde, die neuesten zuerst. Sie bleiben, wenn der Verlauf gelöscht wird.</translation>
    </message>
    <message>
        <source>measure how test queries are answered</source>
        <translation>messen, wie Testanfragen beantwortet werden</translation>
    </message>
    <message>
        <source>Searches for every test query by words, by meaning and by both, prints nDCG@10 and MRR@10, what changed since the report before, and which settings did.</source>
        <translation>Sucht nach jeder Testanfrage mit Wörtern, nach der Bedeutung und mit beidem und gibt nDCG@10 und MRR@10 aus, was sich seit dem vorigen Bericht geändert hat, und welche Einstellungen andere sind.</translation>
    </message>
    <message>
        <source>take a test query out</source>
        <translation>eine Testanfrage herausnehmen</translation>
    </message>
    <message>
        <source>list saved searches</source>
        <translation>gespeicherte Suchen auflisten</translation>
    </message>
    <message>
        <source>keep a search under a name</source>
        <translation>eine Suche unter einem Namen speichern</translation>
    </message>
    <message>
        <source>change the one of this name</source>
        <translation>die Suche dieses Namens ändern</translation>
    </message>
    <message>
        <source>QUERY and the options are those of &quot;llmemory search&quot;, which &quot;llmemory searches run&quot; then searches with.</source>
        <translation>QUERY und die Optionen sind die von „llmemory search“; „llmemory searches run“ sucht dann damit.</translation>
    </message>
    <message>
        <source>search as it was saved</source>
        <translation>suchen wie gespeichert</translation>
    </message>
    <message>
        <source>most results, 1 to 200 (as saved)</source>
        <translation>höchstens so viele Ergebnisse, 1 bis 200 (wie gespeichert)</translation>
    </message>
    <message>
        <source>NAME may also be the id.</source>
        <translation>NAME darf auch die Kennung sein.</translation>
    </message>
    <message>
        <source>forget a saved search</source>
        <translation>eine gespeicherte Suche löschen</translation>
    </message>
    <message>
        <source>CHANGED</source>
        <translation>GEÄNDERT</translation>
    </message>
    <message>
        <source>There are no saved searches of %1.</source>
        <translation>Es gibt keine gespeicherten Suchen von %1.</translation>
    </message>
    <message>
        <source>Saved: %1.</source>
        <translation>Gespeichert: %1.</translation>
    </message>
    <message>
        <source>Forgot the search &quot;%1&quot;.</source>
        <translation>Die Suche „%1“ wurde gelöscht.</translation>
    </message>
    <message>
        <source>it answered %1</source>
        <translation>er hat mit %1 geantwortet</translation>
    </message>
    <message>
        <source>Cannot write %1.</source>
        <translation>%1 kann nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>%1, clients %2: %3 queries</source>
        <translation>%1, Clients %2: %3 Anfragen</translation>
    </message>
</context>
<context>
    <name>llmemory::app::Evaluation</name>
    <message>
        <source>%1: storing document %2 of %3</source>
        <translation>%1: Dokument %2 von %3 wird gespeichert</translation>
    </message>
    <message>
        <source>Passages without a vector, which are not found by meaning: %1.</source>
        <translation>Textstellen ohne Vektor, die nicht nach Bedeutung gefunden werden: %1.</translation>
    </message>
    <message>
        <source>The tenant %1 has documents that are not of this collection (%2) and take part in the ranking. &quot;llmemory owners delete %1&quot; makes room for a clean run.</source>
        <translation>Der Mandant %1 hat Dokumente, die nicht zu dieser Sammlung gehören (%2) und die Rangfolge beeinflussen. „llmemory owners delete %1“ macht Platz für einen sauberen Lauf.</translation>
    </message>
    <message>
        <source>%1: %2, query %3 of %4</source>
        <translation>%1: %2, Suchanfrage %3 von %4</translation>
    </message>
    <message>
        <source>Query &quot;%1&quot;: %2</source>
        <translation>Suchanfrage „%1“: %2</translation>
    </message>
    <message>
        <source>… and %1 further lines.</source>
        <translation>… und %1 weitere Zeilen.</translation>
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
    <message>
        <source>All %1 database connections are in use, and none became free within %2 s. Try again, or raise the setting db_max_pool_size.</source>
        <translation>Alle %1 Datenbankverbindungen sind in Gebrauch, und innerhalb von %2 s wurde keine frei. Versuchen Sie es noch einmal, oder erhöhen Sie die Einstellung db_max_pool_size.</translation>
    </message>
    <message>
        <source>A connection pool has 1 to %1 connections; %2 were asked for.</source>
        <translation>Ein Verbindungsvorrat hat 1 bis %1 Verbindungen; verlangt wurden %2.</translation>
    </message>
    <message>
        <source>A connection pool keeps 0 to %1 connections open, its most; %2 were asked for.</source>
        <translation>Ein Verbindungsvorrat hält 0 bis %1 Verbindungen offen, seine Höchstzahl; verlangt wurden %2.</translation>
    </message>
    <message>
        <source>The times of a connection pool must be longer than 0 ms.</source>
        <translation>Die Zeiten eines Verbindungsvorrats müssen länger als 0 ms sein.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be a schema name. Use 1 to 63 bytes without control characters that do not begin with pg_.</source>
        <translation>„%1“ kann kein Schemaname sein. Verwenden Sie 1 bis 63 Bytes ohne Steuerzeichen, die nicht mit pg_ beginnen.</translation>
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
        <translation>Das Schema „%1“ ist auf dem neuesten Stand (Migrationen: %2).</translation>
    </message>
    <message>
        <source>Schema &quot;%1&quot; lacks migrations: %2.</source>
        <translation>Dem Schema „%1“ fehlen Migrationen: %2.</translation>
    </message>
    <message>
        <source>They are applied when the program starts the next time, or with &quot;llmemory migrate apply&quot;.</source>
        <translation>Sie werden beim nächsten Start des Programms angewandt oder mit „llmemory migrate apply“.</translation>
    </message>
    <message>
        <source>is a superuser</source>
        <translation>ist ein Superuser</translation>
    </message>
    <message>
        <source>bypasses row-level security</source>
        <translation>umgeht die Sicherheit auf Zeilenebene</translation>
    </message>
    <message>
        <source>owns the tables</source>
        <translation>besitzt die Tabellen</translation>
    </message>
    <message>
        <source>isolation: filters and row-level security</source>
        <translation>Trennung: durch Filter und Sicherheit auf Zeilenebene</translation>
    </message>
    <message>
        <source>isolation: filters only (the role &quot;%1&quot; %2)</source>
        <translation>Trennung: nur durch Filter (die Rolle „%1“ %2)</translation>
    </message>
    <message>
        <source>Let the program connect as a role that is no superuser, does not own the tables and has no BYPASSRLS.</source>
        <translation>Lassen Sie das Programm die Verbindung mit einer Rolle aufnehmen, die kein Superuser ist, die Tabellen nicht besitzt und BYPASSRLS nicht hat.</translation>
    </message>
    <message>
        <source>Passages that wait for their vector: %1; given up: %2.</source>
        <translation>Textstellen, die auf ihren Vektor warten: %1; aufgegeben: %2.</translation>
    </message>
    <message>
        <source>Passages that were given up are found by words only. Reading their files again tries them once more.</source>
        <translation>Aufgegebene Textstellen werden nur nach Wörtern gefunden. Werden ihre Dateien noch einmal gelesen, wird es noch einmal versucht.</translation>
    </message>
    <message>
        <source>All indexes are usable.</source>
        <translation>Alle Indexe sind verwendbar.</translation>
    </message>
    <message>
        <source>Unusable indexes: %1.</source>
        <translation>Unbrauchbare Indexe: %1.</translation>
    </message>
    <message>
        <source>Run REINDEX INDEX CONCURRENTLY for each of them.</source>
        <translation>Führen Sie für jeden von ihnen REINDEX INDEX CONCURRENTLY aus.</translation>
    </message>
    <message>
        <source>The private database is created at the first use.</source>
        <translation>Die private Datenbank wird bei der ersten Verwendung angelegt.</translation>
    </message>
    <message>
        <source>Connected to %1.</source>
        <translation>Verbunden mit %1.</translation>
    </message>
    <message>
        <source>PostgreSQL %1</source>
        <translation>PostgreSQL %1</translation>
    </message>
    <message>
        <source>llmemory needs PostgreSQL 14 or newer: update the server.</source>
        <translation>llmemory braucht PostgreSQL 14 oder neuer: aktualisieren Sie den Server.</translation>
    </message>
    <message>
        <source>Update to PostgreSQL %1 or newer, which fixes faults and vulnerabilities.</source>
        <translation>Aktualisieren Sie auf PostgreSQL %1 oder neuer, das Fehler und Sicherheitslücken behebt.</translation>
    </message>
    <message>
        <source>pgvector %1</source>
        <translation>pgvector %1</translation>
    </message>
    <message>
        <source>pgvector is not installed in the database.</source>
        <translation>pgvector ist in der Datenbank nicht installiert.</translation>
    </message>
    <message>
        <source>Install the package postgresql-NN-pgvector of the server&apos;s version, or let packaging/run.sh build it; then run &quot;llmemory migrate apply&quot;.</source>
        <translation>Installieren Sie das Paket postgresql-NN-pgvector zur Version des Servers, oder lassen Sie es von packaging/run.sh bauen; führen Sie dann „llmemory migrate apply“ aus.</translation>
    </message>
    <message>
        <source>llmemory needs pgvector 0.8.0 or newer. Update it, then run in the database: ALTER EXTENSION vector UPDATE;</source>
        <translation>llmemory braucht pgvector 0.8.0 oder neuer. Aktualisieren Sie es, und führen Sie dann in der Datenbank aus: ALTER EXTENSION vector UPDATE;</translation>
    </message>
    <message>
        <source>Update to 0.8.4 or newer: this version has CVE-2026-3172 (parallel index builds may write out of bounds) and faults in the vacuum of HNSW indexes. Until then keep max_parallel_maintenance_workers = 0.</source>
        <translation>Aktualisieren Sie auf 0.8.4 oder neuer: diese Version hat CVE-2026-3172 (paralleler Indexaufbau kann über Grenzen hinaus schreiben) und Fehler beim VACUUM von HNSW-Indexen. Lassen Sie bis dahin max_parallel_maintenance_workers = 0.</translation>
    </message>
    <message>
        <source>Update to 0.8.4 or newer: this version has faults in the vacuum of HNSW indexes. Until then REINDEX the HNSW indexes after large deletions.</source>
        <translation>Aktualisieren Sie auf 0.8.4 oder neuer: diese Version hat Fehler beim VACUUM von HNSW-Indexen. Führen Sie bis dahin nach größeren Löschungen REINDEX für die HNSW-Indexe aus.</translation>
    </message>
    <message>
        <source>%1 does not exist yet; it is made when it is needed.</source>
        <translation>%1 gibt es noch nicht; es wird angelegt, wenn es gebraucht wird.</translation>
    </message>
    <message>
        <source>%1 is not a directory.</source>
        <translation>%1 ist kein Verzeichnis.</translation>
    </message>
    <message>
        <source>Remove it, or choose another with --data-dir.</source>
        <translation>Entfernen Sie es, oder wählen Sie mit --data-dir ein anderes.</translation>
    </message>
    <message>
        <source>%1 belongs to another user (uid %2).</source>
        <translation>%1 gehört einem anderen Benutzer (uid %2).</translation>
    </message>
    <message>
        <source>Work as that user, or choose another directory with --data-dir.</source>
        <translation>Arbeiten Sie als dieser Benutzer, oder wählen Sie mit --data-dir ein anderes Verzeichnis.</translation>
    </message>
    <message>
        <source>Other users of this machine can look into %1.</source>
        <translation>Andere Benutzer dieses Rechners können in %1 hineinsehen.</translation>
    </message>
    <message>
        <source>Run: chmod 700 &quot;%1&quot;</source>
        <translation>Führen Sie aus: chmod 700 &quot;%1&quot;</translation>
    </message>
    <message>
        <source>%1, %2 free</source>
        <translation>%1, %2 frei</translation>
    </message>
    <message>
        <source>Free some space: below 1 GiB ingestion pauses, below 256 MiB the database is read-only. Stored documents are safe.</source>
        <translation>Schaffen Sie Platz: unter 1 GiB pausiert die Aufnahme, unter 256 MiB kann die Datenbank nur gelesen werden. Gespeicherte Dokumente sind sicher.</translation>
    </message>
    <message>
        <source>There is no /dev/shm.</source>
        <translation>Es gibt kein /dev/shm.</translation>
    </message>
    <message>
        <source>Mount a tmpfs there; without it the server may not start.</source>
        <translation>Hängen Sie dort ein tmpfs ein; ohne es startet der Server womöglich nicht.</translation>
    </message>
    <message>
        <source>/dev/shm has %1</source>
        <translation>/dev/shm hat %1</translation>
    </message>
    <message>
        <source>Indexes are built without parallel workers, which takes longer. Give a container more with --shm-size=256m.</source>
        <translation>Indexe werden ohne parallele Prozesse aufgebaut, was länger dauert. Geben Sie einem Container mit --shm-size=256m mehr.</translation>
    </message>
    <message>
        <source>Qt&apos;s PostgreSQL driver is installed.</source>
        <translation>Der PostgreSQL-Treiber von Qt ist installiert.</translation>
    </message>
    <message>
        <source>Cannot write a temporary file in %1: %2.</source>
        <translation>In %1 kann keine temporäre Datei geschrieben werden: %2.</translation>
    </message>
    <message>
        <source>Make room there, or set TMPDIR.</source>
        <translation>Schaffen Sie dort Platz, oder setzen Sie TMPDIR.</translation>
    </message>
    <message>
        <source>The process that reads files does not work (%1): %2</source>
        <translation>Der Prozess, der Dateien liest, funktioniert nicht (%1): %2</translation>
    </message>
    <message>
        <source>Install llmemory again; if that does not help, report this.</source>
        <translation>Installieren Sie llmemory neu; wenn das nicht hilft, melden Sie es.</translation>
    </message>
    <message>
        <source>Files are read in a process of their own.</source>
        <translation>Dateien werden in einem eigenen Prozess gelesen.</translation>
    </message>
    <message>
        <source>Every owner is searched by meaning exactly; none needs an index.</source>
        <translation>Jeder Mandant wird nach Bedeutung exakt durchsucht; keiner braucht einen Index.</translation>
    </message>
    <message>
        <source>Of the ten nearest passages the search by meaning finds %1 % (worst of the owners %2: %3).</source>
        <translation>Von den zehn nächsten Textstellen findet die Suche nach Bedeutung %1 % (der schlechteste der Mandanten %2: %3).</translation>
    </message>
    <message>
        <source>Set search.hnsw_profile to &quot;accurate&quot;; it counts at once for searches, and for an index after it was dropped and built again.</source>
        <translation>Setzen Sie search.hnsw_profile auf „accurate“; das gilt für Suchen sofort und für einen Index, nachdem er gelöscht und neu aufgebaut wurde.</translation>
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
        <source>There is nothing to change: give document_name, document_date or metadata.</source>
        <translation>Es gibt nichts zu ändern: geben Sie document_name, document_date oder metadata an.</translation>
    </message>
    <message>
        <source>Nothing says which documents to delete: give document_ids or a metadata_filter.</source>
        <translation>Nichts sagt, welche Dokumente gelöscht werden sollen: geben Sie document_ids oder einen metadata_filter an.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed</name>
    <message>
        <source>The embedding model &quot;%1&quot; has %2 dimensions, but this database knows it with %3.</source>
        <translation>Das Einbettungsmodell „%1“ hat %2 Dimensionen, diese Datenbank kennt es aber mit %3.</translation>
    </message>
    <message>
        <source>embedding_provider is &quot;%1&quot;, which does not exist. There are: %2.</source>
        <translation>embedding_provider ist „%1“, das es nicht gibt. Es gibt: %2.</translation>
    </message>
    <message>
        <source>The embedding model answered with %1 vectors for %2 texts.</source>
        <translation>Das Einbettungsmodell hat für %2 Texte mit %1 Vektoren geantwortet.</translation>
    </message>
    <message>
        <source>The embedding model answered with %1 dimensions instead of %2.</source>
        <translation>Das Einbettungsmodell hat mit %1 Dimensionen statt %2 geantwortet.</translation>
    </message>
    <message>
        <source>The embedding model answered with a vector that is not finite or is zero.</source>
        <translation>Das Einbettungsmodell hat mit einem Vektor geantwortet, der nicht endlich oder null ist.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be the id of an embedding model. Use 1 to 40 of the characters a-z 0-9 _ -.</source>
        <translation>„%1“ kann nicht die Kennung eines Einbettungsmodells sein. Verwenden Sie 1 bis 40 der Zeichen a-z 0-9 _ -.</translation>
    </message>
    <message>
        <source>The embedding model &quot;%1&quot; has %2 dimensions; 1 to %3 can be stored.</source>
        <translation>Das Einbettungsmodell „%1“ hat %2 Dimensionen; gespeichert werden können 1 bis %3.</translation>
    </message>
    <message>
        <source>The embedding models &quot;%1&quot; and &quot;%2&quot; would share the table %3. Give one of them another id.</source>
        <translation>Die Einbettungsmodelle „%1“ und „%2“ würden sich die Tabelle %3 teilen. Geben Sie einem davon eine andere Kennung.</translation>
    </message>
    <message>
        <source>This database does not know the embedding model &quot;%1&quot;.</source>
        <translation>Diese Datenbank kennt das Einbettungsmodell „%1“ nicht.</translation>
    </message>
    <message>
        <source>%1 must be 1 to %2; it is %3.</source>
        <translation>%1 muss 1 bis %2 sein; es ist %3.</translation>
    </message>
    <message>
        <source>openai_url must be an http or https address without user and password, such as https://api.openai.com/v1.</source>
        <translation>openai_url muss eine http- oder https-Adresse ohne Benutzer und Passwort sein, etwa https://api.openai.com/v1.</translation>
    </message>
    <message>
        <source>openai_model must name a model.</source>
        <translation>openai_model muss ein Modell nennen.</translation>
    </message>
    <message>
        <source>openai_api_key holds characters that no key has.</source>
        <translation>openai_api_key enthält Zeichen, die kein Schlüssel hat.</translation>
    </message>
    <message>
        <source>it is not JSON</source>
        <translation>sie ist kein JSON</translation>
    </message>
    <message>
        <source>it holds no embeddings</source>
        <translation>sie enthält keine Einbettungen</translation>
    </message>
    <message>
        <source>it holds %1 vectors for %2 texts</source>
        <translation>sie enthält %1 Vektoren für %2 Texte</translation>
    </message>
    <message>
        <source>its vectors are not numbered as the texts</source>
        <translation>ihre Vektoren sind nicht wie die Texte nummeriert</translation>
    </message>
    <message>
        <source>a vector has %1 dimensions</source>
        <translation>ein Vektor hat %1 Dimensionen</translation>
    </message>
    <message>
        <source>a vector is not finite or is zero</source>
        <translation>ein Vektor ist nicht endlich oder null</translation>
    </message>
    <message>
        <source>%1 refused the key (%2). Embedding is paused; text search works. Check the key in Settings.</source>
        <translation>%1 hat den Schlüssel abgelehnt (%2). Das Einbetten pausiert; die Textsuche funktioniert. Prüfen Sie den Schlüssel in den Einstellungen.</translation>
    </message>
    <message>
        <source>%1 refused the text (%2).</source>
        <translation>%1 hat den Text abgelehnt (%2).</translation>
    </message>
    <message>
        <source>%1 takes no more requests for now (%2). Trying again.</source>
        <translation>%1 nimmt vorerst keine Anfragen mehr an (%2). Neuer Versuch läuft.</translation>
    </message>
    <message>
        <source>it answered with status %1</source>
        <translation>Antwort mit Status %1</translation>
    </message>
    <message>
        <source>%1 sends its callers to another address (%2), which is not followed. Check openai_url.</source>
        <translation>%1 schickt Aufrufer an eine andere Adresse (%2), der nicht gefolgt wird. Prüfen Sie openai_url.</translation>
    </message>
    <message>
        <source>%1 does not offer embeddings at this address, or not of this model (%2). Check openai_url and openai_model.</source>
        <translation>%1 bietet unter dieser Adresse keine Einbettungen an, oder nicht von diesem Modell (%2). Prüfen Sie openai_url und openai_model.</translation>
    </message>
    <message>
        <source>%1 asks to wait %2 s.</source>
        <translation>%1 bittet, %2 s zu warten.</translation>
    </message>
    <message>
        <source>%1 made no embeddings (%2). Trying again; text search works meanwhile.</source>
        <translation>%1 hat keine Einbettungen geliefert (%2). Neuer Versuch läuft; die Textsuche funktioniert inzwischen.</translation>
    </message>
    <message>
        <source>The answer of %1 is of no use: %2.</source>
        <translation>Die Antwort von %1 ist unbrauchbar: %2.</translation>
    </message>
    <message>
        <source>The %1 in %2/config.json must be a number above 0, at most %3. Copy the model&apos;s files again, or choose another model.</source>
        <translation>Der Wert %1 in %2/config.json muss eine Zahl über 0 sein, höchstens %3. Kopieren Sie die Dateien des Modells neu, oder wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>The embedding model has numbers that are not finite. Copy the model&apos;s files again, or choose another model.</source>
        <translation>Das Einbettungsmodell hat Zahlen, die nicht endlich sind. Kopieren Sie die Dateien des Modells neu, oder wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>A normalizer &quot;Sequence&quot; has no list of normalizers.</source>
        <translation>Ein Normalizer „Sequence“ hat keine Liste von Normalizern.</translation>
    </message>
    <message>
        <source>A normalizer &quot;Prepend&quot; has no text.</source>
        <translation>Ein Normalizer „Prepend“ hat keinen Text.</translation>
    </message>
    <message>
        <source>The normalizer &quot;%1&quot; is not supported.</source>
        <translation>Der Normalizer „%1“ wird nicht unterstützt.</translation>
    </message>
    <message>
        <source>The tokenizer&apos;s model &quot;%1&quot; is not supported.</source>
        <translation>Das Modell „%1“ des Tokenizers wird nicht unterstützt.</translation>
    </message>
    <message>
        <source>A pre-tokenizer &quot;%1&quot; has an unknown behavior.</source>
        <translation>Ein Pre-Tokenizer „%1“ hat ein unbekanntes behavior.</translation>
    </message>
    <message>
        <source>A pre-tokenizer &quot;Split&quot; has no pattern.</source>
        <translation>Ein Pre-Tokenizer „Split“ hat kein Muster.</translation>
    </message>
    <message>
        <source>A pre-tokenizer &quot;Sequence&quot; has no list of pre-tokenizers.</source>
        <translation>Ein Pre-Tokenizer „Sequence“ hat keine Liste von Pre-Tokenizern.</translation>
    </message>
    <message>
        <source>A pre-tokenizer &quot;%1&quot; has no delimiter.</source>
        <translation>Ein Pre-Tokenizer „%1“ hat kein Trennzeichen.</translation>
    </message>
    <message>
        <source>The pre-tokenizer &quot;%1&quot; is not supported.</source>
        <translation>Der Pre-Tokenizer „%1“ wird nicht unterstützt.</translation>
    </message>
    <message>
        <source>The regular expression &quot;%1&quot; is not understood: %2.</source>
        <translation>Der reguläre Ausdruck „%1“ ist unverständlich: %2.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::AddedTokens</name>
    <message>
        <source>The added tokens are no list.</source>
        <translation>Die zusätzlichen Tokens sind keine Liste.</translation>
    </message>
    <message>
        <source>An added token of the tokenizer has no text or no proper number.</source>
        <translation>Ein zusätzliches Token des Tokenizers hat keinen Text oder keine gültige Nummer.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::Bert</name>
    <message>
        <source>The Unicode data of the ICU library cannot be read. Install ICU again.</source>
        <translation>Die Unicode-Daten der ICU-Bibliothek können nicht gelesen werden. Installieren Sie ICU neu.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::BpeModel</name>
    <message>
        <source>The model &quot;BPE&quot; has a dropout, which is not supported.</source>
        <translation>Das Modell „BPE“ hat ein dropout, das nicht unterstützt wird.</translation>
    </message>
    <message>
        <source>The token &quot;%1&quot; for unknown words is not in the vocabulary of the model &quot;%2&quot;.</source>
        <translation>Das Token „%1“ für unbekannte Wörter ist nicht im Vokabular des Modells „%2“.</translation>
    </message>
    <message>
        <source>The model &quot;BPE&quot; has no list of merges.</source>
        <translation>Das Modell „BPE“ hat keine Liste von merges.</translation>
    </message>
    <message>
        <source>Merge %1 of the model &quot;BPE&quot; is not of tokens of its vocabulary.</source>
        <translation>Zusammenfügung %1 des Modells „BPE“ besteht nicht aus Tokens seines Vokabulars.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::HttpPoster::Call</name>
    <message>
        <source>no connection in time</source>
        <translation>keine Verbindung in der vorgesehenen Zeit</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>keine Antwort in der vorgesehenen Zeit</translation>
    </message>
    <message>
        <source>it is too long</source>
        <translation>sie ist zu lang</translation>
    </message>
    <message>
        <source>no secure connection; its certificate is not trusted or it speaks no TLS</source>
        <translation>keine sichere Verbindung; dem Zertifikat wird nicht vertraut, oder TLS wird nicht gesprochen</translation>
    </message>
    <message>
        <source>it cannot be reached</source>
        <translation>nicht erreichbar</translation>
    </message>
    <message>
        <source>it broke off</source>
        <translation>die Verbindung brach ab</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::Metaspace</name>
    <message>
        <source>A pre-tokenizer &quot;Metaspace&quot; has no mark for spaces.</source>
        <translation>Ein Pre-Tokenizer „Metaspace“ hat kein Zeichen für Leerzeichen.</translation>
    </message>
    <message>
        <source>A pre-tokenizer &quot;Metaspace&quot; has the unknown prepend_scheme &quot;%1&quot;.</source>
        <translation>Ein Pre-Tokenizer „Metaspace“ hat das unbekannte prepend_scheme „%1“.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::PrecompiledCharsmap</name>
    <message>
        <source>The character map of a normalizer &quot;Precompiled&quot; is missing or damaged.</source>
        <translation>Die Zeichentabelle eines Normalizers „Precompiled“ fehlt oder ist beschädigt.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::ReplaceNormalizer</name>
    <message>
        <source>A normalizer &quot;Replace&quot; has no pattern or no content.</source>
        <translation>Ein Normalizer „Replace“ hat kein Muster oder keinen Inhalt.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::SafetensorsFile</name>
    <message>
        <source>The model file %1 cannot be used: %2. Copy the model&apos;s files again, or choose another model.</source>
        <translation>Die Modelldatei %1 ist nicht verwendbar: %2. Kopieren Sie die Dateien des Modells neu, oder wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>it is too short for a header</source>
        <translation>sie ist zu kurz für einen Kopf</translation>
    </message>
    <message>
        <source>its header is longer than the file</source>
        <translation>ihr Kopf ist länger als die Datei</translation>
    </message>
    <message>
        <source>its header is not valid JSON</source>
        <translation>ihr Kopf ist kein gültiges JSON</translation>
    </message>
    <message>
        <source>the tensor &quot;%1&quot; has no type</source>
        <translation>der Tensor „%1“ hat keinen Typ</translation>
    </message>
    <message>
        <source>the tensor &quot;%1&quot; is of a type that is not supported</source>
        <translation>der Tensor „%1“ ist von einem Typ, der nicht unterstützt wird</translation>
    </message>
    <message>
        <source>the tensor &quot;%1&quot; has no shape or no place</source>
        <translation>der Tensor „%1“ hat keine Form oder keinen Platz</translation>
    </message>
    <message>
        <source>the tensor &quot;%1&quot; is not within the file, which may be cut short</source>
        <translation>der Tensor „%1“ liegt nicht in der Datei, die womöglich abgeschnitten ist</translation>
    </message>
    <message>
        <source>the tensor &quot;%1&quot; has another size than its shape says</source>
        <translation>der Tensor „%1“ hat eine andere Größe, als seine Form sagt</translation>
    </message>
    <message>
        <source>its tensors overlap</source>
        <translation>ihre Tensoren überschneiden sich</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::StaticEmbedder</name>
    <message>
        <source>&quot;%1&quot; cannot be the id of a model. Use 1 to %2 of the characters a-z, 0-9, _ and -.</source>
        <translation>„%1“ kann nicht die Kennung eines Modells sein. Verwenden Sie 1 bis %2 der Zeichen a-z, 0-9, _ und -.</translation>
    </message>
    <message>
        <source>The tokenizer %1 cannot be used. %2 Copy the model&apos;s files again, or choose another model.</source>
        <translation>Der Tokenizer %1 ist nicht verwendbar. %2 Kopieren Sie die Dateien des Modells neu, oder wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>The tokenizer %1 has %2 tokens, but the model beside it only %3. Copy both files from the same model.</source>
        <translation>Der Tokenizer %1 hat %2 Tokens, das Modell daneben aber nur %3. Kopieren Sie beide Dateien aus demselben Modell.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::StaticModel</name>
    <message>
        <source>it has no tensor &quot;embeddings&quot;</source>
        <translation>sie hat keinen Tensor „embeddings“</translation>
    </message>
    <message>
        <source>its embeddings are no table of type F32, F16 or I8</source>
        <translation>ihre Einbettungen sind keine Tabelle vom Typ F32, F16 oder I8</translation>
    </message>
    <message>
        <source>its embeddings have %1 rows of %2 dimensions</source>
        <translation>ihre Einbettungen haben %1 Zeilen mit %2 Dimensionen</translation>
    </message>
    <message>
        <source>its mapping is no list of type I32 or I64</source>
        <translation>ihre Zuordnung ist keine Liste vom Typ I32 oder I64</translation>
    </message>
    <message>
        <source>its mapping names row %1 of %2</source>
        <translation>ihre Zuordnung nennt Zeile %1 von %2</translation>
    </message>
    <message>
        <source>its weights are no list of type F64, F32 or F16</source>
        <translation>ihre Gewichte sind keine Liste vom Typ F64, F32 oder F16</translation>
    </message>
    <message>
        <source>it has %1 weights for %2 tokens</source>
        <translation>sie hat %1 Gewichte für %2 Tokens</translation>
    </message>
    <message>
        <source>the weight of token %1 is not finite</source>
        <translation>das Gewicht von Token %1 ist nicht endlich</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::Tokenizer</name>
    <message>
        <source>The tokenizer&apos;s file is not valid JSON.</source>
        <translation>Die Datei des Tokenizers ist kein gültiges JSON.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::UnicodeForm</name>
    <message>
        <source>The Unicode data of the ICU library cannot be read. Install ICU again.</source>
        <translation>Die Unicode-Daten der ICU-Bibliothek können nicht gelesen werden. Installieren Sie ICU neu.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::UnigramModel</name>
    <message>
        <source>The model &quot;Unigram&quot; has no vocabulary.</source>
        <translation>Das Modell „Unigram“ hat kein Vokabular.</translation>
    </message>
    <message>
        <source>Entry %1 of the vocabulary of the model &quot;Unigram&quot; is not a token with its score.</source>
        <translation>Eintrag %1 des Vokabulars des Modells „Unigram“ ist kein Token mit seiner Wertung.</translation>
    </message>
    <message>
        <source>The unknown token of the model &quot;Unigram&quot; is not in its vocabulary.</source>
        <translation>Das Token für Unbekanntes des Modells „Unigram“ ist nicht in seinem Vokabular.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::Vocabulary</name>
    <message>
        <source>The model &quot;%1&quot; has no vocabulary.</source>
        <translation>Das Modell „%1“ hat kein Vokabular.</translation>
    </message>
    <message>
        <source>The vocabulary of the model &quot;%1&quot; has a token without a proper number.</source>
        <translation>Das Vokabular des Modells „%1“ hat ein Token ohne gültige Nummer.</translation>
    </message>
</context>
<context>
    <name>llmemory::embed::WordPieceModel</name>
    <message>
        <source>The token &quot;%1&quot; for unknown words is not in the vocabulary of the model &quot;%2&quot;.</source>
        <translation>Das Token „%1“ für unbekannte Wörter ist nicht im Vokabular des Modells „%2“.</translation>
    </message>
</context>
<context>
    <name>llmemory::eval</name>
    <message>
        <source>There is no file %1. A collection needs corpus.jsonl, queries.jsonl and qrels.tsv (or qrels/test.tsv).</source>
        <translation>Es gibt keine Datei %1. Eine Sammlung braucht corpus.jsonl, queries.jsonl und qrels.tsv (oder qrels/test.tsv).</translation>
    </message>
    <message>
        <source>%1 cannot be opened: %2.</source>
        <translation>%1 kann nicht geöffnet werden: %2.</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>%1 kann nicht gelesen werden: %2.</translation>
    </message>
    <message>
        <source>This is no JSON: %1</source>
        <translation>Das ist kein JSON: %1</translation>
    </message>
    <message>
        <source>A JSON object is expected.</source>
        <translation>Es wird ein JSON-Objekt erwartet.</translation>
    </message>
    <message>
        <source>The member &quot;%1&quot; is missing.</source>
        <translation>Das Feld „%1“ fehlt.</translation>
    </message>
    <message>
        <source>The member &quot;%1&quot; must be a text.</source>
        <translation>Das Feld „%1“ muss ein Text sein.</translation>
    </message>
</context>
<context>
    <name>llmemory::eval::Notebook</name>
    <message>
        <source>No result was judged good yet, so there is nothing to measure. Mark results of searches as good first.</source>
        <translation>Noch wurde kein Ergebnis als gut beurteilt, also gibt es nichts zu messen. Markieren Sie zuerst Suchergebnisse als gut.</translation>
    </message>
</context>
<context>
    <name>llmemory::eval::Reader</name>
    <message>
        <source>%1 has no query with a relevant document.</source>
        <translation>%1 hat keine Suchanfrage mit einem passenden Dokument.</translation>
    </message>
    <message>
        <source>The document &quot;%1&quot; is there already.</source>
        <translation>Das Dokument „%1“ ist schon da.</translation>
    </message>
    <message>
        <source>The query &quot;%1&quot; is there already.</source>
        <translation>Die Suchanfrage „%1“ ist schon da.</translation>
    </message>
    <message>
        <source>A query id, a document id and a number are expected, with a tab between them.</source>
        <translation>Erwartet werden die Kennung einer Suchanfrage, die eines Dokuments und eine Zahl, durch Tabulatoren getrennt.</translation>
    </message>
    <message>
        <source>The judgement &quot;%1&quot; is no whole number.</source>
        <translation>Die Bewertung „%1“ ist keine ganze Zahl.</translation>
    </message>
    <message>
        <source>There is no query &quot;%1&quot; in queries.jsonl.</source>
        <translation>In queries.jsonl gibt es keine Suchanfrage „%1“.</translation>
    </message>
    <message>
        <source>There is no document &quot;%1&quot; in corpus.jsonl.</source>
        <translation>In corpus.jsonl gibt es kein Dokument „%1“.</translation>
    </message>
    <message>
        <source>The document &quot;%1&quot; is judged twice for the query &quot;%2&quot;, in different ways.</source>
        <translation>Das Dokument „%1“ ist zur Suchanfrage „%2“ zweimal und verschieden bewertet.</translation>
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
        <source>There is no field named &quot;%1&quot;.</source>
        <translation>Es gibt kein Feld namens „%1“.</translation>
    </message>
    <message>
        <source>The field &quot;%1&quot; is given twice.</source>
        <translation>Das Feld „%1“ ist zweimal angegeben.</translation>
    </message>
    <message>
        <source>Send one file in a request.</source>
        <translation>Senden Sie eine einzige Datei je Anfrage.</translation>
    </message>
    <message>
        <source>The form has no file with a name.</source>
        <translation>Das Formular hat keine Datei mit einem Namen.</translation>
    </message>
    <message>
        <source>The file cannot be kept for reading. Is the disk full?</source>
        <translation>Die Datei kann nicht zum Lesen abgelegt werden. Ist die Festplatte voll?</translation>
    </message>
    <message>
        <source>Lines must end with CR LF.</source>
        <translation>Zeilen müssen mit CR LF enden.</translation>
    </message>
    <message>
        <source>The headers are too large.</source>
        <translation>Die Header sind zu groß.</translation>
    </message>
    <message>
        <source>The body is larger than what is taken in one request.</source>
        <translation>Der Inhalt ist größer, als in einer Anfrage angenommen wird.</translation>
    </message>
    <message>
        <source>The request line is not valid HTTP.</source>
        <translation>Die Anfragezeile ist kein gültiges HTTP.</translation>
    </message>
    <message>
        <source>This method is not implemented.</source>
        <translation>Diese Methode ist nicht implementiert.</translation>
    </message>
    <message>
        <source>The request target must be a path that begins with /.</source>
        <translation>Das Ziel der Anfrage muss ein Pfad sein, der mit / beginnt.</translation>
    </message>
    <message>
        <source>Only HTTP/1.1 and HTTP/1.0 are spoken here.</source>
        <translation>Hier wird nur HTTP/1.1 und HTTP/1.0 gesprochen.</translation>
    </message>
    <message>
        <source>No other protocol is spoken here.</source>
        <translation>Ein anderes Protokoll wird hier nicht gesprochen.</translation>
    </message>
    <message>
        <source>This expectation is not known.</source>
        <translation>Diese Erwartung (Expect) ist nicht bekannt.</translation>
    </message>
    <message>
        <source>The length of the body is not clear.</source>
        <translation>Die Länge des Inhalts ist nicht eindeutig.</translation>
    </message>
    <message>
        <source>Only the transfer coding &quot;chunked&quot; is known.</source>
        <translation>Nur die Übertragungskodierung „chunked“ ist bekannt.</translation>
    </message>
    <message>
        <source>A header line is too long.</source>
        <translation>Eine Header-Zeile ist zu lang.</translation>
    </message>
    <message>
        <source>A header line is not valid HTTP.</source>
        <translation>Eine Header-Zeile ist kein gültiges HTTP.</translation>
    </message>
    <message>
        <source>The request line is too long, or there are too many headers.</source>
        <translation>Die Anfragezeile ist zu lang, oder es sind zu viele Header.</translation>
    </message>
    <message>
        <source>A part of the form is not form-data.</source>
        <translation>Ein Teil des Formulars ist nicht form-data.</translation>
    </message>
    <message>
        <source>A part of the form has no name.</source>
        <translation>Ein Teil des Formulars hat keinen Namen.</translation>
    </message>
    <message>
        <source>The form ends before its closing boundary.</source>
        <translation>Das Formular endet vor seiner schließenden Grenze (boundary).</translation>
    </message>
    <message>
        <source>The form has more than 32 parts.</source>
        <translation>Das Formular hat mehr als 32 Teile.</translation>
    </message>
    <message>
        <source>A part of the form has too long headers.</source>
        <translation>Ein Teil des Formulars hat zu lange Header.</translation>
    </message>
    <message>
        <source>There is no parameter named &quot;%1&quot;.</source>
        <translation>Es gibt keinen Parameter namens „%1“.</translation>
    </message>
    <message>
        <source>The parameter &quot;%1&quot; is given twice.</source>
        <translation>Der Parameter „%1“ ist zweimal angegeben.</translation>
    </message>
    <message>
        <source>The address is not valid percent-encoded UTF-8.</source>
        <translation>Die Adresse ist kein gültiges UTF-8 in Prozentkodierung.</translation>
    </message>
    <message>
        <source>The request has no Host header.</source>
        <translation>Die Anfrage hat keinen Host-Header.</translation>
    </message>
    <message>
        <source>The request has more than one Host header.</source>
        <translation>Die Anfrage hat mehr als einen Host-Header.</translation>
    </message>
    <message>
        <source>Requests for this host name are refused. Add the name in Settings if you trust it.</source>
        <translation>Anfragen für diesen Rechnernamen werden abgelehnt. Fügen Sie den Namen in den Einstellungen hinzu, wenn Sie ihm vertrauen.</translation>
    </message>
    <message>
        <source>Requests from web pages are refused. Add the origin in Settings if you trust it.</source>
        <translation>Anfragen von Webseiten werden abgelehnt. Fügen Sie die Herkunft in den Einstellungen hinzu, wenn Sie ihr vertrauen.</translation>
    </message>
    <message>
        <source>Send the header &quot;Authorization: Bearer TOKEN&quot; with the token from the token file.</source>
        <translation>Senden Sie den Header „Authorization: Bearer TOKEN“ mit dem Token aus der Token-Datei.</translation>
    </message>
    <message>
        <source>Too many wrong tokens. Wait a minute, and take the token from the token file.</source>
        <translation>Zu viele falsche Tokens. Warten Sie eine Minute, und nehmen Sie das Token aus der Token-Datei.</translation>
    </message>
    <message>
        <source>The token is wrong. Take it from the token file.</source>
        <translation>Das Token ist falsch. Nehmen Sie es aus der Token-Datei.</translation>
    </message>
    <message>
        <source>A request of this kind has no body.</source>
        <translation>Eine Anfrage dieser Art hat keinen Inhalt.</translation>
    </message>
    <message>
        <source>The body must be plain %1.</source>
        <translation>Der Inhalt muss reines %1 sein.</translation>
    </message>
    <message>
        <source>The body has %1 bytes; at most %2 are taken.</source>
        <translation>Der Inhalt hat %1 Bytes; angenommen werden höchstens %2.</translation>
    </message>
    <message>
        <source>The program is stopping.</source>
        <translation>Das Programm wird gerade beendet.</translation>
    </message>
    <message>
        <source>Too many requests are waiting. Try again in a moment.</source>
        <translation>Zu viele Anfragen warten. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>The request took too long and was stopped.</source>
        <translation>Die Anfrage dauerte zu lange und wurde abgebrochen.</translation>
    </message>
    <message>
        <source>Without a token the endpoint listens on this machine only (127.0.0.1).</source>
        <translation>Ohne Token lauscht der Endpunkt nur auf diesem Rechner (127.0.0.1).</translation>
    </message>
    <message>
        <source>The endpoint needs a token.</source>
        <translation>Der Endpunkt braucht ein Token.</translation>
    </message>
    <message>
        <source>The token file %1 must be a plain file that belongs to you and that only you can read. Run: chmod 600 %1</source>
        <translation>Die Token-Datei %1 muss eine gewöhnliche Datei sein, die Ihnen gehört und die nur Sie lesen können. Führen Sie aus: chmod 600 %1</translation>
    </message>
    <message>
        <source>Cannot listen on %1, port %2: %3. Choose another port, or end the program that uses it.</source>
        <translation>Auf %1, Port %2, kann nicht gelauscht werden: %3. Wählen Sie einen anderen Port, oder beenden Sie das Programm, das ihn verwendet.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no address to listen on.</source>
        <translation>„%1“ ist keine Adresse, auf der gelauscht werden kann.</translation>
    </message>
    <message>
        <source>%1 must be a UUID.</source>
        <translation>%1 muss eine UUID sein.</translation>
    </message>
    <message>
        <source>There is no document type &quot;%1&quot;.</source>
        <translation>Es gibt keine Dokumentart „%1“.</translation>
    </message>
    <message>
        <source>order_by must be created_at, updated_at or document_name.</source>
        <translation>order_by muss created_at, updated_at oder document_name sein.</translation>
    </message>
    <message>
        <source>order must be asc or desc.</source>
        <translation>order muss asc oder desc sein.</translation>
    </message>
    <message>
        <source>document_ids is empty.</source>
        <translation>document_ids ist leer.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no passage&apos;s id.</source>
        <translation>„%1“ ist keine Kennung einer Textstelle.</translation>
    </message>
    <message>
        <source>There is no search &quot;%1&quot;.</source>
        <translation>Es gibt keine Suche „%1“.</translation>
    </message>
    <message>
        <source>There is no query &quot;%1&quot;.</source>
        <translation>Es gibt keine Suchanfrage „%1“.</translation>
    </message>
    <message>
        <source>There is no saved search &quot;%1&quot;.</source>
        <translation>Es gibt keine gespeicherte Suche „%1“.</translation>
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
        <translation>Die Token-Datei %1 kann nicht angelegt werden: %2.</translation>
    </message>
    <message>
        <source>The token file %1 cannot be read: %2.</source>
        <translation>Die Token-Datei %1 kann nicht gelesen werden: %2.</translation>
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
        <source>%1 must be an ISO 8601 date such as 2024-05-01; it is &quot;%2&quot;.</source>
        <translation>%1 muss ein ISO-8601-Datum wie 2024-05-01 sein; es ist „%2“.</translation>
    </message>
    <message>
        <source>%1 has the key &quot;%2&quot;; keys have 1 to 100 of the characters A-Z a-z 0-9 _ . -</source>
        <translation>%1 hat den Schlüssel „%2“; Schlüssel haben 1 bis 100 der Zeichen A-Z a-z 0-9 _ . -</translation>
    </message>
    <message>
        <source>offset must not be negative; it is %1.</source>
        <translation>offset darf nicht negativ sein; es ist %1.</translation>
    </message>
    <message>
        <source>%1 must be 0 to 1; it is %2.</source>
        <translation>%1 muss 0 bis 1 sein; es ist %2.</translation>
    </message>
</context>
<context>
    <name>llmemory::migrate</name>
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
    <message>
        <source>The migration file &quot;%1&quot; is not UTF-8 text.</source>
        <translation>Die Migrationsdatei „%1“ ist kein UTF-8-Text.</translation>
    </message>
    <message>
        <source>The migration file &quot;%1&quot; contains %2. Remove it: each file runs in a transaction of its own already.</source>
        <translation>Die Migrationsdatei „%1“ enthält %2. Entfernen Sie es: jede Datei läuft schon in einer eigenen Transaktion.</translation>
    </message>
    <message>
        <source>The migration file &quot;%1&quot; has a line &quot;%2&quot;, but its first line is not &quot;%3&quot;.</source>
        <translation>Die Migrationsdatei „%1“ hat eine Zeile „%2“, ihre erste Zeile ist aber nicht „%3“.</translation>
    </message>
    <message>
        <source>The migration file &quot;%1&quot; runs outside a transaction: between two lines &quot;%2&quot; it must have exactly one statement.</source>
        <translation>Die Migrationsdatei „%1“ läuft außerhalb einer Transaktion: zwischen zwei Zeilen „%2“ muss sie genau eine Anweisung haben.</translation>
    </message>
    <message>
        <source>The migration file &quot;%1&quot; runs outside a transaction: write CREATE INDEX CONCURRENTLY IF NOT EXISTS, so that it can go on after an interruption.</source>
        <translation>Die Migrationsdatei „%1“ läuft außerhalb einer Transaktion: schreiben Sie CREATE INDEX CONCURRENTLY IF NOT EXISTS, damit sie nach einer Unterbrechung weitergehen kann.</translation>
    </message>
    <message>
        <source>The folder of migrations &quot;%1&quot; does not exist.</source>
        <translation>Der Ordner mit Migrationen „%1“ existiert nicht.</translation>
    </message>
    <message>
        <source>The migration file &quot;%1&quot; is not named NUMBER_what.sql, with at most 18 digits and a-z 0-9 _.</source>
        <translation>Die Migrationsdatei „%1“ heißt nicht NUMMER_was.sql, mit höchstens 18 Ziffern und a-z 0-9 _.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be the name of a module of migrations. Use 1 to 100 of the characters A-Z a-z 0-9 _ . -</source>
        <translation>„%1“ kann nicht der Name eines Moduls mit Migrationen sein. Verwenden Sie 1 bis 100 der Zeichen A-Z a-z 0-9 _ . -</translation>
    </message>
    <message>
        <source>The name &quot;%1&quot; belongs to the library&apos;s own migrations.</source>
        <translation>Der Name „%1“ gehört den eigenen Migrationen der Bibliothek.</translation>
    </message>
    <message>
        <source>Two modules of migrations are called &quot;%1&quot;.</source>
        <translation>Zwei Module mit Migrationen heißen „%1“.</translation>
    </message>
    <message>
        <source>The database was changed by a newer llmemory (%1). Update this program; the stored documents are safe.</source>
        <translation>Die Datenbank wurde von einem neueren llmemory (%1) verändert. Aktualisieren Sie dieses Programm; die gespeicherten Dokumente sind sicher.</translation>
    </message>
    <message>
        <source>The database was changed by a newer version of &quot;%1&quot; (%2). Update this program; the stored documents are safe.</source>
        <translation>Die Datenbank wurde von einer neueren Version von „%1“ (%2) verändert. Aktualisieren Sie dieses Programm; die gespeicherten Dokumente sind sicher.</translation>
    </message>
    <message>
        <source>The reason: %1</source>
        <translation>Der Grund: %1</translation>
    </message>
    <message>
        <source>Where it was not cancelled on purpose, set statement_timeout of the migrating user to 0.</source>
        <translation>Wenn sie nicht absichtlich abgebrochen wurde, setzen Sie statement_timeout des Benutzers, der migriert, auf 0.</translation>
    </message>
    <message>
        <source>The migration %1 of module &quot;%2&quot; is not the one that was applied to this database. Use the program that created it, or restore the original file.</source>
        <translation>Die Migration %1 des Moduls „%2“ ist nicht die, die auf diese Datenbank angewandt wurde. Verwenden Sie das Programm, das sie angelegt hat, oder stellen Sie die ursprüngliche Datei wieder her.</translation>
    </message>
</context>
<context>
    <name>llmemory::migrate::ConcurrentBuild</name>
    <message>
        <source>The migration %1 of module &quot;%2&quot; left the index &quot;%3&quot; unfinished. Apply again: it is dropped and built anew.</source>
        <translation>Die Migration %1 des Moduls „%2“ hat den Index „%3“ unfertig hinterlassen. Wenden Sie sie noch einmal an: er wird gelöscht und neu aufgebaut.</translation>
    </message>
    <message>
        <source>Statement %1 of %2 of the migration %3 of module &quot;%4&quot; failed. Those before it are done and stay; correct the cause and apply again: it goes on from there.</source>
        <translation>Anweisung %1 von %2 der Migration %3 des Moduls „%4“ ist fehlgeschlagen. Die davor sind ausgeführt und bleiben; beheben Sie die Ursache und wenden Sie die Migration noch einmal an: sie geht dort weiter.</translation>
    </message>
</context>
<context>
    <name>llmemory::migrate::MigrationRunner</name>
    <message>
        <source>The migration %1 of module &quot;%2&quot; failed. Nothing of it was kept, and what was applied before it stays; correct the cause and apply again.</source>
        <translation>Die Migration %1 des Moduls „%2“ ist fehlgeschlagen. Nichts davon wurde übernommen, und was vorher angewandt wurde, bleibt; beheben Sie die Ursache und wenden Sie sie noch einmal an.</translation>
    </message>
</context>
<context>
    <name>llmemory::search</name>
    <message>
        <source>There is no search %1 in the history. It may have been forgotten, or the history is switched off.</source>
        <translation>Im Verlauf gibt es keine Suche %1. Sie wurde vielleicht vergessen, oder der Verlauf ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>The passage %1 is none of the first %2 results of this search.</source>
        <translation>Die Textstelle %1 ist keiner der ersten %2 Treffer dieser Suche.</translation>
    </message>
    <message>
        <source>There is no feedback &quot;%1&quot;; use chosen, good, bad or none.</source>
        <translation>Es gibt keine Rückmeldung „%1“; möglich sind chosen, good, bad und none.</translation>
    </message>
    <message>
        <source>Nothing is stored for this owner.</source>
        <translation>Für diesen Mandanten ist nichts gespeichert.</translation>
    </message>
    <message>
        <source>There are no documents to answer from; add some first.</source>
        <translation>Es gibt keine Dokumente, aus denen sich antworten ließe; fügen Sie zuerst welche hinzu.</translation>
    </message>
    <message>
        <source>Please say more precisely what to look for.</source>
        <translation>Bitte sagen Sie genauer, wonach gesucht werden soll.</translation>
    </message>
    <message>
        <source>The question names nothing to look for.</source>
        <translation>Die Frage nennt nichts, wonach gesucht werden könnte.</translation>
    </message>
    <message>
        <source>The question is a single short word that no document has.</source>
        <translation>Die Frage ist ein einzelnes kurzes Wort, das in keinem Dokument vorkommt.</translation>
    </message>
    <message>
        <source>The question is about current events and no document has its words.</source>
        <translation>Die Frage betrifft aktuelle Ereignisse, und kein Dokument enthält ihre Wörter.</translation>
    </message>
    <message>
        <source>The question may be about current events and no document has its words.</source>
        <translation>Die Frage betrifft vielleicht aktuelle Ereignisse, und kein Dokument enthält ihre Wörter.</translation>
    </message>
    <message>
        <source>A web search may answer this; the stored documents do not mention it.</source>
        <translation>Eine Websuche könnte das beantworten; die gespeicherten Dokumente erwähnen es nicht.</translation>
    </message>
    <message>
        <source>Documents have words of the question.</source>
        <translation>Dokumente enthalten Wörter der Frage.</translation>
    </message>
    <message>
        <source>No document has the question&apos;s words; some may be near in meaning.</source>
        <translation>Kein Dokument enthält die Wörter der Frage; manche können ihr in der Bedeutung nahe sein.</translation>
    </message>
    <message>
        <source>%1 That is only %2 certain, below the threshold of %3.</source>
        <translation>%1 Das ist nur zu %2 sicher, unter der Schwelle von %3.</translation>
    </message>
    <message>
        <source>The reranker gave %1 scores for %2 passages.</source>
        <translation>Der Reranker hat für %2 Textstellen %1 Wertungen geliefert.</translation>
    </message>
    <message>
        <source>The reranker gave a score that is not a number.</source>
        <translation>Der Reranker hat eine Wertung geliefert, die keine Zahl ist.</translation>
    </message>
    <message>
        <source>%1 has the value &quot;%2&quot;; %3</source>
        <translation>%1 hat den Wert „%2“; %3</translation>
    </message>
    <message>
        <source>a code such as en or de was expected.</source>
        <translation>erwartet wurde ein Kürzel wie en oder de.</translation>
    </message>
    <message>
        <source>key=value, key!=value, or key&gt;=number or date was expected.</source>
        <translation>erwartet wurde key=value, key!=value oder key&gt;=Zahl oder Datum.</translation>
    </message>
    <message>
        <source>The request is the owner&apos;s own; leave owner_id out of it.</source>
        <translation>Die Anfrage gehört schon dem Mandanten selbst; lassen Sie owner_id weg.</translation>
    </message>
    <message>
        <source>routing_threshold must be 0 to 1; it is %1.</source>
        <translation>routing_threshold muss 0 bis 1 sein; es ist %1.</translation>
    </message>
    <message>
        <source>There is no such passage.</source>
        <translation>Diese Textstelle gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no such document.</source>
        <translation>Dieses Dokument gibt es nicht.</translation>
    </message>
    <message>
        <source>The query cannot be read at column %1, &quot;%2&quot;: %3</source>
        <translation>Die Suchanfrage ist an Stelle %1, „%2“, nicht lesbar: %3</translation>
    </message>
    <message>
        <source>There is no query %1 in the notebook.</source>
        <translation>Im Notizbuch gibt es keine Suchanfrage %1.</translation>
    </message>
    <message>
        <source>There is no saved search %1.</source>
        <translation>Es gibt keine gespeicherte Suche %1.</translation>
    </message>
    <message>
        <source>There is a saved search &quot;%1&quot; already. Take another name, or change that one.</source>
        <translation>Es gibt schon eine gespeicherte Suche „%1“. Nehmen Sie einen anderen Namen, oder ändern Sie jene.</translation>
    </message>
    <message>
        <source>There is no saved search &quot;%1&quot;.</source>
        <translation>Es gibt keine gespeicherte Suche „%1“.</translation>
    </message>
    <message>
        <source>NEAR may be used %1 times in a query.</source>
        <translation>NEAR darf in einer Suchanfrage %1-mal vorkommen.</translation>
    </message>
    <message>
        <source>NEAR stands between two words or phrases: harbour NEAR/5 &quot;port fees&quot;. Put it in quotes to search for the word.</source>
        <translation>NEAR steht zwischen zwei Wörtern oder Wortfolgen: Hafen NEAR/5 &quot;offene Gebühren&quot;. Setzen Sie es in Anführungszeichen, um nach dem Wort zu suchen.</translation>
    </message>
    <message>
        <source>NEAR takes a number of words from 1 to %1.</source>
        <translation>NEAR nimmt eine Anzahl von Wörtern von 1 bis %1.</translation>
    </message>
    <message>
        <source>The words beside NEAR may have %1 characters.</source>
        <translation>Die Wörter neben NEAR dürfen %1 Zeichen haben.</translation>
    </message>
    <message>
        <source>A value must follow the sign: year=2024.</source>
        <translation>Nach dem Zeichen muss ein Wert folgen: year=2024.</translation>
    </message>
    <message>
        <source>A number or a date such as 2024-05-17 must follow %1 here; put the whole in quotes to search for it as text.</source>
        <translation>Nach %1 muss hier eine Zahl oder ein Datum wie 2024-05-17 folgen; setzen Sie das Ganze in Anführungszeichen, um danach als Text zu suchen.</translation>
    </message>
    <message>
        <source>A value must follow %1: without a space, as in %2. Put it in quotes to search for the word.</source>
        <translation>Nach %1: muss ein Wert folgen, ohne Leerzeichen, wie in %2. Setzen Sie es in Anführungszeichen, um nach dem Wort zu suchen.</translation>
    </message>
    <message>
        <source>There is no such document type; use one of %1.</source>
        <translation>Diese Dokumentart gibt es nicht; möglich sind %1.</translation>
    </message>
    <message>
        <source>A language was expected: a code such as en or de, or its name.</source>
        <translation>Erwartet wurde eine Sprache: ein Kürzel wie en oder de oder ihr Name.</translation>
    </message>
    <message>
        <source>A page or a range of pages was expected: 3, 3-5, 3.. or ..5.</source>
        <translation>Erwartet wurde eine Seite oder ein Seitenbereich: 3, 3-5, 3.. oder ..5.</translation>
    </message>
    <message>
        <source>A date or a range was expected: 2024, 2024-05, 2024-05-17, 2023..2024, yesterday, &quot;last week&quot; or &quot;3 days ago&quot;.</source>
        <translation>Erwartet wurde ein Datum oder ein Zeitraum: 2024, 2024-05, 2024-05-17, 2023..2024, gestern, &quot;letzte Woche&quot; oder &quot;3 days ago&quot;.</translation>
    </message>
    <message>
        <source>A date was expected: 2024, 2024-05, 2024-05-17, yesterday, &quot;last week&quot; or &quot;3 days ago&quot;.</source>
        <translation>Erwartet wurde ein Datum: 2024, 2024-05, 2024-05-17, gestern, &quot;letzte Woche&quot; oder &quot;3 days ago&quot;.</translation>
    </message>
    <message>
        <source>The text generator did not answer in time.</source>
        <translation>Der Textgenerator hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>Other wordings were made by rules: %1</source>
        <translation>Andere Formulierungen wurden nach Regeln gebildet: %1</translation>
    </message>
    <message>
        <source>The text generator gave none.</source>
        <translation>Der Textgenerator hat keine geliefert.</translation>
    </message>
    <message>
        <source>Found by words only: %1</source>
        <translation>Nur nach Wörtern gefunden: %1</translation>
    </message>
    <message>
        <source>The counts are estimated from a sample of %1 passages.</source>
        <translation>Die Anzahlen sind aus einer Stichprobe von %1 Textstellen geschätzt.</translation>
    </message>
</context>
<context>
    <name>llmemory::search::RerankRunner</name>
    <message>
        <source>The reranker did not answer in time.</source>
        <translation>Der Reranker hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>Reranked by words only: %1</source>
        <translation>Nur nach Wörtern neu geordnet: %1</translation>
    </message>
</context>
<context>
    <name>llmemory::search::SearchService</name>
    <message>
        <source>Routing is off.</source>
        <translation>Das Routing ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>The query has conditions only.</source>
        <translation>Die Suchanfrage hat nur Bedingungen.</translation>
    </message>
</context>
<context>
    <name>llmemory::search::SimilarSearch</name>
    <message>
        <source>Found by words only: there is no vector of it yet.</source>
        <translation>Nur nach Wörtern gefunden: dazu gibt es noch keinen Vektor.</translation>
    </message>
</context>
<context>
    <name>llmemory::search::dates</name>
    <message>
        <source>today</source>
        <translation>heute</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>gestern</translation>
    </message>
    <message>
        <source>this week</source>
        <translation>diese Woche</translation>
    </message>
    <message>
        <source>last week</source>
        <translation>letzte Woche</translation>
    </message>
    <message>
        <source>this month</source>
        <translation>dieser Monat</translation>
    </message>
    <message>
        <source>last month</source>
        <translation>letzter Monat</translation>
    </message>
    <message>
        <source>this year</source>
        <translation>dieses Jahr</translation>
    </message>
    <message>
        <source>last year</source>
        <translation>letztes Jahr</translation>
    </message>
</context>
<context>
    <name>llmemory::settings</name>
    <message>
        <source>Cannot read the configuration file %1: %2.</source>
        <translation>Die Konfigurationsdatei %1 kann nicht gelesen werden: %2.</translation>
    </message>
    <message>
        <source>The configuration file %1 is too large.</source>
        <translation>Die Konfigurationsdatei %1 ist zu groß.</translation>
    </message>
    <message>
        <source>The configuration file %1 does not exist.</source>
        <translation>Die Konfigurationsdatei %1 existiert nicht.</translation>
    </message>
    <message>
        <source>The configuration file %1 is not valid JSON: %2</source>
        <translation>Die Konfigurationsdatei %1 ist kein gültiges JSON: %2</translation>
    </message>
    <message>
        <source>The configuration file %1 must hold one JSON object.</source>
        <translation>Die Konfigurationsdatei %1 muss ein einziges JSON-Objekt enthalten.</translation>
    </message>
    <message>
        <source>PostgreSQL server to use; empty: the private one in the data directory</source>
        <translation>zu verwendender PostgreSQL-Server; leer: der private im Datenverzeichnis</translation>
    </message>
    <message>
        <source>database schema that holds the tables</source>
        <translation>Datenbankschema, in dem die Tabellen liegen</translation>
    </message>
    <message>
        <source>directory of the private database, the access token and the logs</source>
        <translation>Verzeichnis der privaten Datenbank, des Zugangstokens und der Protokolle</translation>
    </message>
    <message>
        <source>configuration file (JSON)</source>
        <translation>Konfigurationsdatei (JSON)</translation>
    </message>
    <message>
        <source>least important messages that are logged</source>
        <translation>unwichtigste Meldungen, die noch protokolliert werden</translation>
    </message>
    <message>
        <source>address of the HTTP endpoint</source>
        <translation>Adresse des HTTP-Endpunkts</translation>
    </message>
    <message>
        <source>port of the HTTP endpoint; 0: a free one</source>
        <translation>Port des HTTP-Endpunkts; 0: ein freier</translation>
    </message>
    <message>
        <source>further names under which the HTTP endpoint is called</source>
        <translation>weitere Namen, unter denen der HTTP-Endpunkt aufgerufen wird</translation>
    </message>
    <message>
        <source>web pages that may call the HTTP endpoint, as https://host</source>
        <translation>Webseiten, die den HTTP-Endpunkt aufrufen dürfen, in der Form https://host</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; must be %3.</source>
        <translation>%1: „%2“ muss %3 sein.</translation>
    </message>
    <message>
        <source>a list of texts that are not empty</source>
        <translation>eine Liste nicht leerer Texte</translation>
    </message>
    <message>
        <source>a whole number without quotes</source>
        <translation>eine ganze Zahl ohne Anführungszeichen</translation>
    </message>
    <message>
        <source>a number without quotes</source>
        <translation>eine Zahl ohne Anführungszeichen</translation>
    </message>
    <message>
        <source>true or false without quotes</source>
        <translation>true oder false ohne Anführungszeichen</translation>
    </message>
    <message>
        <source>a text in quotes</source>
        <translation>ein Text in Anführungszeichen</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is given twice.</source>
        <translation>%1: „%2“ ist zweimal angegeben.</translation>
    </message>
    <message>
        <source>an object, for it is a group of settings</source>
        <translation>als Gruppe von Einstellungen ein Objekt</translation>
    </message>
    <message>
        <source>Cannot make the directory %1.</source>
        <translation>Das Verzeichnis %1 kann nicht angelegt werden.</translation>
    </message>
    <message>
        <source>&quot;%1&quot;: %2</source>
        <translation>„%1“: %2</translation>
    </message>
    <message>
        <source>the name must be 1 to 40 of the characters A-Z a-z 0-9 _ . -.</source>
        <translation>der Name muss aus 1 bis 40 der Zeichen A-Z a-z 0-9 _ . - bestehen.</translation>
    </message>
    <message>
        <source>the name %1 stands for a provider already.</source>
        <translation>der Name %1 steht schon für einen Anbieter.</translation>
    </message>
    <message>
        <source>local transformer models are not in this version; the type must be openai or model2vec.</source>
        <translation>lokale Transformer-Modelle sind in dieser Version nicht enthalten; die Art muss openai oder model2vec sein.</translation>
    </message>
    <message>
        <source>the type must be openai or model2vec.</source>
        <translation>die Art muss openai oder model2vec sein.</translation>
    </message>
    <message>
        <source>the folder of the model must be an absolute path.</source>
        <translation>der Ordner des Modells muss ein absoluter Pfad sein.</translation>
    </message>
    <message>
        <source>the dimension must be 1 to 4,000.</source>
        <translation>die Dimension muss 1 bis 4000 sein.</translation>
    </message>
    <message>
        <source>it must be name:openai:model, name:openai:model:dimension or name:model2vec:folder.</source>
        <translation>es muss name:openai:modell, name:openai:modell:dimension oder name:model2vec:ordner sein.</translation>
    </message>
    <message>
        <source>the model is missing.</source>
        <translation>das Modell fehlt.</translation>
    </message>
    <message>
        <source>the name %1 is given twice.</source>
        <translation>der Name %1 ist zweimal angegeben.</translation>
    </message>
    <message>
        <source>Local transformer models are not in this version; &quot;builtin&quot; needs none.</source>
        <translation>Lokale Transformer-Modelle sind in dieser Version nicht enthalten; „builtin“ braucht keines.</translation>
    </message>
    <message>
        <source>Rerankers with a model are not in this version; &quot;lexical&quot; needs none.</source>
        <translation>Reranker mit einem Modell sind in dieser Version nicht enthalten; „lexical“ braucht keines.</translation>
    </message>
    <message>
        <source>Answers are not kept in this version; every search is made anew.</source>
        <translation>Antworten werden in dieser Version nicht aufbewahrt; jede Suche wird neu ausgeführt.</translation>
    </message>
    <message>
        <source>This version has no metrics that could be switched off.</source>
        <translation>Diese Version hat keine Messwerte, die abgeschaltet werden könnten.</translation>
    </message>
    <message>
        <source>Statements are not written to the log in this version.</source>
        <translation>Anweisungen werden in dieser Version nicht ins Protokoll geschrieben.</translation>
    </message>
    <message>
        <source>password where the database URL has none</source>
        <translation>Passwort, wenn die Datenbank-URL keines hat</translation>
    </message>
    <message>
        <source>database connections that stay open</source>
        <translation>Datenbankverbindungen, die offen bleiben</translation>
    </message>
    <message>
        <source>database connections of this program at most</source>
        <translation>höchste Zahl der Datenbankverbindungen dieses Programms</translation>
    </message>
    <message>
        <source>for one try to connect</source>
        <translation>für einen Verbindungsversuch</translation>
    </message>
    <message>
        <source>how long an operation waits for a free connection</source>
        <translation>wie lange ein Vorgang auf eine freie Verbindung wartet</translation>
    </message>
    <message>
        <source>for one statement; migrations have no such limit</source>
        <translation>für eine Anweisung; für Migrationen gilt diese Grenze nicht</translation>
    </message>
    <message>
        <source>how long a statement waits for a lock</source>
        <translation>wie lange eine Anweisung auf eine Sperre wartet</translation>
    </message>
    <message>
        <source>after which unused connections beyond the smallest pool close</source>
        <translation>wonach unbenutzte Verbindungen über den kleinsten Vorrat hinaus geschlossen werden</translation>
    </message>
    <message>
        <source>bring the schema up to date at start; false: refuse one that is not</source>
        <translation>das Schema beim Start auf den neuesten Stand bringen; false: ein veraltetes ablehnen</translation>
    </message>
    <message>
        <source>by document type</source>
        <translation>nach der Dokumentart</translation>
    </message>
    <message>
        <source>tokens of a searched passage; its context is twice as long</source>
        <translation>Tokens einer durchsuchten Textstelle; ihr Umfeld ist doppelt so lang</translation>
    </message>
    <message>
        <source>tokens that a passage repeats of the one before; at most half of the size</source>
        <translation>Tokens, die eine Textstelle aus der vorigen wiederholt; höchstens die Hälfte der Größe</translation>
    </message>
    <message>
        <source>no limit of its own</source>
        <translation>keine eigene Grenze</translation>
    </message>
    <message>
        <source>tokens that no passage and no context exceeds</source>
        <translation>Tokens, die keine Textstelle und kein Umfeld überschreitet</translation>
    </message>
    <message>
        <source>keep a summary with each passage: its first words</source>
        <translation>zu jeder Textstelle eine Zusammenfassung aufbewahren: ihre ersten Wörter</translation>
    </message>
    <message>
        <source>length of a summary in tokens; half as many words</source>
        <translation>Länge einer Zusammenfassung in Tokens; halb so viele Wörter</translation>
    </message>
    <message>
        <source>embed name and type of the document with each passage</source>
        <translation>Name und Art des Dokuments mit jeder Textstelle einbetten</translation>
    </message>
    <message>
        <source>builtin, openai, or a name from embedding.providers</source>
        <translation>builtin, openai oder ein Name aus embedding.providers</translation>
    </message>
    <message>
        <source>further models: of OpenAI-compatible services, and static ones</source>
        <translation>weitere Modelle: von OpenAI-kompatiblen Diensten und statische</translation>
    </message>
    <message>
        <source>key of the service; many services of your own need none</source>
        <translation>Schlüssel des Dienstes; viele selbst betriebene Dienste brauchen keinen</translation>
    </message>
    <message>
        <source>model of the provider openai</source>
        <translation>Modell des Anbieters openai</translation>
    </message>
    <message>
        <source>base address of the OpenAI-compatible service</source>
        <translation>Basisadresse des OpenAI-kompatiblen Dienstes</translation>
    </message>
    <message>
        <source>passages that are embedded together</source>
        <translation>Textstellen, die zusammen eingebettet werden</translation>
    </message>
    <message>
        <source>how often the queue is looked at without being woken</source>
        <translation>wie oft ohne Anstoß in die Warteschlange gesehen wird</translation>
    </message>
    <message>
        <source>work on the queue in the background; single commands never do</source>
        <translation>die Warteschlange im Hintergrund abarbeiten; einzelne Befehle tun das nie</translation>
    </message>
    <message>
        <source>how well the vector index is built and searched</source>
        <translation>wie gut der Vektorindex aufgebaut und durchsucht wird</translation>
    </message>
    <message>
        <source>how found by words and found by meaning become one list: by their scores, or by their ranks as the Python llmemory</source>
        <translation>wie nach Wörtern und nach Bedeutung Gefundenes zu einer Liste wird: nach Wertungen oder nach Rängen wie beim llmemory in Python</translation>
    </message>
    <message>
        <source>look for a similar word where nothing has one of the query&apos;s, and suggest it</source>
        <translation>nach einem ähnlichen Wort suchen, wo nichts eines der Suchanfrage enthält, und es vorschlagen</translation>
    </message>
    <message>
        <source>how much a word counts that a passage has several times; 0 = as one that it has once</source>
        <translation>wie viel ein Wort zählt, das eine Textstelle mehrmals enthält; 0 = so viel wie ein einmaliges</translation>
    </message>
    <message>
        <source>how much a passage&apos;s length counts against it; 0 = not at all, 1 = in full</source>
        <translation>wie sehr die Länge einer Textstelle gegen sie zählt; 0 = gar nicht, 1 = voll</translation>
    </message>
    <message>
        <source>search for variants of the query as well</source>
        <translation>auch nach Varianten der Suchanfrage suchen</translation>
    </message>
    <message>
        <source>variants of a query; the query itself counts</source>
        <translation>Varianten einer Suchanfrage; sie selbst zählt mit</translation>
    </message>
    <message>
        <source>put the best results in order a second time</source>
        <translation>die besten Treffer ein zweites Mal ordnen</translation>
    </message>
    <message>
        <source>what reranks</source>
        <translation>was neu ordnet</translation>
    </message>
    <message>
        <source>Rerankers that need a transformer model or a service are not in this version.</source>
        <translation>Reranker, die ein Transformer-Modell oder einen Dienst brauchen, sind in dieser Version nicht enthalten.</translation>
    </message>
    <message>
        <source>candidates that are reranked</source>
        <translation>Kandidaten, die neu geordnet werden</translation>
    </message>
    <message>
        <source>the query&apos;s limit</source>
        <translation>die Grenze der Suchanfrage</translation>
    </message>
    <message>
        <source>results after reranking where the query does not say</source>
        <translation>Treffer nach dem Neuordnen, wenn die Suchanfrage nichts angibt</translation>
    </message>
    <message>
        <source>write searches down, with the ids of what they found</source>
        <translation>Suchen aufzeichnen, mit den Kennungen dessen, was sie gefunden haben</translation>
    </message>
    <message>
        <source>for ever</source>
        <translation>für immer</translation>
    </message>
    <message>
        <source>how long written searches are kept</source>
        <translation>wie lange aufgezeichnete Suchen aufbewahrt werden</translation>
    </message>
    <message>
        <source>the llmemory executable that a program uses; empty: found by itself</source>
        <translation>das Programm llmemory, das ein anderes Programm verwendet; leer: wird von selbst gefunden</translation>
    </message>
    <message>
        <source>take over file batches whose program died; single commands never do</source>
        <translation>Dateistapel übernehmen, deren Programm nicht mehr läuft; einzelne Befehle tun das nie</translation>
    </message>
    <message>
        <source>local transformer model</source>
        <translation>lokales Transformer-Modell</translation>
    </message>
    <message>
        <source>device of the local transformer model</source>
        <translation>Gerät des lokalen Transformer-Modells</translation>
    </message>
    <message>
        <source>directory of local transformer models</source>
        <translation>Verzeichnis lokaler Transformer-Modelle</translation>
    </message>
    <message>
        <source>how long answers are kept</source>
        <translation>wie lange Antworten aufbewahrt werden</translation>
    </message>
    <message>
        <source>no metrics</source>
        <translation>keine Messwerte</translation>
    </message>
    <message>
        <source>model of the reranker</source>
        <translation>Modell des Rerankers</translation>
    </message>
    <message>
        <source>device of the reranker</source>
        <translation>Gerät des Rerankers</translation>
    </message>
    <message>
        <source>candidates that the model reranks together</source>
        <translation>Kandidaten, die das Modell zusammen neu ordnet</translation>
    </message>
    <message>
        <source>log the statements</source>
        <translation>die Anweisungen protokollieren</translation>
    </message>
    <message>
        <source>log the migrations</source>
        <translation>die Migrationen protokollieren</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source> (%1 = %2)</source>
        <translation> (%1 = %2)</translation>
    </message>
    <message>
        <source>a URL or keywords of libpq, or empty</source>
        <translation>eine URL oder Schlüsselwörter von libpq oder leer</translation>
    </message>
    <message>
        <source>one line, kept secret</source>
        <translation>eine Zeile, die geheim bleibt</translation>
    </message>
    <message>
        <source>a name of 1 to 63 bytes that does not begin with pg_</source>
        <translation>ein Name von 1 bis 63 Bytes, der nicht mit pg_ beginnt</translation>
    </message>
    <message>
        <source>a directory</source>
        <translation>ein Verzeichnis</translation>
    </message>
    <message>
        <source>a file</source>
        <translation>eine Datei</translation>
    </message>
    <message>
        <source>one of %1</source>
        <translation>eines von %1</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>a number, %1 to %2</source>
        <translation>eine Zahl, %1 bis %2</translation>
    </message>
    <message>
        <source>an http or https URL without a password</source>
        <translation>eine http- oder https-URL ohne Passwort</translation>
    </message>
    <message>
        <source>name:openai:model[:dimension] or name:model2vec:folder, separated by commas</source>
        <translation>name:openai:modell[:dimension] oder name:model2vec:ordner, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>a text that is not empty</source>
        <translation>ein nicht leerer Text</translation>
    </message>
    <message>
        <source>texts separated by commas</source>
        <translation>Texte, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>anything</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>%1 must be one line without control characters.</source>
        <translation>%1 muss eine Zeile ohne Steuerzeichen sein.</translation>
    </message>
    <message>
        <source>%1 must be %2; it is %3.</source>
        <translation>%1 muss %2 sein; es ist %3.</translation>
    </message>
    <message>
        <source>The file %1 holds the secret %2, and others may use it. &quot;chmod 600 %1&quot; changes that.</source>
        <translation>Die Datei %1 enthält das Geheimnis %2, und andere dürfen sie verwenden. „chmod 600 %1“ ändert das.</translation>
    </message>
    <message>
        <source>%1: cannot read the file %2: %3.</source>
        <translation>%1: die Datei %2 kann nicht gelesen werden: %3.</translation>
    </message>
    <message>
        <source>%1: the file %2 must hold the secret and nothing else.</source>
        <translation>%1: die Datei %2 muss das Geheimnis enthalten und sonst nichts.</translation>
    </message>
</context>
<context>
    <name>llmemory::settings::Reader</name>
    <message>
        <source>an object, for it is a group of settings</source>
        <translation>als Gruppe von Einstellungen ein Objekt</translation>
    </message>
    <message>
        <source>&quot;%1&quot; in &quot;%2&quot;</source>
        <translation>„%1“ in „%2“</translation>
    </message>
    <message>
        <source>%1: there is no setting &quot;%2&quot;. &quot;llmemory config show&quot; lists the settings.</source>
        <translation>%1: es gibt keine Einstellung „%2“. „llmemory config show“ listet die Einstellungen auf.</translation>
    </message>
    <message>
        <source>%1: the setting %2 is given twice, as %3 and as %4.</source>
        <translation>%1: die Einstellung %2 ist zweimal angegeben, als %3 und als %4.</translation>
    </message>
</context>
<context>
    <name>llmemory::settings::Settings</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 has no effect. %2</source>
        <translation>%1 hat keine Wirkung. %2</translation>
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
    <name>llmemory::tenants::Mover</name>
    <message>
        <source>The tenant &quot;%1&quot; is in that schema already.</source>
        <translation>Der Mandant „%1“ ist schon in diesem Schema.</translation>
    </message>
    <message>
        <source>There is no owner &quot;%1&quot;.</source>
        <translation>Es gibt keinen Mandanten „%1“.</translation>
    </message>
    <message>
        <source>Files of the tenant &quot;%1&quot; are still being read. Wait until they are done, or cancel them.</source>
        <translation>Dateien des Mandanten „%1“ werden noch gelesen. Warten Sie, bis sie fertig sind, oder brechen Sie sie ab.</translation>
    </message>
    <message>
        <source>The tenant &quot;%1&quot; has documents in the other schema already.</source>
        <translation>Der Mandant „%1“ hat schon Dokumente im anderen Schema.</translation>
    </message>
    <message>
        <source>The schemas &quot;%1&quot; and &quot;%2&quot; are not of the same version. Run: llmemory migrate apply, for each of them.</source>
        <translation>Die Schemas „%1“ und „%2“ haben nicht dieselbe Version. Führen Sie aus: llmemory migrate apply, für jedes von ihnen.</translation>
    </message>
</context>
<context>
    <name>llmemory::testing</name>
    <message>
        <source>Cannot watch over %1</source>
        <translation>%1 kann nicht überwacht werden</translation>
    </message>
    <message>
        <source>Cannot make the directory %1</source>
        <translation>Das Verzeichnis %1 kann nicht angelegt werden</translation>
    </message>
</context>
<context>
    <name>llmemory::testing::TemporaryServer</name>
    <message>
        <source>The PostgreSQL for the tests did not start in %1: %2 failed. %3</source>
        <translation>Das PostgreSQL für die Tests ist in %1 nicht gestartet: %2 ist fehlgeschlagen. %3</translation>
    </message>
</context>
<context>
    <name>llmemory::textindex</name>
    <message>
        <source>There is no owner &quot;%1&quot;.</source>
        <translation>Es gibt keinen Mandanten „%1“.</translation>
    </message>
    <message>
        <source>The owner &quot;%1&quot; has had four thousand million passages, which is as many as the text index can tell apart. Move its documents to a new owner.</source>
        <translation>Der Mandant „%1“ hat schon vier Milliarden Textstellen gehabt, mehr kann der Textindex nicht auseinanderhalten. Verschieben Sie seine Dokumente in einen neuen Mandanten.</translation>
    </message>
    <message>
        <source>The text index of the owner &quot;%1&quot; is damaged. Restore a backup, or add its documents anew.</source>
        <translation>Der Textindex des Mandanten „%1“ ist beschädigt. Stellen Sie eine Sicherung wieder her, oder fügen Sie seine Dokumente neu hinzu.</translation>
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
    <message>
        <source>Without</source>
        <translation>Ohne</translation>
    </message>
    <message>
        <source>Must have</source>
        <translation>Mit</translation>
    </message>
    <message>
        <source>Exactly</source>
        <translation>Genau</translation>
    </message>
    <message>
        <source>Nothing that begins with</source>
        <translation>Nichts, was so beginnt:</translation>
    </message>
    <message>
        <source>Begins with</source>
        <translation>Beginnt mit</translation>
    </message>
    <message>
        <source>Not close together</source>
        <translation>Nicht nah beieinander</translation>
    </message>
    <message>
        <source>Close together</source>
        <translation>Nah beieinander</translation>
    </message>
    <message>
        <source>Not type</source>
        <translation>Nicht vom Typ</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Not name</source>
        <translation>Nicht mit Namen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Not path</source>
        <translation>Nicht im Pfad</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>Not language</source>
        <translation>Nicht in der Sprache</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Not tag</source>
        <translation>Ohne Schlagwort</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>Schlagwort</translation>
    </message>
    <message>
        <source>Not page</source>
        <translation>Nicht auf Seite</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>Not date</source>
        <translation>Nicht vom</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Not %1</source>
        <translation>Nicht %1</translation>
    </message>
    <message>
        <source>up to %1</source>
        <translation>bis %1</translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>ab %1</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <comment>range</comment>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>a day; see QLocale::toString()</comment>
        <translation>d. MMM yyyy</translation>
    </message>
    <message>
        <source>MMMM yyyy</source>
        <comment>a month; see QLocale::toString()</comment>
        <translation>MMMM yyyy</translation>
    </message>
    <message>
        <source>unknown</source>
        <comment>language</comment>
        <translation>unbekannt</translation>
    </message>
    <message numerus="yes">
        <source>%1, %2 (%n word(s) apart at most)</source>
        <translation>
            <numerusform>%1, %2 (höchstens %n Wort Abstand)</numerusform>
            <numerusform>%1, %2 (höchstens %n Wörter Abstand)</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 %</source>
        <comment>percent</comment>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <comment>milliseconds</comment>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>The search by meaning finds what it should</source>
        <translation>Die Suche nach Bedeutung findet, was sie soll</translation>
    </message>
    <message>
        <source>The search by meaning misses passages</source>
        <translation>Der Suche nach Bedeutung entgehen Textstellen</translation>
    </message>
    <message numerus="yes">
        <source>Of the ten nearest passages it finds %1; in the worst of %n search(es), %2.</source>
        <translation>
            <numerusform>Von den zehn nächsten Textstellen findet sie %1 (eine Probe; in ihr %2).</numerusform>
            <numerusform>Von den zehn nächsten Textstellen findet sie %1; in der schlechtesten von %n Suchen %2.</numerusform>
        </translation>
    </message>
    <message>
        <source>A search takes %1 in the index; comparing all %2 passages takes %3.</source>
        <translation>Eine Suche braucht %1 im Index; alle %2 Textstellen zu vergleichen dauert %3.</translation>
    </message>
    <message>
        <source>Set search.hnsw_profile to &quot;accurate&quot;, with “llmemory config set search.hnsw_profile accurate”, and start the program again. Searches take longer then, and find more.</source>
        <translation>Setzen Sie search.hnsw_profile auf „accurate“, mit „llmemory config set search.hnsw_profile accurate“, und starten Sie das Programm neu. Suchen dauern dann länger und finden mehr.</translation>
    </message>
    <message>
        <source>There is nothing to search yet</source>
        <translation>Noch gibt es nichts zu durchsuchen</translation>
    </message>
    <message>
        <source>This tenant has no passages.</source>
        <translation>Dieser Mandant hat keine Textstellen.</translation>
    </message>
    <message>
        <source>Add documents first.</source>
        <translation>Fügen Sie zuerst Dokumente hinzu.</translation>
    </message>
    <message>
        <source>The search by meaning misses nothing</source>
        <translation>Der Suche nach Bedeutung entgeht nichts</translation>
    </message>
    <message numerus="yes">
        <source>It compares every passage of this tenant (%n), without an index that could lose some.</source>
        <translation>
            <numerusform>Sie vergleicht die einzige Textstelle dieses Mandanten, ohne einen Index, der welche verlieren könnte.</numerusform>
            <numerusform>Sie vergleicht alle %n Textstellen dieses Mandanten, ohne einen Index, der welche verlieren könnte.</numerusform>
        </translation>
    </message>
    <message>
        <source>No passage can be found by meaning yet</source>
        <translation>Noch ist keine Textstelle nach Bedeutung zu finden</translation>
    </message>
    <message>
        <source>None of the passages has its vector.</source>
        <translation>Keine der Textstellen hat ihren Vektor.</translation>
    </message>
    <message>
        <source>Wait until they are embedded, and check again.</source>
        <translation>Warten Sie, bis sie eingebettet sind, und prüfen Sie noch einmal.</translation>
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
        <source>Trying again…</source>
        <translation>Neuer Versuch läuft …</translation>
    </message>
    <message>
        <source>Take the chosen part out of the search</source>
        <translation>Den gewählten Teil aus der Suche nehmen</translation>
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
    <message>
        <source>Check Search &amp;Quality…</source>
        <translation>Such&amp;güte prüfen …</translation>
    </message>
    <message>
        <source>Measure how well the chosen tenant&apos;s documents are found by meaning</source>
        <translation>Messen, wie gut die Dokumente des gewählten Mandanten nach Bedeutung gefunden werden</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::PartChip</name>
    <message>
        <source>%1: %2</source>
        <comment>kind of condition: its value</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Delete removes this part of the search, Enter goes to it.</source>
        <translation>Entf nimmt diesen Teil aus der Suche, die Eingabetaste führt zu ihm.</translation>
    </message>
    <message>
        <source>Remove “%1” from the search</source>
        <translation>„%1“ aus der Suche nehmen</translation>
    </message>
    <message>
        <source>Remove this part of the search (Delete)</source>
        <translation>Diesen Teil aus der Suche nehmen (Entf)</translation>
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
    <name>llmemory::ui::QueryChips</name>
    <message>
        <source>Parts of the search</source>
        <translation>Teile der Suche</translation>
    </message>
</context>
<context>
    <name>llmemory::ui::RecallDialog</name>
    <message>
        <source>Check &amp;Again</source>
        <translation>&amp;Noch einmal prüfen</translation>
    </message>
    <message>
        <source>Search Quality of “%1”</source>
        <translation>Suchgüte von „%1“</translation>
    </message>
    <message>
        <source>Trying searches in the documents of “%1” and comparing what they find with all passages…</source>
        <translation>In den Dokumenten von „%1“ wird probeweise gesucht und mit allen Textstellen verglichen, was gefunden wird …</translation>
    </message>
    <message>
        <source>The search could not be checked</source>
        <translation>Die Suche konnte nicht geprüft werden</translation>
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
    <message>
        <source>This search cannot be read</source>
        <translation>Diese Suche ist nicht lesbar</translation>
    </message>
    <message>
        <source>Searches for this instead</source>
        <translation>Sucht stattdessen danach</translation>
    </message>
    <message>
        <source>Did you mean: %1</source>
        <translation>Meinten Sie: %1</translation>
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
<context>
    <name>llmemory::ui::VerdictButtons</name>
    <message>
        <source>Good result</source>
        <translation>Guter Treffer</translation>
    </message>
    <message>
        <source>Note that this passage answers the search</source>
        <translation>Vermerken, dass diese Textstelle die Suche beantwortet</translation>
    </message>
    <message>
        <source>Poor result</source>
        <translation>Schlechter Treffer</translation>
    </message>
    <message>
        <source>Note that this passage does not answer the search</source>
        <translation>Vermerken, dass diese Textstelle die Suche nicht beantwortet</translation>
    </message>
</context>
</TS>
