#include "core/eval/notebook_report_repository.h"

namespace llmemory::eval {

using db::Session;
using db::Statement;

namespace {

constexpr Statement kCounts{
    "notebook_owner_counts",
    "SELECT document_count, chunk_count FROM {{tables.owners}} WHERE owner_id = $1"};
constexpr Statement kLatest{
    "latest_notebook_report",
    "SELECT report_id, created_at, settings, figures FROM {{tables.notebook_reports}} "
    "WHERE owner_id = $1 ORDER BY created_at DESC, report_id DESC LIMIT 1"};
constexpr Statement kInsert{
    "insert_notebook_report",
    "INSERT INTO {{tables.notebook_reports}} (owner_id, report_id, created_at, settings, figures) "
    "VALUES ($1, $2::uuid, $3::timestamptz, $4::jsonb, $5::jsonb)"};
constexpr Statement kForget{
    "forget_notebook_reports",
    "DELETE FROM {{tables.notebook_reports}} WHERE owner_id = $1 AND report_id IN ("
    "SELECT report_id FROM {{tables.notebook_reports}} WHERE owner_id = $1 "
    "ORDER BY created_at DESC, report_id DESC OFFSET 100)"};

QString parameter(const Json &json)
{
    return QString::fromUtf8(toUtf8(scrubbed(json)));
}

Json column(const db::Row &row, int number)
{
    return Json::parse(row.text(number).toStdString(), nullptr, false);
}

} // namespace

Result<OwnerCounts> ownerCounts(Session &session, const OwnerId &owner)
{
    const auto rows = session.query(kCounts, {owner.toString()});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return OwnerCounts();
    return OwnerCounts{rows->first().bigint(0), rows->first().bigint(1)};
}

Result<std::optional<NotebookReport>> latestReport(Session &session, const OwnerId &owner)
{
    const auto rows = session.query(kLatest, {owner.toString()});
    if (!rows)
        return rows.error();
    if (rows->isEmpty())
        return std::optional<NotebookReport>();
    const db::Row &row = rows->first();
    NotebookReport report;
    report.id = NotebookReportId::fromString(row.text(0));
    report.owner = owner;
    report.createdAt = row.time(1);
    report.settings = column(row, 2);
    setFigures(report, column(row, 3));
    return std::optional(report);
}

Result<> insertReport(Session &session, const NotebookReport &report)
{
    const QString owner = report.owner.toString();
    const auto inserted = session.execute(kInsert,
                                          {owner,
                                           report.id.toString(),
                                           report.createdAt,
                                           parameter(report.settings),
                                           parameter(figuresToJson(report))});
    if (!inserted)
        return inserted.error();
    const auto forgotten = session.execute(kForget, {owner});
    return forgotten ? Result<>() : Result<>(forgotten.error());
}

} // namespace llmemory::eval
