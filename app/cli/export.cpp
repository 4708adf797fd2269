#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "app/cli/jsontext.h"
#include "app/cli/output.h"
#include "core/gateway/exports.h"
#include "core/lab/deployment.h"
#include "core/support/difference.h"
#include "core/text/exports.h"
#include "core/text/text.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace tokenlab::cli {

namespace {

bool isTerminal()
{
#ifdef Q_OS_UNIX
    return isatty(STDOUT_FILENO) != 0;
#else
    return false;
#endif
}

void printChecklist(const std::vector<gateway::Requirement> &list, const QString &folder, bool json, Session &session)
{
    QByteArray out;
    QByteArray items;
    for (const gateway::Requirement &requirement : list) {
        const gateway::LocalState here = lab::localState(requirement, folder);
        const QString sentence = text::sentence(requirement), local = text::sentence(here);
        if (!json) {
            out += "[ ] " + sentence.toUtf8() + (local.isEmpty() ? QByteArray() : " \xE2\x80\x94 " + local.toUtf8()) + '\n';
            continue;
        }
        QByteArray endpoints;
        for (const QByteArray &path : requirement.endpoints)
            endpoints += (endpoints.isEmpty() ? "" : ",") + jsonString(path);
        // Passwords in URLs stay out, as in the sentence.
        const qsizetype scheme = requirement.subject.indexOf("://"), at = requirement.subject.indexOf('@');
        const QByteArray subject = scheme > 0 && at > scheme
                                       ? requirement.subject.first(scheme + 3) + "***" + requirement.subject.sliced(at)
                                       : requirement.subject;
        items += (items.isEmpty() ? "" : ",") + JsonObject()
                                                    .add("kind", jsonString(gateway::name(requirement.kind)))
                                                    .add("subject", jsonString(subject))
                                                    .add("pointer", jsonString(requirement.pointer))
                                                    .add("endpoints", '[' + endpoints + ']')
                                                    .add("secret", jsonBool(requirement.secret))
                                                    .add("encrypted", jsonBool(requirement.encrypted))
                                                    .add("here", jsonStringOrNull(gateway::name(here)))
                                                    .add("sentence", jsonString(sentence.toUtf8()))
                                                    .text();
    }
    session.out(json ? JsonObject().add("checklist", '[' + items + ']').text() + '\n' : out);
}

bool sameFile(const QString &a, const QString &b)
{
    const QString canonical = QFileInfo(a).canonicalFilePath();
    return !canonical.isEmpty() && canonical == QFileInfo(b).canonicalFilePath();
}

void printDifference(const QByteArray &text, const QString &target, bool json, Session &session)
{
    QByteArray before;
    if (QFileInfo::exists(target)) {
        const auto old = readInput(target);
        if (!old)
            return session.fail(Unusable, text::inert(old.error()));
        before = old.value();
    }
    const Difference found = difference(before, text);
    const QByteArray told = unified(found, QFileInfo::exists(target) ? target.toUtf8() : QByteArray("/dev/null"), target.toUtf8());
    session.out(json ? JsonObject()
                               .add("added", QByteArray::number(found.added))
                               .add("removed", QByteArray::number(found.removed))
                               .add("difference", jsonString(told))
                               .text() +
                           '\n'
                     : told);
    session.finish(Done);
}

// The configuration with the block in it; none: the session has been told.
std::optional<std::pair<Configuration, gateway::blocks::ValidatorBlock>> withBlock(const Configuration &loaded, std::size_t signing,
                                                                                   const ExportOptions &options,
                                                                                   const gateway::blocks::Wishes &wishes, Session &session)
{
    namespace blocks = gateway::blocks;
    const gateway::EndpointConfig &endpoint = loaded.service->endpoints[signing];
    const auto tree = json::SyntaxTree::parse(loaded.text);
    gateway::edit::Edit edit;
    blocks::ValidatorBlock validator;
    std::optional<blocks::BlockError> error;
    if (options.added == QLatin1String("validator")) {
        // `/account`, or `PUT /account` where the path alone does not tell.
        const qsizetype blank = options.into.startsWith('/') ? -1 : options.into.indexOf(' ');
        const auto target =
            chooseEndpoint(loaded, options.into.mid(blank + 1), options.into.left(std::max<qsizetype>(blank, 0)).toUpper(), session);
        if (!target)
            return std::nullopt;
        if (loaded.service->endpoints[*target].validator)
            session.notice(
                Session::tr("the auth/validator that %1 has is replaced").arg(text::inert(loaded.service->endpoints[*target].path)));
        const auto block = blocks::matchingValidator(endpoint, wishes);
        if (block && tree) {
            validator = block.value();
            edit = blocks::addValidator(tree.value(), loaded.service->endpoints[*target].pointer, validator);
        } else if (!block) {
            error = block.error();
        }
    } else {
        const auto block = options.added == QLatin1String("refresh") ? blocks::refreshEndpoint(*loaded.service, endpoint, wishes)
                                                                     : blocks::protectedEndpoint(*loaded.service, endpoint, wishes);
        if (block && tree) {
            validator = block.value().validator;
            edit = blocks::addEndpoints(tree.value(), {block.value()});
        } else if (!block) {
            error = block.error();
        }
    }
    if (error || edit.empty()) {
        const QString reason = error ? text::sentence(*error) : Session::tr("the file has no place for it");
        session.fail(Negative,
                     Session::tr("%1: nothing can be added for the endpoint %2: %3").arg(loaded.name, text::inert(endpoint.path), reason));
        return std::nullopt;
    }
    Configuration out = loaded;
    out.text = gateway::edit::apply(loaded.text, edit);
    auto service = gateway::load(out.text, QStringLiteral("krakend.json"));
    if (!service) {
        session.fail(Negative, text::sentence(service.error(), loaded.name, out.text));
        return std::nullopt;
    }
    out.service = std::make_shared<const gateway::ServiceConfig>(std::move(service).value());
    return std::pair{std::move(out), std::move(validator)};
}

void write(const gateway::Exported &exported, const ExportOptions &options, Session &session)
{
    if (isStandardOutput(options.output)) {
        // A prompt should not stand behind the last brace; a pipe gets every byte as it is.
        session.out(!exported.text.endsWith('\n') && isTerminal() ? exported.text + '\n' : exported.text);
        return session.finish(Done);
    }
    // Written back, the file keeps the mode its owner gave it.
    const bool back = sameFile(options.config, options.output);
    const Access access = exported.hasSecrets && !back ? Access::OwnerOnly : Access::Ordinary;
    const QString error = writtenFile(exported.text, options.output, access);
    if (!error.isEmpty())
        return session.fail(Outside, Session::tr("%1 cannot be written (%2)").arg(options.output, error));
    session.finish(Done);
}

} // namespace

