#pragma once

#include <QWidget>

class QAbstractButton;
class QLabel;
class QHBoxLayout;

namespace llmemory::ui {

class IconLabel;

/// What a view shows when it has nothing to show: an icon, a line, what to do, perhaps buttons.
class EmptyState final : public QWidget
{
    Q_OBJECT

public:
    /// @param iconName  as for icon(); empty leaves it out
    explicit EmptyState(const QString &iconName, QWidget *parent = nullptr);

    void setIcon(const QString &iconName);
    void setTitle(const QString &title);
    /// Empty hides the second line.
    void setText(const QString &text);
    /// Adds a button under the text; the caller connects it.
    void addButton(QAbstractButton *button);
    /// Shows a turning ring in place of the icon.
    void setBusy(bool busy);

private:
    IconLabel *m_icon;
    QWidget *m_busy;
    QLabel *m_title;
    QLabel *m_text;
    QHBoxLayout *m_buttons;
};

} // namespace llmemory::ui
