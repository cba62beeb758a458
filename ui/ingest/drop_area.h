#pragma once

#include "ui/ingest/drop_payload.h"

#include <QWidget>

namespace llmemory::ui {

/// Makes a whole window a drop target and lies over it while files are held above it.
///
/// Only forwards: what counts as a file is decided by dropPayload().
class DropArea final : public QWidget
{
    Q_OBJECT

public:
    /// @param window  takes drops from now on; widgets inside it must not accept drops themselves
    explicit DropArea(QWidget *window);

    /// What is said while files are held over the window.
    void setInvitation(const QString &text);
    /// Drops are refused while disabled, for example before the database is there.
    void setActive(bool active) { m_active = active; }

    bool eventFilter(QObject *watched, QEvent *event) override;

signals:
    void dropped(const llmemory::ui::DropPayload &payload);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
    bool m_active = false;
};

} // namespace llmemory::ui
