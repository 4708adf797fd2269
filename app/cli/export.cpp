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
    const bool toFile = !isStandardOutput(options.output);
    const bool fromFile = options.config != QLatin1String("-") && options.config != QLatin1String("demo");
    if (options.difference && !toFile && (!fromFile || *kind != gateway::ExportKind::Gateway))
        return session.fail(Unusable, Session::tr("--diff: -o FILE says what to compare with"));
    if (options.difference && options.checklist)
        return session.fail(Unusable, Session::tr("--diff and --checklist cannot be asked for at once"));

    const auto configuration = loadConfiguration(options.config, false, session);
    if (!configuration)
        return session.fail(configuration.error().unusable ? Unusable : Negative, configuration.error().sentence);
    const Configuration &loaded = configuration.value();
    if (loaded.rendered && *kind == gateway::ExportKind::Gateway &&
        (toFile ? sameFile(options.config, options.output) : options.difference))
        return session.fail(Unusable, text::writeBackRefusal(loaded.name));

    gateway::ExportWishes wishes;
    wishes.kind = *kind;
    wishes.placeholders = options.environment;
    if (!options.relativeTo.isEmpty())
        wishes.relativeTo = QDir::cleanPath(QFileInfo(options.relativeTo).absoluteFilePath()).toUtf8();
    (options.publicSet.contains("://") ? wishes.validator.publicUrl : wishes.validator.publicPath) = options.publicSet;
    if (*kind == gateway::ExportKind::Gateway && !(options.endpoint.isEmpty() && options.method.isEmpty()))
        return session.fail(Unusable, Session::tr("--kind gateway is the whole file; --endpoint and --method belong to the other kinds"));
    if (*kind != gateway::ExportKind::Gateway) {
        const auto index = chooseEndpoint(loaded, options.endpoint, options.method.toUpper(), session);
        if (!index)
            return;
        wishes.endpoint = *index;
    }
    const auto result = gateway::exported(loaded.text, *loaded.service, wishes);
    if (!result)
        return session.fail(Negative, text::sentence(result.error(), loaded.name));
    const gateway::Exported &exported = result.value();
    for (const QString &notice : {text::placeholderNotice(exported), text::notice(exported.validator)}) {
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
