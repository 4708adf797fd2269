// A flexible-configuration template as the gateway would read it: rendered by a krakend of this machine, in a folder of its own.
#pragma once

#include "core/gateway/templates.h"
#include "core/lab/krakend.h"
#include "core/support/result.h"

#include <chrono>

namespace tokenlab::lab {

struct TemplateFolders {
    QString settings, partials, templates; // empty: none
};
// FC_SETTINGS, FC_PARTIALS and FC_TEMPLATES of the environment; else the folders settings, partials and templates beside the file.
[[nodiscard]] TemplateFolders templateFolders(const QString &file);

using RenderResult = Result<gateway::Rendered, gateway::RenderTrouble>;

// Emits finished() once, from the event loop; destroyed before that, it ends the krakend and says nothing.
class TemplateRender : public QObject
{
    Q_OBJECT
public:
    // text: of the template, which need not be what `file` holds; file: names it and its folders.
    TemplateRender(const GatewayProgram &program, const QByteArray &text, const QString &file, const TemplateFolders &folders,
                   QObject *parent = nullptr);
    ~TemplateRender() override;
    void setTimeout(std::chrono::milliseconds timeout);
    void start();

Q_SIGNALS:
    void finished(const tokenlab::lab::RenderResult &result);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace tokenlab::lab
