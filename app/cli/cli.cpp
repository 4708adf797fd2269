#include "app/cli/cli.h"

#include "app/cli/commands.h"
#include "app/cli/filename.h"
#include "app/cli/jsontext.h"
#include "app/cli/rendered.h"

#include <QCoreApplication>

namespace tokenlab::cli {

bool isCommandLine(const QByteArrayList &arguments)
{
    if (arguments.isEmpty())
        return false;
    const QString first = fileText(arguments.first());
    if (commandNames().contains(first))
        return true;
    if (first.startsWith(QLatin1Char('-'))) {
        // Of the options only these are the command line's; -style, -platform and their like are Qt's, for the window.
        static const QStringList ours{QStringLiteral("-h"), QStringLiteral("--help"), QStringLiteral("-V"), QStringLiteral("--version")};
        return ours.contains(first) || first.startsWith(QLatin1String("--"));
    }
    return !fileExists(first);
}

namespace {

// Also where the arguments are wrong otherwise.
bool wantsJson(const QByteArrayList &arguments)
{
    const qsizetype format = arguments.indexOf("--format");
    return arguments.contains("--json") || arguments.contains("--format=json") || (format >= 0 && arguments.value(format + 1) == "json");
}

} // namespace

int run(const QByteArrayList &arguments)
{
    Session session;
    const bool json = wantsJson(arguments);
    session.setJson(json);
    const std::variant<Stop, Command> parsed = parse(arguments);
    if (const Stop *stop = std::get_if<Stop>(&parsed)) {
        if (!stop->out.isEmpty())
            session.out(stop->out);
        else if (json)
            session.out(JsonObject().add("error", jsonString(stop->message)).text() + '\n');
        if (!stop->err.isEmpty())
            fputs(stop->err.constData(), stderr);
        return session.isWritten() ? stop->code : int(Outside);
    }
    std::visit([&](const auto &options) { withRendered(configurationOf(options), session, [&] { run(options, session); }); },
               std::get<Command>(parsed));
    return QCoreApplication::exec();
}

} // namespace tokenlab::cli
