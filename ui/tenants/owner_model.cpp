#include "ui/tenants/owner_model.h"

#include <algorithm>

namespace llmemory::ui {

OwnerModel::OwnerModel(QObject *parent) : QAbstractListModel(parent) {}

void OwnerModel::setOwners(const QList<Owner> &owners)
{
    auto hasId = [](const QList<Owner> &list, const OwnerId &id) {
        return std::ranges::any_of(list, [&id](const Owner &o) { return o.id == id; });
    };
    for (qsizetype row = m_owners.size() - 1; row >= 0; --row) {
        if (hasId(owners, m_owners.at(row).id))
            continue;
        beginRemoveRows({}, int(row), int(row));
        m_owners.removeAt(row);
        endRemoveRows();
    }
    for (qsizetype row = 0; row < owners.size(); ++row) {
        const int old = rowOf(owners.at(row).id);
        if (old < 0) {
            beginInsertRows({}, int(row), int(row));
            m_owners.insert(row, owners.at(row));
            endInsertRows();
        } else if (old != row) {
            beginMoveRows({}, old, old, {}, int(row));
            m_owners.move(old, row);
            endMoveRows();
        }
    }
    m_owners = owners;
    if (!m_owners.isEmpty())
        emit dataChanged(index(0), index(int(m_owners.size()) - 1));
}

int OwnerModel::rowOf(const OwnerId &id) const
{
    const auto found = std::ranges::find_if(m_owners, [&id](const Owner &o) { return o.id == id; });
    return found == m_owners.end() ? -1 : int(found - m_owners.begin());
}

int OwnerModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_owners.size());
}

QVariant OwnerModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Owner &owner = m_owners.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return owner.displayName;
    case Qt::ToolTipRole:
        return tr("%1\nId: %2\n%3\n%4")
            .arg(owner.displayName,
                 owner.id.toString(),
                 tr("%n document(s)", nullptr, int(owner.documentCount)),
                 tr("%n passage(s)", nullptr, int(owner.chunkCount)));
    case Qt::AccessibleTextRole:
        return tr("%1, %2").arg(owner.displayName,
                                tr("%n document(s)", nullptr, int(owner.documentCount)));
    case CountRole:
        return owner.documentCount;
    default:
        return {};
    }
}

} // namespace llmemory::ui
