#include "ui/endpoint/jsonpanel.h"

#include "ui/widgets/jsoneditor.h"

#include <QVBoxLayout>

#include <Qsci/qsciscintilla.h>

namespace tokenlab::ui {

JsonPanel::JsonPanel(LabSession *session, QWidget *parent)
    : QWidget(parent),
      m_session(session),
      m_editor(new JsonEditor(tr("Configuration as JSON"), QStringLiteral("configEditor"), JsonEditor::Undo::Outside, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    column->addWidget(m_editor);
    m_editor->setLineNumbers(true);
    setFocusProxy(m_editor);
    connect(m_editor, &JsonEditor::spliced, this, [this](const json::Splice &splice) {
        m_own = true;
        m_session->document().edit(splice, tr("Typing"), QStringLiteral("typing"));
        m_own = false;
    });
    connect(&m_session->document(), &DocumentStack::spliced, this, [this](const json::Splice &splice) {
        if (!m_own)
            m_editor->applySplice(splice);
    });
    connect(&m_session->document(), &DocumentStack::wasReset, this, &JsonPanel::showDocument);
}

void JsonPanel::showDocument()
{
    m_editor->setText(m_session->document().bytes());
    if (m_editor->scintilla()->isReadOnly() != m_session->isRendered())
        m_editor->setReadOnly(m_session->isRendered());
}

void JsonPanel::showPlace(const QByteArray &pointer, bool whole)
{
    if (!m_session->tree())
        return;
    const json::SyntaxTree &tree = *m_session->tree();
    // The nearest place that exists: what is asked for may be a member that is missing.
    QByteArray at = pointer;
    int index = tree.find(at);
    while (index < 0 && !at.isEmpty()) {
        at.truncate(qMax<qsizetype>(0, at.lastIndexOf('/')));
        index = tree.find(at);
    }
    if (index < 0)
        return;
    const json::SyntaxTree::Node &node = tree.node(index);
    const qsizetype begin = node.nameRange.length() > 0 ? node.nameRange.begin : node.range.begin;
    m_editor->showOffset(begin, whole && at == pointer ? node.range.end - begin : node.nameRange.length());
}

void JsonPanel::showError()
{
    // A rendered one that was saved elsewhere is a file like any other.
    if (m_editor->scintilla()->isReadOnly() && !m_editor->isLarge() && !m_session->isRendered())
        m_editor->setReadOnly(false);
    const auto &error = m_session->configError();
    m_editor->markError(error ? error->offset : -1);
}

} // namespace tokenlab::ui
