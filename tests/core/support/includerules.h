// Who may include whom: the table of the design as data, and a reader of sources that reports what breaks it.
#pragma once

#include <QByteArray>
#include <QDir>
#include <QHash>
#include <QLibraryInfo>
#include <QMap>
#include <QSet>
#include <QStringList>

#include <cctype>

namespace tokenlab::includerules {

struct Rule {
    QList<QByteArray> uses;            // folders beside the own one; what these may use is allowed too
    QList<QByteArray> qt = {"QtCore"}; // Qt modules; "*" is any
};

inline const QMap<QByteArray, Rule> &rules()
{
    static const QList<QByteArray> allButLab = {"core/support", "core/json",     "core/crypto",    "core/jose",
                                                "core/keys",    "core/http",     "core/net",       "core/gateway",
                                                "core/twin",    "core/problems", "core/playground"};
    static const QMap<QByteArray, Rule> table = {
        {"core/support", {{}}},
        {"core/json", {{"core/support"}}},
        {"core/crypto", {{"core/support"}}},
        {"core/jose", {{"core/json", "core/crypto"}}},
        {"core/keys", {{"core/jose"}}},
        {"core/http", {{"core/support"}}},
        {"core/net", {{"core/http", "core/crypto"}, {"QtCore", "QtNetwork"}}},
        {"core/gateway", {{"core/json", "core/jose"}}},
        {"core/twin", {{"core/gateway", "core/keys", "core/http"}}},
        {"core/problems", {{"core/gateway", "core/keys", "core/twin"}}},
        {"core/text", {allButLab}},
        {"core/lab", {allButLab + QList<QByteArray>{"core/text"}}},
        {"core/playground", {{"core/keys", "core/http"}, {"QtCore", "QtNetwork"}}},
        {"ui", {allButLab + QList<QByteArray>{"core/text", "core/lab"}, {"*"}}},
        // The command line is built without the window too, so it must not need Widgets.
        {"app/cli", {allButLab + QList<QByteArray>{"core/text", "core/lab"}}},
        {"app", {{"ui", "app/cli"}, {"*"}}},
    };
    return table;
}

struct Allowed {
    QSet<QByteArray> folders;
    QSet<QByteArray> qt;
};

// The folder itself and all that its rule reaches.
inline Allowed closure(const QByteArray &folder)
{
    Allowed allowed;
    QList<QByteArray> open = {folder};
    while (!open.isEmpty()) {
        const QByteArray next = open.takeLast();
        if (allowed.folders.contains(next))
            continue;
        allowed.folders.insert(next);
        const Rule rule = rules().value(next);
        open += rule.uses;
        allowed.qt.unite(QSet<QByteArray>(rule.qt.begin(), rule.qt.end()));
    }
    return allowed;
}

// The rule's folder that a path from the root lies in; empty where no rule names one.
inline QByteArray folderOf(const QByteArray &path)
{
    const QList<QByteArray> parts = path.split('/');
    if (parts.size() < 2)
        return {};
    const QByteArray two = parts.size() > 2 ? parts[0] + '/' + parts[1] : QByteArray();
    if (rules().contains(two))
        return two;
    return rules().contains(parts[0]) ? parts[0] : QByteArray();
}

// The Qt module of an angle-bracket include, from Qt's own folders; empty for a header that is not Qt's.
inline QByteArray qtModule(const QByteArray &header)
{
    static const QHash<QByteArray, QByteArray> modules = [] {
        QHash<QByteArray, QByteArray> found;
        const QDir include(QLibraryInfo::path(QLibraryInfo::HeadersPath));
        for (const QString &module : include.entryList({QStringLiteral("Qt*")}, QDir::Dirs)) {
            for (const QString &name : QDir(include.filePath(module)).entryList(QDir::Files))
                found.insert(name.toUtf8(), module.toUtf8());
        }
        return found;
    }();
    const qsizetype slash = header.indexOf('/');
    if (slash > 0 && header.startsWith("Qt") && header != "QtCrypto/QtCrypto")
        return header.first(slash);
    return modules.value(header);
}

// Comments become spaces (newlines stay), strings are kept.
inline QByteArray withoutComments(const QByteArray &text)
{
    QByteArray out = text;
    enum { Code, Line, Block, String, Character } state = Code;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        switch (state) {
        case Code:
            if (c == '/' && (next == '/' || next == '*')) {
                state = next == '/' ? Line : Block;
                out[i] = out[i + 1] = ' ';
                ++i;
            } else if (c == '"') {
                state = String;
            } else if (c == '\'') {
                // 1'000 is a number, not the start of a character.
                const bool number = i > 0 && std::isalnum(static_cast<unsigned char>(text[i - 1]));
                state = number ? Code : Character;
            }
            break;
        case Line:
            if (c == '\n')
                state = Code;
            else
                out[i] = ' ';
            break;
        case Block:
            if (c == '*' && next == '/') {
                out[i] = out[i + 1] = ' ';
                ++i;
                state = Code;
            } else if (c != '\n') {
                out[i] = ' ';
            }
            break;
        case String:
        case Character:
            // An unescaped newline ends both: a raw string must not hide the rest of the file.
            if (c == '\\')
                ++i;
            else if (c == '\n' || c == (state == String ? '"' : '\''))
                state = Code;
            break;
        }
    }
    return out;
}

