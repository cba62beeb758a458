#pragma once

#include "core/tenants/owner.h"

#include <QAbstractListModel>

namespace llmemory::ui {

/// The tenants in the order they were given.
class OwnerModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        CountRole = Qt::UserRole + 1, ///< qint64: documents
    };

    explicit OwnerModel(QObject *parent = nullptr);

    /// Takes over a new list; rows of tenants in both keep their selection.
    void setOwners(const QList<Owner> &owners);
    const QList<Owner> &owners() const { return m_owners; }
    /// @param row  0 … rowCount() - 1
    const Owner &owner(int row) const { return m_owners.at(row); }
    /// -1 when there is no such tenant.
    int rowOf(const OwnerId &id) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QList<Owner> m_owners;
};

} // namespace llmemory::ui
