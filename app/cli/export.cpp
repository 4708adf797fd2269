#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "core/json/syntaxtree.h"
#include "core/text/text.h"

#include <QFileInfo>
#include <QSaveFile>

#include <type_traits>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace tokenlab::cli {

namespace {

// The value's own bytes, moved to the left by what its first line was indented. Strings hold no raw line breaks, so no value changes.
QByteArray outdented(const QByteArray &source, json::Range range)
{
    qsizetype lineBegin = range.begin;
    while (lineBegin > 0 && source.at(lineBegin - 1) != '\n')
        --lineBegin;
    qsizetype indent = 0;
    while (lineBegin + indent < range.begin && (source.at(lineBegin + indent) == ' ' || source.at(lineBegin + indent) == '\t'))
        ++indent;
    const QByteArray margin = source.mid(lineBegin, indent);
    QByteArray out;
    const QList<QByteArray> lines = source.mid(range.begin, range.length()).split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i)
        out += (i == 0 ? "" : "\n") + (i > 0 && lines.at(i).startsWith(margin) ? lines.at(i).mid(margin.size()) : lines.at(i));
    return out;
}

bool isTerminal()
{
#ifdef Q_OS_UNIX
    return isatty(STDOUT_FILENO) != 0;
#else
    return false;
#endif
}

template <class File>
QString writtenTo(File &file, const QByteArray &text, QIODevice::OpenMode mode)
{
    if (!file.open(mode) || file.write(text) != text.size() || !file.flush())
        return file.errorString();
    if constexpr (std::is_same_v<File, QSaveFile>) {
        if (!file.commit())
            return file.errorString();
    }
    return {};
}

// Why not; empty when all is written. A regular file is replaced as a whole, so that a full disk leaves the old one; a link keeps pointing
// to it. Anything else that exists (a device, a named pipe) must stay what it is and is written to.
QString written(const QByteArray &text, const QString &path)
{
    const QFileInfo info(path);
    if ((info.exists() && !info.isFile()) || (info.isSymLink() && !info.exists())) {
        QFile file(path);
        return writtenTo(file, text, QIODevice::WriteOnly | QIODevice::Unbuffered);
    }
    QSaveFile file(info.isSymLink() ? info.canonicalFilePath() : path);
    return writtenTo(file, text, QIODevice::WriteOnly);
}

void write(const QByteArray &text, const ExportOptions &options, Session &session)
{
    static const QStringList standardOutput{QString(), QStringLiteral("-"), QStringLiteral("/dev/stdout"), QStringLiteral("/dev/fd/1")};
    if (standardOutput.contains(options.output)) {
        // A prompt should not stand behind the last brace; a pipe gets every byte as it is.
        session.out(!text.endsWith('\n') && isTerminal() ? text + '\n' : text);
        return session.finish(Done);
    }
    const QString error = written(text, options.output);
    if (!error.isEmpty())
        return session.fail(Outside, Session::tr("%1 cannot be written (%2)").arg(options.output, error));
    session.finish(Done);
}

} // namespace

void run(const ExportOptions &options, Session &session)
{
    static const QStringList kinds{QStringLiteral("gateway"), QStringLiteral("endpoint"), QStringLiteral("signer")};
    if (options.kind == QLatin1String("validator"))
        return session.fail(Unusable, Session::tr("--kind validator is not there yet: a later version writes the auth/validator block"));
    if (!kinds.contains(options.kind))
        return session.fail(Unusable, Session::tr("--kind %1: wanted gateway, endpoint or signer").arg(options.kind));

    const auto configuration = loadConfiguration(options.config, false, session);
    if (!configuration)
        return session.fail(configuration.error().unusable ? Unusable : Negative, configuration.error().sentence);
    const QByteArray &text = configuration.value().text;
    if (options.kind == QLatin1String("gateway"))
        return write(text, options, session);

    const auto index = chooseEndpoint(configuration.value(), options.endpoint, options.method.toUpper(), session);
    if (!index)
        return;
    const gateway::EndpointConfig &endpoint = configuration.value().service->endpoints[*index];
    const bool signer = options.kind == QLatin1String("signer");
    if (signer && !endpoint.signer)
        return session.fail(
            Negative, Session::tr("%1: the endpoint %2 has no auth/signer").arg(configuration.value().name, text::inert(endpoint.path)));
    const auto tree = json::SyntaxTree::parse(text);
    if (!tree)
        return session.fail(Unusable, text::sentence(tree.error(), configuration.value().name, text));
    const QByteArray &pointer = signer ? endpoint.signerPointer : endpoint.pointer;
    const int node = tree.value().find(pointer);
    if (node < 0)
        return session.fail(Negative,
                            Session::tr("%1, %2: not found in the file itself").arg(configuration.value().name, text::inert(pointer)));
    write(outdented(text, tree.value().node(node).range) + '\n', options, session);
}

} // namespace tokenlab::cli
