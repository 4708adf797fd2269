#include "app/cli/rendered.h"

#include "app/cli/input.h"
#include "core/lab/render.h"
#include "core/text/exports.h"
#include "core/text/text.h"

namespace tokenlab::cli {

namespace {

// The rules are those of one release; the krakend at hand may be of another.
void tellRelease(const lab::GatewayProgram &program, Session &session, const std::function<void()> &go)
{
    auto *query = new lab::ReleaseQuery(program, &session);
    QObject::connect(query, &lab::ReleaseQuery::finished, &session, [&session, go, program](const lab::Release &release) {
        if (release) {
            const QString other = text::programReleaseNotice(gateway::parseRelease(release.value()), program.displayName());
            if (!other.isEmpty())
                session.remark(other);
        }
        go();
    });
    query->start();
}

} // namespace

void withRendered(const QString &configuration, Session &session, std::function<void()> go)
{
    if (configuration.isEmpty() || configuration == QLatin1String("demo"))
        return go();
    const auto input = readInput(configuration);
    if (!input && configuration == QLatin1String("-"))
        return session.fail(Unusable, text::inert(input.error())); // what is left of it is no configuration
    if (!input)
        return go(); // the command says so itself
    const QByteArray source = input.value();
    session.setSource(configuration, {source, false});
    const auto use = gateway::templateUse(source, configuration);
    if (!use)
        return go();
    const QString name = displayName(configuration);
    const auto program = lab::findGateway();
    if (!program || program.value().kind != lab::GatewayProgram::Binary) {
        if (!use->actionsInStringsOnly)
            return session.fail(Unusable, text::sentence(*use, name, source));
        return go(); // JSON that the gateway reads unrendered, too
    }
    auto *render = new lab::TemplateRender(program.value(), source, configuration, lab::templateFolders(configuration), &session);
    QObject::connect(render, &lab::TemplateRender::finished, &session,
                     [&session, go = std::move(go), configuration, name, binary = program.value()](const lab::RenderResult &result) {
                         if (!result)
                             return session.fail(Unusable, text::sentence(result.error(), name));
                         session.setSource(configuration, {result.value().text, true});
                         session.remark(text::renderedNotice(result.value(), name, binary.displayName()));
                         tellRelease(binary, session, go);
                     });
    render->start();
}

} // namespace tokenlab::cli
