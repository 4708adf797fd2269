// The schema twin beside `krakend check -n` on mutated configurations. TOKENLAB_KRAKEND names the binary (else `krakend` of the PATH),
// TOKENLAB_RANDOM_CASES how many, TOKENLAB_SEED which.
#include "core/problems/schema.h"
#include "tests/support/realgateway.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <random>

using namespace tokenlab;
using namespace Qt::StringLiterals;

namespace {

// Mutated from the recorded configurations: they name every member that is known.
class Mutator
{
public:
    Mutator(quint64 seed, std::vector<QJsonObject> bases) : m_random(seed), m_bases(std::move(bases)) {}

    QByteArray next()
    {
        QJsonValue document = m_bases[pick(m_bases.size())];
        const std::size_t changes = 1 + pick(3);
        for (std::size_t i = 0; i < changes; ++i)
            document = mutated(document, 0);
        return QJsonDocument(document.toObject()).toJson(QJsonDocument::Compact);
    }

private:
    std::size_t pick(std::size_t count) { return std::size_t(m_random() % count); }

    QJsonValue value()
    {
        static const QJsonArray values{QJsonValue(),
                                       true,
                                       false,
                                       0,
                                       1,
                                       -1,
                                       3,
                                       2.5,
                                       70000,
                                       -1234567,
                                       1e17,
                                       u""_s,
                                       u"x"_s,
                                       u"1s"_s,
                                       u"-1s"_s,
                                       u"1.5s"_s,
                                       u"/p"_s,
                                       u"/p/*"_s,
                                       u"/a?b"_s,
                                       u"GET"_s,
                                       u"get"_s,
                                       u"json"_s,
                                       u"it's"_s,
                                       u"\u00e9\n\"\\"_s,
                                       QJsonArray{},
                                       QJsonArray{u"a"_s},
                                       QJsonArray{u"a"_s, u"a"_s},
                                       QJsonArray{1, 1},
                                       QJsonArray{u"a"_s, 1, QJsonValue()},
                                       QJsonArray{QJsonArray{}},
                                       QJsonObject{},
                                       QJsonObject{{u"a"_s, 1}},
                                       u"base64key://x"_s,
                                       u"resp0"_s,
                                       u"HS256"_s,
                                       u"none"_s};
        return values[qsizetype(pick(std::size_t(values.size())))];
    }

    QString unknownName()
    {
        static const QStringList names{u"zzz"_s,    u"Alg"_s, u"typ"_s,         u"cache"_s,     u"leeway"_s,  u"a~b/c"_s,
                                       u"q'q"_s,    u"@c"_s,  u"auth/zigner"_s, u"whitelist"_s, u"jwk_url"_s, u"jwk_local_path"_s,
                                       u"shared"_s, u"keys"_s};
        return names[qsizetype(pick(std::size_t(names.size())))];
    }

    QJsonValue mutated(const QJsonValue &at, int depth)
    {
        const bool stops = depth > 3 && pick(5) == 0;
        if (at.isObject() && !stops && !at.toObject().isEmpty()) {
            QJsonObject object = at.toObject();
            QString name = object.keys()[qsizetype(pick(std::size_t(object.size())))];
            // Around the components the gateway's own parser is strict and would be first.
            for (const QString &deeper : {u"extra_config"_s, u"endpoints"_s})
                if (object.contains(deeper) && pick(2) == 0)
                    name = deeper;
            const std::size_t what = pick(12);
            if (what == 0 && name != u"version"_s)
                object.remove(name);
            else if (what == 1)
                object.insert(unknownName(), value());
            else
                object.insert(name, mutated(object[name], depth + 1));
            return object;
        }
        if (at.isArray() && !stops && !at.toArray().isEmpty()) {
            QJsonArray array = at.toArray();
            const qsizetype index = qsizetype(pick(std::size_t(array.size())));
            if (pick(6) == 0)
                array.append(array[index]);
            else
                array[index] = mutated(array[index], depth + 1);
            return array;
        }
        return value();
    }

