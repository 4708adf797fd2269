#include "app/cli/cli.h"

#include "app/cli/commands.h"
#include "app/cli/jsontext.h"
#include "app/cli/rendered.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace tokenlab::cli {

bool isCommandLine(const QStringList &arguments)
{
    if (arguments.isEmpty())
        return false;
    const QString &first = arguments.first();
    if (commandNames().contains(first))
        return true;
    if (first.startsWith(QLatin1Char('-'))) {
        // Of the options only these are the command line's; -style, -platform and their like are Qt's, for the window.
        static const QStringList ours{QStringLiteral("-h"), QStringLiteral("--help"), QStringLiteral("-V"), QStringLiteral("--version")};
        return ours.contains(first) || first.startsWith(QLatin1String("--"));
    }
    return !QFileInfo::exists(first);
}

int run(const QStringList &arguments)
{
    Session session;
    session.setJson(arguments.contains(QStringLiteral("--json")));
    const std::variant<Stop, Command> parsed = parse(arguments);
    if (const Stop *stop = std::get_if<Stop>(&parsed)) {
        if (!stop->out.isEmpty())
            session.out(stop->out);
        else if (arguments.contains(QStringLiteral("--json")))
            session.out(JsonObject().add("error", jsonString(stop->message)).text() + '\n');
        if (!stop->err.isEmpty())
            fputs(stop->err.constData(), stderr);
        return stop->code;
    }
    std::visit([&](const auto &options) { withRendered(configurationOf(options), session, [&] { run(options, session); }); },
               std::get<Command>(parsed));
    return QCoreApplication::exec();
}

} // namespace tokenlab::cli
