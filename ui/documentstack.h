// The open file's bytes and the one undo stack of everything that changes them: every edit is a splice, whoever makes it.
#pragma once

#include "core/gateway/edit.h"

#include <QObject>
#include <QUndoStack>

namespace tokenlab::ui {

class DocumentStack : public QObject
{
    Q_OBJECT
public:
    explicit DocumentStack(QObject *parent = nullptr);
    [[nodiscard]] const QByteArray &bytes() const { return m_bytes; }
    [[nodiscard]] QUndoStack *undoStack() { return &m_undo; }
    // Steps that change no byte (a stand-in key that is bound) leave nothing to save.
    [[nodiscard]] bool isModified() const { return !m_undo.isClean() && m_bytes != m_saved; }
    void reset(const QByteArray &bytes); // another document: nothing to undo
    // Edits with the same non-empty key that follow one another join into one step: typed characters (`typing`), or values of one field.
    void edit(const json::Splice &splice, const QString &label, const QString &mergeKey = {});
    void edit(const gateway::edit::Edit &edit, const QString &label, const QString &mergeKey = {}); // one step, however many splices

signals:
    void spliced(const tokenlab::json::Splice &splice);
    void wasReset();

private:
    friend class SpliceCommand;
    void apply(const json::Splice &splice);
    QByteArray m_bytes, m_saved;
    QUndoStack m_undo;
};

} // namespace tokenlab::ui
