// What views ask of the session, and documents that a template was rendered to.
#include "ui/session.h"

#include <QFileInfo>

namespace tokenlab::ui {

void LabSession::openRendered(const QByteArray &text, const QString &templatePath)
{
    m_demo = false;
    m_bindings = {};
    m_opening = QFileInfo(templatePath).absoluteFilePath();
    openText(text, {});
    emit bindingsChanged();
}

QString LabSession::displayName() const
{
    if (!m_path.isEmpty())
        return QFileInfo(m_path).fileName();
    if (isRendered())
        return tr("%1, rendered").arg(QFileInfo(m_template).fileName());
    return m_demo ? tr("Demonstration") : tr("Not saved yet");
}

bool LabSession::isSettled() const
{
    return !m_parseTimer.isActive() && !m_restartTimer.isActive() && !m_simulateTimer.isActive() && !m_signer.loading &&
           !std::holds_alternative<Running>(m_state);
}

std::vector<twin::TraceStep> LabSession::trace() const
{
    if (const twin::Outcome *o = outcome())
        return o->trace;
    std::vector<twin::TraceStep> steps;
    if (!endpoint())
        return steps;
    twin::TraceStep config;
    config.stage = twin::Stage::Config;
    config.pointer = endpoint()->pointer;
    steps.push_back(config);
    if (m_signer.loading || !m_signer.at.isValid())
        return steps;
    twin::TraceStep key;
    key.stage = twin::Stage::Key;
    key.pointer = endpoint()->signerPointer;
    key.durationMs = m_signer.ms;
    if (!m_signer.state.enabled) {
        key.state = twin::StepState::Skipped;
        key.durationMs = -1;
    }
    steps.push_back(key);
    return steps;
}

} // namespace tokenlab::ui
