#pragma once

#include "core/base/result.h"
#include "core/eval/recall_check.h"

#include <QDialog>
#include <QFuture>

#include <functional>

class QAbstractButton;
class QDialogButtonBox;
class QLabel;
class QStackedWidget;

namespace llmemory::ui {

class IconLabel;

/// Measures how well a tenant's search by meaning finds, and says so. Measures as soon as it is
/// made; closing it stops that.
class RecallDialog final : public QDialog
{
    Q_OBJECT

public:
    using Measure = std::function<QFuture<Result<RecallCheck>>()>;

    /// @param ownerName  as people call the tenant.
    RecallDialog(const QString &ownerName, Measure measure, QWidget *parent = nullptr);

    void done(int result) override;

private:
    QWidget *buildBusyPage(const QString &ownerName);
    QWidget *buildResultPage();
    void start();
    void showResult(const Result<RecallCheck> &check);

    Measure m_measure;
    QFuture<Result<RecallCheck>> m_running;
    QStackedWidget *m_pages;
    IconLabel *m_icon = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_detail = nullptr;
    QLabel *m_advice = nullptr;
    QDialogButtonBox *m_buttons;
    QAbstractButton *m_again;
};

} // namespace llmemory::ui