void run(const ExportOptions &options, Session &session)
{
    const auto kind = gateway::exportKindFromName(options.kind.toUtf8());
    if (!kind)
        return session.fail(Unusable, Session::tr("--kind %1: wanted gateway, endpoint, signer or validator").arg(options.kind));
    const bool adds = !options.added.isEmpty();
    if (adds && *kind != gateway::ExportKind::Gateway)
        return session.fail(Unusable, Session::tr("--add prints the whole file; --kind %1 is only a part of it").arg(options.kind));
    if ((options.added == QLatin1String("validator")) == options.into.isEmpty())
        return session.fail(Unusable, options.into.isEmpty() ? Session::tr("--add validator: --into PATH says which endpoint gets it")
                                                             : Session::tr("--into: only --add validator puts something into an endpoint"));
    const bool toFile = !isStandardOutput(options.output);
    const bool fromFile = options.config != QLatin1String("-") && options.config != QLatin1String("demo");
    if (options.difference && !toFile && (!fromFile || *kind != gateway::ExportKind::Gateway))
        return session.fail(Unusable, Session::tr("--diff: -o FILE says what to compare with"));
    if (options.difference && options.checklist)
        return session.fail(Unusable, Session::tr("--diff and --checklist cannot be asked for at once"));

    const auto configuration = loadConfiguration(options.config, false, session);
    if (!configuration)
        return session.fail(configuration.error().unusable ? Unusable : Negative, configuration.error().sentence);
    Configuration loaded = configuration.value();
    if (loaded.rendered && *kind == gateway::ExportKind::Gateway &&
        (toFile ? sameFile(options.config, options.output) : options.difference))
        return session.fail(Unusable, text::writeBackRefusal(loaded.name));

    gateway::ExportWishes wishes;
    wishes.kind = *kind;
    wishes.placeholders = options.environment;
    if (!options.relativeTo.isEmpty())
        wishes.relativeTo = QDir::cleanPath(QFileInfo(options.relativeTo).absoluteFilePath()).toUtf8();
    (options.publicSet.contains("://") ? wishes.validator.publicUrl : wishes.validator.publicPath) = options.publicSet;
    if (*kind == gateway::ExportKind::Gateway && !adds && !(options.endpoint.isEmpty() && options.method.isEmpty()))
        return session.fail(
            Unusable, Session::tr("--kind gateway is the whole file; --endpoint and --method belong to the other kinds and to --add"));
    std::optional<gateway::blocks::ValidatorBlock> made;
    if (*kind != gateway::ExportKind::Gateway || adds) {
        const auto index = chooseEndpoint(loaded, options.endpoint, options.method.toUpper(), session);
        if (!index)
            return;
        wishes.endpoint = *index;
        if (adds) {
            auto with = withBlock(loaded, *index, options, wishes.validator, session);
            if (!with)
                return;
            loaded = std::move(with->first);
            made = std::move(with->second);
        }
    }
    const auto result = gateway::exported(loaded.text, *loaded.service, wishes);
    if (!result)
        return session.fail(Negative, text::sentence(result.error(), loaded.name));
    const gateway::Exported &exported = result.value();
    if (!made && exported.madeValidator)
        made = exported.validator;
    const QString useless =
        options.publicSet.isEmpty() ? QString()
        : !made                     ? Session::tr("--public is of no use here: no validator is made")
        : made->publicSet.isEmpty()
            ? Session::tr("--public is of no use here: the key is symmetric, the validator reads the signer's own key set")
            : QString();
    for (const QString &notice : {text::placeholderNotice(exported), made ? text::notice(*made) : QString(), useless}) {
        if (!notice.isEmpty())
            session.notice(notice);
    }
    if (options.difference)
        return printDifference(exported.text, toFile ? options.output : options.config, options.json, session);
    if (options.checklist) {
        const QString folder = wishes.relativeTo.isEmpty() ? QDir::currentPath() : QString::fromUtf8(wishes.relativeTo);
        printChecklist(gateway::requirements(*loaded.service, wishes, exported), folder, options.json, session);
        if (!toFile)
            return session.finish(Done);
    }
    write(exported, options, session);
}

} // namespace tokenlab::cli
