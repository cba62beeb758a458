#pragma once

#include "core/db/session.h"

#include <QStringView>

namespace llmemory::db {

/// The bulk path: rows sent with COPY … FROM STDIN through the driver's own connection.
/// COPY cannot write tables under row-level security, so callers copy into a temporary table and
/// INSERT … SELECT from it. Use inside a transaction; on error the transaction is lost.
class CopyWriter
{
public:
    /// @param statement  `COPY table (columns) FROM STDIN`, text format.
    static Result<std::unique_ptr<CopyWriter>> begin(Session &session, const Statement &statement);
    /// Ends an unfinished copy with an error, so that nothing of it stays.
    ~CopyWriter();
    Q_DISABLE_COPY_MOVE(CopyWriter)

    // A row: its fields in the order of the columns, then endRow().
    CopyWriter &field(QStringView text);
    CopyWriter &field(qint64 number);
    CopyWriter &nullField();
    Result<> endRow();

    /// Rows written.
    Result<qint64> finish();

private:
    CopyWriter(Session &session, const char *name);

    void separate();
    Result<> flush();
    Error failure() const;

    Session &m_session;
    const char *m_name;
    QByteArray m_buffer;
    bool m_rowStarted = false;
    bool m_active = true;
};

} // namespace llmemory::db