inline QString broken(const QByteArray &path, int line, const QByteArray &what)
{
    return QString::fromUtf8(path + ':' + QByteArray::number(line) + ": " + what);
}

// Headers of libraries that only core/crypto may name.
inline bool isCryptoHeader(const QByteArray &header)
{
    return header.startsWith("openssl/") || header.startsWith("QtCrypto") || header.startsWith("Qca-qt6/") || header.startsWith("qca") ||
           header == "sodium.h" || header.startsWith("sodium/");
}

inline bool isLinuxHeader(const QByteArray &header)
{
    static const QSet<QByteArray> names = {"sys/epoll.h",   "sys/signalfd.h", "sys/eventfd.h", "sys/timerfd.h",
                                           "sys/inotify.h", "sys/prctl.h",    "sys/sendfile.h"};
    return header.startsWith("linux/") || header.startsWith("asm/") || names.contains(header);
}

// Qt's own HTTP client: it rewrites paths and headers, and repeats requests. Ours is core/net.
inline bool isRewritingClient(const QByteArray &header)
{
    static const QSet<QByteArray> names = {"QNetworkAccessManager", "QNetworkRequest", "QNetworkReply"};
    return names.contains(header.sliced(header.lastIndexOf('/') + 1));
}

// What is wrong with one include of a file that lies in `folder`; empty: nothing.
inline QByteArray judge(const QByteArray &folder, const Allowed &allowed, const QByteArray &header, bool quoted)
{
    if (isCryptoHeader(header))
        return folder == "core/crypto" ? QByteArray() : "only core/crypto may include " + header;
    if (quoted) {
        if (header.endsWith(".moc"))
            return {};
        const QByteArray target = folderOf(header);
        if (target.isEmpty())
            return '"' + header + "\" does not name a file from the root in one of the design's folders";
        return allowed.folders.contains(target) ? QByteArray() : folder + " may not use " + target;
    }
    if (!folderOf(header).isEmpty())
        return '<' + header + "> is ours and belongs in quotes";
    if (isLinuxHeader(header) && folder != "core/support")
        return folder + " includes " + header + ", which only Linux has";
    if (isRewritingClient(header))
        return folder + " may not use " + header + ", which sends something else than it was given";
    const QByteArray module = qtModule(header);
    if (module.isEmpty() || allowed.qt.contains("*") || allowed.qt.contains(module))
        return {};
    return folder + " may not use " + module + " (" + header + ')';
}

// Everything that a source breaks, as PATH:LINE: sentence.
inline QStringList checkSource(const QByteArray &path, const QByteArray &text)
{
    const QByteArray folder = folderOf(path);
    if (folder.isEmpty())
        return {broken(path, 1, "is in no folder of the design")};
    const Allowed allowed = closure(folder);
    QStringList problems;
    int number = 0;
    const QByteArray code = withoutComments(text);
    for (const QByteArray &raw : code.split('\n')) {
        ++number;
        QByteArray line = raw.trimmed();
        if (!line.startsWith('#'))
            continue;
        line = line.mid(1).trimmed();
        if (!line.startsWith("include"))
            continue;
        line = line.mid(line.startsWith("include_next") ? 12 : 7).trimmed();
        const char open = line.isEmpty() ? '\0' : line.front();
        const qsizetype end = open == '"' ? line.indexOf('"', 1) : open == '<' ? line.indexOf('>', 1) : -1;
        if (end < 0) {
            problems << broken(path, number, "an include that cannot be read from the source");
            continue;
        }
        if (const QByteArray what = judge(folder, allowed, line.mid(1, end - 1), open == '"'); !what.isEmpty())
            problems << broken(path, number, what);
    }
    return problems;
}

// What stands in the root and should not. Build folders are left out: git ignores them.
inline QStringList checkRoot(const QStringList &entries)
{
    static const QSet<QString> allowed = {QStringLiteral("CMakeLists.txt"),
                                          QStringLiteral("CMakePresets.json"),
                                          QStringLiteral("README.md"),
                                          QStringLiteral("CONTRIBUTING.md"),
                                          QStringLiteral("LICENSE"),
                                          QStringLiteral("core"),
                                          QStringLiteral("ui"),
                                          QStringLiteral("app"),
                                          QStringLiteral("resources"),
                                          QStringLiteral("tests"),
                                          QStringLiteral("packaging"),
                                          QStringLiteral("build")};
    QStringList problems;
    for (const QString &entry : entries) {
        if (!allowed.contains(entry) && !entry.startsWith(QLatin1Char('.')) && !entry.startsWith(QLatin1String("build-")))
            problems << entry;
    }
    return problems;
}

} // namespace tokenlab::includerules
