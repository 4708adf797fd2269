// The key set that the Keys window works on, with the undo of everything that is done to it. It knows no widget and no file.
#pragma once

#include "core/keys/survey.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

namespace tokenlab::ui {

class KeySetStack : public QObject
{
    Q_OBJECT
public:
    explicit KeySetStack(QObject *parent = nullptr);

    [[nodiscard]] const keys::Entries &entries() const { return *m_entries; }
    [[nodiscard]] const std::vector<keys::Row> &rows() const { return m_rows; } // of the entries
    [[nodiscard]] QUndoStack *undoStack() { return &m_undo; }
    [[nodiscard]] const QString &path() const { return m_path; } // "": not saved anywhere yet
    [[nodiscard]] bool isModified() const { return !m_undo.isClean() || m_unsaved; }
    [[nodiscard]] bool hasPrivate() const;

    // Another set: nothing to undo. unsaved: it has to be saved although nothing was changed.
    void reset(keys::Entries entries, const QString &path, bool unsaved = false);
    void setSaved(const QString &path);
    // Each is one step.
    void add(const keys::Entries &added, const QString &label);
    void replaceSameKid(const keys::Entries &added, const QString &label); // the new one stands where the old one was
    void setLabels(int row, const jose::KeyLabels &labels);
    void remove(const std::vector<int> &rows);

    // The row with this kid, other than one; -1: none.
    [[nodiscard]] int rowOf(const QByteArray &kid, int except = -1) const;

signals:
    void changed(int select); // the row that was changed; -1: none
    void pathChanged();

private:
    friend class KeySetCommand;
    using Shared = std::shared_ptr<const keys::Entries>;
    void push(keys::Entries entries, const QString &label, int select);
    void show(const Shared &entries, int select);

    Shared m_entries;
    std::vector<keys::Row> m_rows;
    QUndoStack m_undo;
    QString m_path;
    bool m_unsaved = false;
};

} // namespace tokenlab::ui
