// Export, the blocks that go with a signer, and templates in the main window.
#include "core/gateway/blocks.h"
#include "core/json/parse.h"
#include "core/lab/render.h"
#include "core/text/exports.h"
#include "ui/export/exportdialog.h"
#include "ui/mainwindow.h"
#include "ui/widgets/basics.h"

#include <QAction>
#include <QFileInfo>
#include <QMenu>
#include <QStatusBar>

namespace tokenlab::ui {

void MainWindow::createExport()
{
    QAction *dialog = addNewAction(QStringLiteral("exportAction"), tr("E&xport…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E));
    m_exportMenu->addSeparator();
    m_exportMenu->addAction(dialog);
    connect(dialog, &QAction::triggered, this, [this] {
        auto *made = new ExportDialog(m_session, this);
        made->setAttribute(Qt::WA_DeleteOnClose);
        connect(made, &ExportDialog::said, this, [this](const QString &text) { statusBar()->showMessage(text, 5000); });
        connect(made, &ExportDialog::written, this, [this](const QString &path) {
            remember(path);
            updateTitle();
        });
        made->open();
    });
    QAction *guarded =
        addNewAction(QStringLiteral("addProtectedEndpointAction"), tr("Add &protected endpoint (matching validator)"), QKeySequence());
    QAction *refresh = addNewAction(QStringLiteral("addRefreshEndpointAction"), tr("Add re&fresh endpoint"), QKeySequence());
    connect(guarded, &QAction::triggered, this, [this] { addBlock(false); });
    connect(refresh, &QAction::triggered, this, [this] { addBlock(true); });
    if (QMenu *menu = findChild<QMenu *>(QStringLiteral("endpointMenu"))) {
        menu->addSeparator();
        menu->addAction(guarded);
        menu->addAction(refresh);
    }
    const auto enable = [this, guarded, refresh, dialog] {
        const bool signer = m_session->isEditable() && m_session->endpoint() && m_session->endpoint()->signer;
        guarded->setEnabled(signer);
        refresh->setEnabled(signer);
        dialog->setEnabled(m_session->isIntact());
    };
    connect(m_session, &LabSession::configChanged, this, enable);
    connect(m_session, &LabSession::endpointChanged, this, enable);
    enable();
}

void MainWindow::addBlock(bool refresh)
{
    if (!m_session->isEditable() || !m_session->endpoint())
        return;
    // What the payload says of issuer and audience is what the validator asks for.
    gateway::blocks::Wishes wishes;
    json::Document payload;
    if (m_session->outcome() && !m_session->outcome()->payloadText.isEmpty()) {
        if (auto parsed = json::parse(m_session->outcome()->payloadText))
            payload = std::move(parsed).value();
    }
    wishes.payload = payload.root();
    const gateway::ServiceConfig &service = *m_session->service();
    const auto block = refresh ? gateway::blocks::refreshEndpoint(service, *m_session->endpoint(), wishes)
                               : gateway::blocks::protectedEndpoint(service, *m_session->endpoint(), wishes);
    if (!block) {
        report(tr("Not added"),
               tr("No endpoint can be made for %1: %2").arg(QString::fromUtf8(m_session->endpoint()->path), text::sentence(block.error())));
        return;
    }
    const std::size_t before = service.endpoints.size();
    m_session->edit(gateway::blocks::addEndpoints(*m_session->tree(), {block.value()}),
                    refresh ? tr("Add refresh endpoint") : tr("Add protected endpoint"));
    const auto select = [this, before] {
        if (m_session->service() && m_session->service()->endpoints.size() > before)
            m_session->selectEndpoint(m_session->service()->endpoints.size() - 1);
    };
    // A large text is parsed a moment later.
    if (m_session->service()->endpoints.size() > before)
        select();
    else
        connect(m_session, &LabSession::configChanged, this, select, Qt::SingleShotConnection);
    if (const QString notice = text::notice(block.value().validator); !notice.isEmpty())
        m_banner->showText(notice.left(1).toUpper() + notice.mid(1) + QLatin1Char('.'),
                           block.value().validator.proposed ? Tone::Warning : Tone::Accent);
}

bool MainWindow::openTemplate(const QString &path)
{
    const auto bytes = readFile(path);
    if (!bytes)
        return false; // said where it is opened
    const auto use = gateway::templateUse(bytes.value(), path);
    if (!use)
        return false;
    const auto program = lab::findGateway();
    if (!program || program.value().kind != lab::GatewayProgram::Binary)
        return false; // the sentence that it is one is said there, too
    delete m_render;  // an older one that is still at work
    m_render = new lab::TemplateRender(program.value(), bytes.value(), path, lab::templateFolders(path), this);
    statusBar()->showMessage(tr("Rendering %1…").arg(QFileInfo(path).fileName()));
    auto *render = qobject_cast<lab::TemplateRender *>(m_render);
    connect(render, &lab::TemplateRender::finished, this,
            [this, path, shown = program.value().displayName()](const lab::RenderResult &result) {
                m_render->deleteLater();
                m_render = nullptr;
                statusBar()->clearMessage();
                const QString name = QFileInfo(path).fileName();
                if (!result) {
                    report(tr("Not opened"), text::sentence(result.error(), name));
                    if (!m_session->service() && m_session->document().bytes().isEmpty())
                        m_session->openDemo();
                    return;
                }
                m_session->openRendered(result.value().text, path);
                m_banner->showText(
                    tr("%1. Read-only: changes leave it as snippets (Export).").arg(text::renderedNotice(result.value(), name, shown)),
                    result.value().missing.empty() && result.value().emptyVariables.empty() ? Tone::Accent : Tone::Warning);
                remember(path);
            });
    render->start();
    return true;
}

} // namespace tokenlab::ui