    std::mt19937_64 m_random;
    std::vector<QJsonObject> m_bases;
};

// The lines of the linter, sorted, and the names that are not allowed in each of them sorted too.
QByteArrayList normalised(QByteArrayList lines)
{
    static const QRegularExpression heading(u"^(.*additional properties )(.*)( not allowed)$"_s);
    static const QRegularExpression quoted(u"'(?:[^'\\\\]|\\\\.)*'"_s);
    for (QByteArray &line : lines) {
        const QRegularExpressionMatch match = heading.match(QString::fromUtf8(line));
        if (!match.hasMatch())
            continue;
        QStringList names;
        for (auto it = quoted.globalMatch(match.captured(2)); it.hasNext();)
            names.append(it.next().captured());
        names.sort();
        line = (match.captured(1) + names.join(u", "_s) + match.captured(3)).toUtf8();
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

QByteArrayList ours(const json::SyntaxTree &tree)
{
    QByteArrayList lines;
    for (const problems::SchemaViolation &violation : problems::lint(tree))
        lines.append(problems::lintLine(violation));
    return normalised(lines);
}

struct Answer {
    enum Kind { Clean, Refused, NotLinted };
    Kind kind = NotLinted;
    QByteArrayList lines;
};

Answer asked(const QString &binary, const QString &folder, const QByteArray &text)
{
    QFile file(folder + u"/krakend.json"_s);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return {};
    file.close();
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(binary, {u"check"_s, u"-n"_s, u"-c"_s, file.fileName()});
    if (!process.waitForFinished(60000))
        return {};
    if (process.exitStatus() != QProcess::NormalExit)
        return {};
    if (process.exitCode() == 0)
        return {Answer::Clean, {}};
    const QByteArray words = process.readAllStandardError();
    if (!words.contains("ERROR linting"))
        return {};
    Answer answer{Answer::Refused, {}};
    for (const QByteArray &line : words.split('\n'))
        if (const QByteArray trimmed = line.trimmed(); trimmed.startsWith("- at '"))
            answer.lines.append(trimmed.sliced(2));
    answer.lines = normalised(answer.lines);
    return answer;
}

} // namespace

class TestLint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void randomCases()
    {
        const QString binary = testsupport::RealGateway::find();
        if (binary.isEmpty()) {
            if (qEnvironmentVariableIsSet("TOKENLAB_CI"))
                QFAIL("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
            QSKIP("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
        }
        QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/lint-asked.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        std::vector<QJsonObject> bases;
        for (const QJsonValue &value : QJsonDocument::fromJson(file.readAll()).object()[u"cases"].toArray())
            bases.push_back(QJsonDocument::fromJson(value[u"text"].toString().toUtf8()).object());
        QVERIFY(bases.size() > 100);

        const int wanted = qEnvironmentVariableIsSet("TOKENLAB_RANDOM_CASES") ? qEnvironmentVariableIntValue("TOKENLAB_RANDOM_CASES") : 100;
        const quint64 seed =
            qEnvironmentVariableIsSet("TOKENLAB_SEED") ? qEnvironmentVariable("TOKENLAB_SEED").toULongLong() : std::random_device{}();
        qInfo("TOKENLAB_SEED=%llu TOKENLAB_RANDOM_CASES=%d", static_cast<unsigned long long>(seed), wanted);
        Mutator mutator(seed, std::move(bases));
        const QTemporaryDir folder;
        QVERIFY(folder.isValid());
        int clean = 0, refused = 0, notLinted = 0, unknown = 0;
        QByteArrayList reports;
        for (int i = 0; i < wanted; ++i) {
            const QByteArray text = mutator.next();
            const auto tree = json::SyntaxTree::parse(text);
            QVERIFY(tree);
            const Answer answer = asked(binary, folder.path(), text);
            switch (answer.kind) {
            case Answer::NotLinted: // the gateway's parser was first
                ++notLinted;
                continue;
            case Answer::Clean:
                ++clean;
                break;
            case Answer::Refused:
                ++refused;
                break;
            }
            const bool isUnknown = problems::lintVerdict(*tree) == problems::LintVerdict::Unknown;
            unknown += isUnknown;
            const QByteArrayList mine = ours(*tree);
            if (mine != answer.lines && !(isUnknown && mine.isEmpty()))
                reports.append(text + "\ngateway:\n" + answer.lines.join('\n') + "\nlab:\n" + mine.join('\n'));
        }
        qInfo("%d clean, %d refused, %d refused before the linter, %d with parts that are not judged", clean, refused, notLinted, unknown);
        QVERIFY2(reports.isEmpty(), reports.join("\n\n").constData());
        QVERIFY2(refused * 6 > wanted, "too few cases reach the linter to say much");
    }
};

QTEST_GUILESS_MAIN(TestLint)
#include "tst_lint.moc"
