#include "core/text/exports.h"

#include "core/json/parse.h"
#include "core/text/text.h"

#include <QCoreApplication>

namespace tokenlab::text {

namespace {

struct Exports {
    Q_DECLARE_TR_FUNCTIONS(Exports)
};

constexpr std::size_t mostNames = 6;

QString names(const std::vector<QByteArray> &all, std::size_t most = mostNames)
{
    QStringList list;
    for (const QByteArray &name : all) {
        if (std::size_t(list.size()) == most) {
            list += QStringLiteral("…");
            break;
        }
        list += inert(name);
    }
    return list.join(QLatin1String(", "));
}

// A URL without the password in it.
QString shownUrl(const QByteArray &url)
{
    const qsizetype scheme = url.indexOf("://");
    qsizetype end = scheme < 0 ? 0 : scheme + 3;
    while (scheme >= 0 && end < url.size() && !QByteArrayView("/?#").contains(url[end]))
        ++end;
    const qsizetype at = scheme < 0 ? -1 : url.first(end).lastIndexOf('@');
    return inert(at < 0 ? url : url.first(scheme + 3) + "***" + url.sliced(at));
}

QString forWhom(const gateway::Requirement &requirement)
{
    return requirement.endpoints.empty() ? QString() : Exports::tr(" (%1)").arg(names(requirement.endpoints));
}

QString fileSentence(const gateway::Requirement &requirement, const QString &what)
{
    QString text = Exports::tr("File %1: %2%3").arg(inert(requirement.subject), what, forWhom(requirement));
    if (requirement.relative)
        text += Exports::tr("; seen from the gateway's working directory");
    return text +
           (requirement.secret ? Exports::tr("; readable for the gateway's user alone") : Exports::tr("; readable for the gateway's user"));
}

} // namespace

QString sentence(const gateway::blocks::BlockError &error)
{
    using Error = gateway::blocks::BlockError;
    switch (error.kind) {
    case Error::NoSigner:
        return Exports::tr("it has no auth/signer");
    case Error::SignerUnreadable:
        return Exports::tr("the gateway cannot read its auth/signer");
    case Error::UnknownAlgorithm:
        return error.subject.isEmpty()
                   ? Exports::tr("its signer names no algorithm")
                   : Exports::tr("its signer's algorithm \u201c%1\u201d is none of the gateway's").arg(inert(error.subject));
    case Error::NoKeySource:
        return Exports::tr("its signer names neither jwk_url nor jwk_local_path");
    case Error::NotAnEndpoint:
        return Exports::tr("%1 is no endpoint").arg(inert(error.subject));
    }
    return {};
}

QString sentence(const gateway::ExportError &error, const QString &file)
{
    using Error = gateway::ExportError;
    switch (error.kind) {
    case Error::NoEndpoint:
        return Exports::tr("%1 has no such endpoint").arg(file);
    case Error::NoSigner:
        return Exports::tr("%1: the endpoint %2 has no auth/signer").arg(file, inert(error.subject));
    case Error::NoValidator:
        return Exports::tr("%1: the endpoint %2 has no auth/validator, and none can be made for it: %3")
            .arg(file, inert(error.subject), error.validator ? sentence(*error.validator) : QString());
    case Error::NotInFile:
        return Exports::tr("%1, %2: not found in the file itself").arg(file, inert(error.subject));
    case Error::NotJson:
        return Exports::tr("%1 is not JSON").arg(file);
    }
    return {};
}

QString sentence(const gateway::Requirement &requirement)
{
    using Kind = gateway::Requirement;
    switch (requirement.kind) {
    case Kind::KeyFile:
        return fileSentence(requirement, requirement.encrypted ? Exports::tr("encrypted private key set") : Exports::tr("private key set"));
    case Kind::PublicKeyFile:
        return fileSentence(requirement, Exports::tr("public key set"));
    case Kind::CaFile:
        return fileSentence(requirement, Exports::tr("CA certificates, PEM"));
    case Kind::CertificateFile:
        return fileSentence(requirement, Exports::tr("certificate, PEM"));
    case Kind::PrivateKeyFile:
        return fileSentence(requirement, Exports::tr("private key, PEM"));
    case Kind::KeyUrl:
        return Exports::tr("Reachable from the gateway when it starts: %1, the key set%2")
            .arg(shownUrl(requirement.subject), forWhom(requirement));
    case Kind::BackendHost:
        return Exports::tr("Reachable from the gateway: %1, a backend%2").arg(shownUrl(requirement.subject), forWhom(requirement));
    case Kind::Variable:
        return requirement.secret
                   ? Exports::tr("Variable %1 in the gateway's environment, a secret; FC_ENABLE=1 beside it")
                         .arg(inert(requirement.subject))
                   : Exports::tr("Variable %1 in the gateway's environment; FC_ENABLE=1 beside it").arg(inert(requirement.subject));
    case Kind::SecretKeeper:
        return Exports::tr("The service of %1://, with the gateway's credentials for it: it opens the encrypted key set%2")
            .arg(inert(requirement.subject), forWhom(requirement));
    case Kind::Port:
        return Exports::tr("Port %1, free for the gateway").arg(inert(requirement.subject));
    case Kind::PublicSet:
        return Exports::tr("To be published first: the public halves of the key set, at %1%2")
            .arg(shownUrl(requirement.subject), forWhom(requirement));
    }
    return {};
}

QString sentence(gateway::LocalState state)
{
    switch (state) {
    case gateway::LocalState::Unknown:
        break;
    case gateway::LocalState::Present:
        return Exports::tr("there on this machine");
    case gateway::LocalState::Missing:
        return Exports::tr("not on this machine");
    case gateway::LocalState::Unreadable:
        return Exports::tr("on this machine, not readable");
    case gateway::LocalState::Open:
        return Exports::tr("on this machine, readable for others too: chmod 600");
    }
    return {};
}

QString notice(const gateway::blocks::ValidatorBlock &block)
{
    QStringList parts;
    if (block.proposed)
        parts += Exports::tr("the validator needs the public halves of the key set, which have to be published at %1")
                     .arg(shownUrl(block.publicSet));
    if (!block.fromPayload.empty())
        parts += Exports::tr("%1 taken from the last payload").arg(names(block.fromPayload));
    return parts.join(QLatin1String("; "));
}

QString placeholderNotice(const gateway::Exported &exported)
{
    if (!exported.isTemplate)
        return {};
    std::vector<QByteArray> all;
    for (const gateway::Placeholder &placeholder : exported.placeholders)
        all.push_back(placeholder.name);
    return Exports::tr("the text is a flexible-configuration template now, to be read with FC_ENABLE=1 and the variables %1")
        .arg(names(all, all.size()));
}

QString sentence(const gateway::TemplateUse &use, const QString &file, const QByteArray &source)
{
    const json::Position at = json::positionOf(source, use.offset);
    return Exports::tr(
               "%1, line %2, column %3: a flexible-configuration template, not JSON (%4). Put a krakend in the PATH, or name one in "
               "TOKENLAB_KRAKEND, and it is rendered here; or render it with FC_ENABLE=1 FC_OUT=rendered.json krakend check -c "
               "FILE and open rendered.json")
        .arg(file, QString::number(at.line), QString::number(at.column), inert(use.action));
}

QString sentence(const gateway::RenderTrouble &trouble, const QString &file)
{
    using Trouble = gateway::RenderTrouble;
    switch (trouble.kind) {
    case Trouble::NoProgram:
        return Exports::tr("%1: a template, and no krakend is there to render it").arg(file);
    case Trouble::NotStarted:
        return Exports::tr("%1: the krakend that should render it does not start (%2)").arg(file, inert(trouble.text));
    case Trouble::TimedOut:
        return Exports::tr("%1: krakend did not render it in time").arg(file);
    case Trouble::NoFolder:
        return Exports::tr("%1: no private folder to render it in (%2)").arg(file, inert(trouble.text));
    case Trouble::Failed:
        break;
    }
    if (trouble.line == 0)
        return Exports::tr("%1: krakend cannot render the template: %2").arg(file, inert(trouble.text.simplified()));
    return trouble.column == 0 ? Exports::tr("%1, line %2: krakend cannot render the template: %3")
                                     .arg(file, QString::number(trouble.line), inert(trouble.text))
                               : Exports::tr("%1, line %2, column %3: krakend cannot render the template: %4")
                                     .arg(file, QString::number(trouble.line), QString::number(trouble.column), inert(trouble.text));
}

QString renderedNotice(const gateway::Rendered &rendered, const QString &file, const QString &program)
{
    QString text = Exports::tr("%1 is a template; shown as %2 renders it").arg(file, program);
    if (!rendered.missing.empty())
        text += Exports::tr("; not found and left empty, as the gateway does: %1").arg(names(rendered.missing));
    if (!rendered.emptyVariables.empty())
        text += Exports::tr("; variables not set here: %1").arg(names(rendered.emptyVariables));
    return text;
}

QString writeBackRefusal(const QString &file)
{
    return Exports::tr(
               "%1 is a template: the rendered text is not written over it. Take --kind endpoint or --kind signer and put the snippet "
               "where it belongs, or write the rendered file elsewhere with -o")
        .arg(file);
}

QString schemaReleaseNotice(const std::optional<gateway::Release> &schema, const QString &file)
{
    if (!schema || schema->isLike(gateway::playedRelease))
        return {};
    return Exports::tr("%1: rules of %2; your %3 may differ here").arg(file, inert(gateway::playedRelease.text()), inert(schema->text()));
}

QString programReleaseNotice(const std::optional<gateway::Release> &release, const QString &program)
{
    if (!release || (release->isLike(gateway::playedRelease) && (release->patch < 0 || release->patch == gateway::playedRelease.patch)))
        return {};
    return Exports::tr("%1: rules of %2; your %3 may differ here")
        .arg(program, inert(gateway::playedRelease.text()), inert(release->text()));
}

} // namespace tokenlab::text
