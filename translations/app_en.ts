<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>llmemory::ui</name>
    <message numerus="yes">
        <source>%n waiting for meaning</source>
        <comment>passages that are found by words already</comment>
        <translation>
            <numerusform>%n waiting for meaning</numerusform>
            <numerusform>%n waiting for meaning</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) were not added, the first because it is %1.</source>
        <translation>
            <numerusform>%n item was not added because it is %1.</numerusform>
            <numerusform>%n items were not added, the first because it is %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %2 (%n word(s) apart at most)</source>
        <translation>
            <numerusform>%1, %2 (%n word apart at most)</numerusform>
            <numerusform>%1, %2 (%n words apart at most)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of the ten nearest passages it finds %1; in the worst of %n search(es), %2.</source>
        <translation>
            <numerusform>Of the ten nearest passages it finds %1 (one try; in it, %2).</numerusform>
            <numerusform>Of the ten nearest passages it finds %1; in the worst of %n searches, %2.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It compares every passage of this tenant (%n), without an index that could lose some.</source>
        <translation>
            <numerusform>It compares the only passage of this tenant, without an index that could lose some.</numerusform>
            <numerusform>It compares all %n passages of this tenant, without an index that could lose some.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>llmemory::ui::DeleteOwnerDialog</name>
    <message numerus="yes">
        <source>%n document(s) of this tenant will be deleted here for good. The files on the disk stay as they are.</source>
        <translation>
            <numerusform>%n document of this tenant will be deleted here for good. The file on the disk stays as it is.</numerusform>
            <numerusform>%n documents of this tenant will be deleted here for good. The files on the disk stay as they are.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>llmemory::ui::DocumentsPage</name>
    <message numerus="yes">
        <source>%n document(s)</source>
        <translation>
            <numerusform>%n document</numerusform>
            <numerusform>%n documents</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete %n document(s)?</source>
        <translation>
            <numerusform>Delete %n document?</numerusform>
            <numerusform>Delete %n documents?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>llmemory::ui::IngestModel</name>
    <message numerus="yes">
        <source>Added, %n passage(s)</source>
        <translation>
            <numerusform>Added, %n passage</numerusform>
            <numerusform>Added, %n passages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Updated, %n passage(s)</source>
        <translation>
            <numerusform>Updated, %n passage</numerusform>
            <numerusform>Updated, %n passages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>llmemory::ui::IngestPanel</name>
    <message numerus="yes">
        <source>%n file(s) read</source>
        <translation>
            <numerusform>%n file read</numerusform>
            <numerusform>%n files read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be read</source>
        <translation>
            <numerusform>%n file could not be read</numerusform>
            <numerusform>%n files could not be read</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>llmemory::ui::MainWindow</name>
    <message numerus="yes">
        <source>%n passage(s) soon found by meaning too</source>
        <translation>
            <numerusform>%n passage soon found by meaning too</numerusform>
            <numerusform>%n passages soon found by meaning too</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>llmemory::ui::OwnerModel</name>
    <message numerus="yes">
        <source>%n document(s)</source>
        <translation>
            <numerusform>%n document</numerusform>
            <numerusform>%n documents</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s)</source>
        <translation>
            <numerusform>%n passage</numerusform>
            <numerusform>%n passages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>llmemory::ui::PreviewPane</name>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation>
            <numerusform>%n page</numerusform>
            <numerusform>%n pages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passage(s)</source>
        <translation>
            <numerusform>%n passage</numerusform>
            <numerusform>%n passages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>llmemory::ui::ResultsPage</name>
    <message numerus="yes">
        <source>%n passage(s)</source>
        <translation>
            <numerusform>%n passage</numerusform>
            <numerusform>%n passages</numerusform>
        </translation>
    </message>
</context>
</TS>
