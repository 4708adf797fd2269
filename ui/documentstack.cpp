#include "ui/documentstack.h"

namespace tokenlab::ui {

class SpliceCommand : public QUndoCommand
{
public:
    SpliceCommand(DocumentStack *document, const json::Splice &splice, const QString &label, const QString &mergeKey)
        : QUndoCommand(label),
          m_document(document),
          m_splice(splice),
          m_removed(document->m_bytes.mid(splice.range.begin, splice.range.length())),
          m_mergeKey(mergeKey)
    {
    }
    void redo() override { m_document->apply(m_splice); }
    void undo() override { m_document->apply({{m_splice.range.begin, m_splice.range.begin + m_splice.text.size()}, m_removed}); }
    [[nodiscard]] int id() const override { return m_mergeKey.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand *command) override
    {
        const auto *next = static_cast<const SpliceCommand *>(command);
        if (next->m_mergeKey != m_mergeKey)
            return false;
        const json::Range written{m_splice.range.begin, m_splice.range.begin + m_splice.text.size()};
        const json::Range range = next->m_splice.range;
        // The same field written again.
        if (range == written && !m_splice.text.isEmpty()) {
            m_splice.text = next->m_splice.text;
            return true;
        }
        // Typed or pasted over a selection, which Scintilla reports as two changes.
        if (m_splice.text.isEmpty() && range.length() == 0 && range.begin == m_splice.range.begin) {
            m_splice.text = next->m_splice.text;
            return true;
        }
        if (next->m_splice.text.size() > 4 || next->m_splice.text.contains('\n'))
            return false;
        // A character typed behind the last one.
        if (range.length() == 0 && range.begin == written.end && !m_splice.text.isEmpty()) {
            m_splice.text += next->m_splice.text;
            return true;
        }
        // A character taken away before (backspace) or behind (delete) the last one.
        if (next->m_splice.text.isEmpty() && m_splice.text.isEmpty() && range.length() <= 4) {
            if (range.end == m_splice.range.begin) {
                m_removed.prepend(next->m_removed);
                m_splice.range.begin = range.begin;
                return true;
            }
            if (range.begin == m_splice.range.begin) {
                m_removed += next->m_removed;
                m_splice.range.end += range.length();
                return true;
            }
        }
        return false;
    }

private:
    DocumentStack *m_document;
    json::Splice m_splice;
    QByteArray m_removed;
    QString m_mergeKey;
};

DocumentStack::DocumentStack(QObject *parent) : QObject(parent)
{
    connect(&m_undo, &QUndoStack::cleanChanged, this, [this](bool clean) {
        if (clean)
            m_saved = m_bytes;
    });
}

void DocumentStack::reset(const QByteArray &bytes)
{
    m_bytes = bytes;
    m_saved = bytes;
    m_undo.clear();
    emit wasReset();
}

void DocumentStack::edit(const json::Splice &splice, const QString &label, const QString &mergeKey)
{
    const json::Range range = splice.range;
    if (range.begin < 0 || range.end < range.begin || range.end > m_bytes.size())
        return;
    if (m_bytes.mid(range.begin, range.length()) == splice.text)
        return;
    m_undo.push(new SpliceCommand(this, splice, label, mergeKey));
}

void DocumentStack::edit(const gateway::edit::Edit &edit, const QString &label, const QString &mergeKey)
{
    if (const auto splice = gateway::edit::joined(m_bytes, edit))
        this->edit(*splice, label, mergeKey);
}

void DocumentStack::apply(const json::Splice &splice)
{
    m_bytes.replace(splice.range.begin, splice.range.length(), splice.text);
    emit spliced(splice);
}

} // namespace tokenlab::ui
