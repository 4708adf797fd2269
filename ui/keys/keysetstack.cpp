#include "ui/keys/keysetstack.h"

#include "core/text/text.h"

#include <algorithm>

namespace tokenlab::ui {

// Whole sets, shared: keys are few, and what is taken out has to be kept for its return anyway.
class KeySetCommand : public QUndoCommand
{
public:
    KeySetCommand(KeySetStack *stack, KeySetStack::Shared after, const QString &label, int select)
        : QUndoCommand(label), m_stack(stack), m_before(stack->m_entries), m_after(std::move(after)), m_select(select)
    {
    }
    void redo() override { m_stack->show(m_after, m_select); }
    void undo() override { m_stack->show(m_before, m_select); }

private:
    KeySetStack *m_stack;
    KeySetStack::Shared m_before, m_after;
    int m_select;
};

KeySetStack::KeySetStack(QObject *parent) : QObject(parent), m_entries(std::make_shared<const keys::Entries>()) {}

bool KeySetStack::hasPrivate() const
{
    return std::any_of(m_entries->begin(), m_entries->end(), [](const keys::Entry &entry) { return entry.hasPrivateMembers(); });
}

void KeySetStack::reset(keys::Entries entries, const QString &path, bool unsaved)
{
    m_undo.clear();
    m_path = path;
    m_unsaved = unsaved;
    show(std::make_shared<const keys::Entries>(std::move(entries)), 0);
    emit pathChanged();
}

void KeySetStack::setSaved(const QString &path)
{
    m_path = path;
    m_unsaved = false;
    m_undo.setClean();
    m_rows = keys::survey(*m_entries, keys::looksPublic(m_path)); // the name says who reads it
    emit changed(-1);
    emit pathChanged();
}

void KeySetStack::add(const keys::Entries &added, const QString &label)
{
    keys::Entries all = *m_entries;
    const int first = int(all.size());
    all.insert(all.end(), added.begin(), added.end());
    push(std::move(all), label, first);
}

void KeySetStack::replaceSameKid(const keys::Entries &added, const QString &label)
{
    keys::Entries all = *m_entries;
    std::size_t select = all.size();
    for (const keys::Entry &entry : added) {
        const auto same = [&](const keys::Entry &other) { return other.labels().kid == entry.labels().kid; };
        auto place = std::find_if(all.begin(), all.end(), same);
        if (place == all.end()) {
            all.push_back(entry);
            select = std::min(select, all.size() - 1);
            continue;
        }
        *place = entry;
        select = std::min(select, std::size_t(place - all.begin()));
        all.erase(std::remove_if(place + 1, all.end(), same), all.end());
    }
    push(std::move(all), label, int(select));
}

void KeySetStack::setLabels(int row, const jose::KeyLabels &labels)
{
    if (row < 0 || row >= int(m_entries->size()))
        return;
    keys::Entries all = *m_entries;
    keys::Entry &entry = all[std::size_t(row)];
    const jose::KeyLabels &old = entry.labels();
    if (old.kid == labels.kid && old.alg == labels.alg && old.use == labels.use)
        return;
    entry = entry.withLabels(labels);
    push(std::move(all), tr("Edit %1").arg(text::inert(labels.kid)), row);
}

void KeySetStack::remove(const std::vector<int> &rows)
{
    keys::Entries left;
    for (int row = 0; row < int(m_entries->size()); ++row) {
        if (std::find(rows.begin(), rows.end(), row) == rows.end())
            left.push_back((*m_entries)[std::size_t(row)]);
    }
    const auto gone = m_entries->size() - left.size();
    if (gone > 0)
        push(std::move(left), gone == 1 ? tr("Remove a key") : tr("Remove %1 keys").arg(qulonglong(gone)),
             *std::min_element(rows.begin(), rows.end()));
}

int KeySetStack::rowOf(const QByteArray &kid, int except) const
{
    for (int row = 0; row < int(m_entries->size()); ++row) {
        if (row != except && (*m_entries)[std::size_t(row)].labels().kid == kid)
            return row;
    }
    return -1;
}

void KeySetStack::push(keys::Entries entries, const QString &label, int select)
{
    m_undo.push(new KeySetCommand(this, std::make_shared<const keys::Entries>(std::move(entries)), label, select));
}

void KeySetStack::show(const Shared &entries, int select)
{
    m_entries = entries;
    m_rows = keys::survey(*m_entries, keys::looksPublic(m_path));
    emit changed(select);
}

} // namespace tokenlab::ui
