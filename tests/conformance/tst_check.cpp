// `check` beside the gateway: a problem that carries the words of a start that fails is raised exactly where the gateway says them. The
// recorded answers need no gateway; TOKENLAB_KRAKEND names one for the rest (else `krakend` of the PATH), TOKENLAB_RANDOM_CASES how many
// random configurations, TOKENLAB_SEED which.
#include "core/gateway/edit.h"
#include "core/lab/inspection.h"
#include "core/problems/check.h"
#include "tests/support/caseserver.h"
#include "tests/support/randomcases.h"
#include "tests/support/realgateway.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <random>
#include <set>

using namespace tokenlab;
using namespace tokenlab::testsupport;

namespace {

struct CheckedFile {
    std::optional<json::SyntaxTree> tree;
    problems::Input input;
    std::vector<problems::Problem> problems;
};

void checkFile(const QByteArray &text, const QString &name, const lab::Inspected &inspected, CheckedFile &out)
{
    out.input.source = text;
    out.input.fileName = name;
    out.input.now = systemNow();
    if (auto tree = json::SyntaxTree::parse(text))
        out.tree = *std::move(tree);
    out.input.document = out.tree ? &*out.tree : nullptr;
    auto service = gateway::load(text, name);
    if (service)
        out.input.service = std::make_shared<const gateway::ServiceConfig>(*std::move(service));
    else
        out.input.configError = service.error();
    out.input.endpoints = inspected.endpoints;
    out.input.listenError = inspected.listenError;
    out.problems = problems::check(out.input);
}

bool endsStart(const problems::Problem &problem)
{
    return problem.severity == problems::Severity::Error &&
           (problem.effect == problems::Problem::NoStart || problem.effect == problems::Problem::Crash);
}

// What the log says of signers and validators that could not be built, by the endpoint's number.
std::map<std::size_t, QByteArrayList> startLines(const std::vector<problems::Problem> &problems)
{
    std::map<std::size_t, QByteArrayList> out;
    for (const problems::Problem &problem : problems)
        if (problem.effect == problems::Problem::SignerOff && problem.severity == problems::Severity::Error && !problem.gateway.isEmpty())
            out[problem.endpoint].append(QString::fromUtf8(problem.gateway).toUtf8());
    return out;
}

bool isSignerLine(const QByteArray &line)
{
    return line.contains("][JWTSigner] Unable to create the signer: ");
}

lab::Inspected inspect(const std::shared_ptr<const gateway::ServiceConfig> &service)
{
    lab::Inspection inspection(service, {}, {});
    lab::Inspected out;
    QObject::connect(&inspection, &lab::Inspection::finished, &inspection, [&out](const lab::Inspected &inspected) { out = inspected; });
    QSignalSpy finished(&inspection, &lab::Inspection::finished);
    inspection.start();
    (void)finished.wait(300000);
    return out;
}

} // namespace

class TestCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_server.listen()); }

    // 251 whole files: refused, crashed or read as the gateway had it.
    void recordedFiles()
    {
        QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/config-cases.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto document = json::parse(file.readAll());
        QVERIFY(document.ok());
        QByteArrayList wrong;
        int count = 0, refused = 0;
        for (const json::Value &one : document->root().find("cases").elements()) {
            const QByteArray name = one.find("name").bytes();
            const QString fileName = QString::fromUtf8(one.find("file").bytes());
            if (!fileName.endsWith(QLatin1String(".json")))
                continue;
            CheckedFile checked;
            const json::Value encoded = one.find("base64");
            checkFile(encoded.exists() ? QByteArray::fromBase64(encoded.bytes()) : one.find("text").bytes(), fileName, {}, checked);
            ++count;
            const json::Value expect = one.find("expect");
            const bool panics =
                expect.find("check").find("panic").exists() || expect.find("check").find("text").bytes().startsWith("panic");
            QByteArray text = expect.find("check").find("text").bytes();
            bool bad = expect.find("check").find("exit").bytes() != "0" || panics;
            text.replace("ERROR parsing the configuration file:\t", "ERROR parsing the configuration file: ");
            if (const json::Value routes = expect.find("routes"); routes.exists() && routes.find("exit").bytes() != "0") {
                bad = true;
                text = routes.find("text").bytes();
                text.replace("ERROR testing the configuration file:\t", "panic: ");
            }
            // `krakend check` opens no port, loads nothing, and registers routes only when it is asked to.
            const bool routed = expect.find("routes").exists();
            const auto found = std::find_if(checked.problems.begin(), checked.problems.end(), [&](const problems::Problem &problem) {
                const QByteArrayView id(problem.code->id.data(), qsizetype(problem.code->id.size()));
                return endsStart(problem) && id != "port-invalid" && !id.startsWith("validator") && (routed || !id.startsWith("route-"));
            });
            refused += bad;
            if ((found != checked.problems.end()) != bad)
                wrong.append(name + ": the gateway says \"" + text + "\", check " + (bad ? "nothing" : found->gateway));
            else if (bad && !panics && found->gateway.trimmed() != text.trimmed())
                wrong.append(name + ": " + text + " | " + found->gateway);
        }
        qInfo("%d files, %d of them refused, %d disagreements", count, refused, int(wrong.size()));
        QVERIFY2(wrong.isEmpty(), wrong.join('\n').constData());
        QVERIFY(refused > 60);
    }

    // 376 endpoints with their files and key hosts, real ones on loopback.
    void recordedSigners()
    {
        auto loaded = loadGatewayCases(QStringLiteral(TOKENLAB_TEST_DATA "/gateway-cases.json"));
        QVERIFY(loaded.ok());
        QTemporaryDir folder;
        const Layout layout(loaded->cases, m_server.origin(), folder.path().toUtf8(), 8498);
        m_server.serve(&layout);
        for (std::size_t i = 0; i < loaded->cases.size(); ++i)
            QVERIFY(layout.writeFiles(i));
        auto service = gateway::load(layout.configuration(), QStringLiteral("krakend.json"));
        QVERIFY(service.ok());
        const lab::Inspected inspected = inspect(std::make_shared<const gateway::ServiceConfig>(*std::move(service)));
        QCOMPARE(inspected.endpoints.size(), loaded->cases.size());
        CheckedFile checked;
        checkFile(layout.configuration(), QStringLiteral("krakend.json"), inspected, checked);
        auto said = startLines(checked.problems);
        QByteArrayList wrong;
        int off = 0;
        for (std::size_t i = 0; i < loaded->cases.size(); ++i) {
            QByteArrayList expected;
            for (const QByteArray &line : loaded->cases[i].expect->log)
                if (isSignerLine(line))
                    expected.append(line);
            Answer answer;
            answer.log = said[i];
            const QByteArrayList actual = layout.withPlaceholders(i, answer).log;
            off += !expected.isEmpty();
            if (expected != actual)
                wrong.append(loaded->cases[i].name + ":\n  gateway: " + expected.join(" | ") + "\n  check:   " + actual.join(" | "));
        }
        m_server.serve(nullptr);
        qInfo("%d endpoints, %d signers not built, %d disagreements", int(loaded->cases.size()), off, int(wrong.size()));
        QVERIFY2(wrong.isEmpty(), wrong.join('\n').constData());
        QVERIFY(off > 50);
    }

    // Signers made wrong at random, beside a gateway that loads the same files from the same hosts.
    void randomSigners()
    {
        if (RealGateway::find().isEmpty())
            QSKIP("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
        const int wanted = qEnvironmentVariableIsSet("TOKENLAB_RANDOM_CASES") ? qEnvironmentVariableIntValue("TOKENLAB_RANDOM_CASES") : 100;
        const quint64 seed =
            qEnvironmentVariableIsSet("TOKENLAB_SEED") ? qEnvironmentVariable("TOKENLAB_SEED").toULongLong() : std::random_device{}();
        qInfo("TOKENLAB_SEED=%llu TOKENLAB_RANDOM_CASES=%d", static_cast<unsigned long long>(seed), wanted);
        QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/gateway-cases.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        RandomCases random(seed, recordedKeys(file.readAll()));
        std::mt19937_64 dice(seed);
        int off = 0, crashes = 0, asked = 0;
        QByteArrayList wrong;
        for (int done = 0; done < wanted;) {
            std::vector<QByteArray> texts;
            for (; done < wanted && texts.size() < 500; ++done)
                texts.push_back(spoilt(random.next(), dice));
            compare(texts, off, crashes, asked, wrong);
            if (QTest::currentTestFailed())
                return;
        }
        qInfo("%d configurations, %d signers not built, %d crashes asked one by one, %d disagreements", asked, off, crashes,
              int(wrong.size()));
        QVERIFY2(wrong.isEmpty(), wrong.mid(0, 10).join('\n').constData());
        QVERIFY(off * 10 > asked);
    }

    // Whole files that end the gateway before or while it listens, and one that does not.
    void wholeFiles_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *name, QByteArray text) { QTest::newRow(name) << text.replace('\'', '"'); };
        const QByteArray end = ",'backend':[{'url_pattern':'/x'}]";
        row("fine", "{'version':3,'port':@,'host':['h'],'endpoints':[{'endpoint':'/t'" + end + "}]}");
        row("version", "{'version':2,'port':@}");
        row("null endpoint", "{'version':3,'port':@,'endpoints':[null]}");
        row("port", "{'version':3,'port':70000,'host':['h'],'endpoints':[{'endpoint':'/t'" + end + "}]}");
        row("port and address",
            "{'version':3,'port':70000,'listen_ip':'127.0.0.1','host':['h'],'endpoints':[{'endpoint':'/t'" + end + "}]}");
        row("port and address 6", "{'version':3,'port':70000,'listen_ip':'::1','host':['h'],'endpoints':[{'endpoint':'/t'" + end + "}]}");
        row("twice", "{'version':3,'port':@,'host':['h'],'endpoints':[{'endpoint':'/t'" + end + "},{'endpoint':'/t'" + end + "}]}");
        row("wildcards",
            "{'version':3,'port':@,'host':['h'],'endpoints':[{'endpoint':'/t/{a}'" + end + "},{'endpoint':'/t/{b}'" + end + "}]}");
        row("tls",
            "{'version':3,'port':@,'tls':{'public_key':'/no.pem','private_key':'/no.key'},'host':['h'],'endpoints':[{'endpoint':'/t'" +
                end + "}]}");
        row("host", "{'version':3,'port':@,'endpoints':[{'endpoint':'/t','backend':[{'host':['http://h/p'],'url_pattern':'/x'}]}]}");
        const QByteArray validator = "{'version':3,'port':@,'host':['h'],'endpoints':[{'endpoint':'/t'" + end +
                                     ",'extra_config':{'auth/validator':{'alg':'%1','jwk_url':'https://k/j'%2}}}]}";
        row("validator, alg", QByteArray(validator).replace("%1", "hs256").replace("%2", ""));
        row("validator, pin", QByteArray(validator).replace("%1", "HS256").replace("%2", ",'jwk_fingerprints':['x']"));
        row("validator, good", QByteArray(validator).replace("%1", "HS256").replace("%2", ""));
        row("validator, nested roles",
            QByteArray(validator).replace("%1", "HS256").replace("%2", ",'roles':['a'],'roles_key':'a.b','roles_key_is_nested':true"));
        row("validator of a method that is not registered",
            QByteArray(validator).replace("%1", "hs256").replace("%2", "").replace("'/t'", "'/t','method':'HEAD'"));
        row("signer of a method that is not registered",
            "{'version':3,'port':@,'host':['h'],'endpoints':[{'endpoint':'/t','method':'HEAD'" + end +
                ",'extra_config':{'auth/signer':{'alg':'x'}}}]}");
    }
    void wholeFiles()
    {
        QFETCH(QByteArray, text);
        if (RealGateway::find().isEmpty())
            QSKIP("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
        RealGateway gateway;
        text.replace('@', QByteArray::number(gateway.port()));
        const QString name = QString::fromUtf8(gateway.folder() + "/krakend.json");
        QVERIFY(gateway.start(text));
        QTRY_VERIFY_WITH_TIMEOUT(isUp(gateway) || gateway.hasEnded(), 60000);
        CheckedFile checked;
        lab::Inspected inspected;
        if (auto service = gateway::load(text, name))
            inspected = inspect(std::make_shared<const gateway::ServiceConfig>(*std::move(service)));
        checkFile(text, name, inspected, checked);
        const auto found = std::find_if(checked.problems.begin(), checked.problems.end(), endsStart);
        QVERIFY2((found != checked.problems.end()) == gateway.hasEnded(), gateway.output().right(2000).constData());
        if (found == checked.problems.end())
            return;
        for (const QByteArray &line : wordsOf(found->gateway))
            QVERIFY2(gateway.output().contains(line), (line + "\n" + gateway.output().right(2000)).constData());
    }

private:
    // The line that says where it listens may come before it is refused.
    [[nodiscard]] static bool isUp(const RealGateway &gateway)
    {
        if (!gateway.isListening())
            return false;
        twin::ClientRequest request;
        request.method = "GET";
        request.target = "/nowhere";
        RawExchange exchange(gateway.port(), request);
        QSignalSpy done(&exchange, &RawExchange::done);
        return (exchange.isDone() || done.wait(2000)) && exchange.answer().status != 0;
    }

    // Without the level, which the log prints in its own manner.
    [[nodiscard]] static QByteArrayList wordsOf(QByteArray line)
    {
        for (const char *level : {"ERROR ", "WARNING ", "CRITICAL ", "FATAL "})
            if (line.startsWith(level) && !line.startsWith("ERROR parsing"))
                line.remove(0, QByteArrayView(level).size());
        return {line};
    }

    static QByteArray spoilt(const QByteArray &text, std::mt19937_64 &dice)
    {
        struct Change {
            const char *member, *json;
        };
        static const Change changes[] = {{"alg", "\"hs256\""},
                                         {"alg", "\"\""},
                                         {"alg", "\"RS256\""},
                                         {"alg", "\"ES512\""},
                                         {"alg", "\"EdDSA\""},
                                         {"alg", "7"},
                                         {"kid", "\"nope\""},
                                         {"kid", "\"\""},
                                         {"kid", "[1]"},
                                         {"disable_jwk_security", "false"},
                                         {"disable_jwk_security", "\"yes\""},
                                         {"jwk_url", "\"\""},
                                         {"jwk_url", "\"ftp:/"
                                                     "/host/x\""},
                                         {"jwk_url", "\"http:/"
                                                     "/127.0.0.1:1/x\""},
                                         {"jwk_fingerprints", "[\"zz\"]"},
                                         {"jwk_fingerprints", "[\"AAAA\",\"*\"]"},
                                         {"jwk_fingerprints", "[\"AAAA\"]"},
                                         {"jwk_local_ca", "\"{{dir}}/none.pem\""},
                                         {"jwk_local_path", "\"{{dir}}/none.json\""},
                                         {"jwk_local_path", "\"{{dir}}\""},
                                         {"keys_to_sign", "\"a\""},
                                         {"keys_to_sign", "[]"},
                                         {"full", "1"},
                                         {"cypher_key", "\"A\""},
                                         {"cipher_suites", "[70000]"},
                                         {"cipher_suites", "[5]"},
                                         {"secret_url", "\"base64key:/"
                                                        "/AAAA\""},
                                         {"typ", "\"at+jwt\""}};
        const auto tree = json::SyntaxTree::parse(text);
        if (!tree || dice() % 3 == 0)
            return text;
        if (dice() % 6 == 0 && text.contains("jwk_local_path"))
            return crashing(text);
        const Change &change = changes[dice() % std::size(changes)];
        const auto splice = gateway::edit::setAt(*tree, QByteArray("/endpoint/extra_config/auth~1signer/") + change.member, change.json);
        return splice ? json::apply(text, *splice) : text;
    }

    // A key that the file lacks and the URL would deliver.
    static QByteArray crashing(QByteArray text)
    {
        const std::pair<const char *, const char *> changes[] = {
            {"/endpoint/extra_config/auth~1signer/kid", "\"nope\""},
            {"/endpoint/extra_config/auth~1signer/jwk_url", "\"{{jwks}}\""},
            {"/endpoint/extra_config/auth~1signer/disable_jwk_security", "true"},
            {"/jwks",
             "{\"status\":200,\"headers\":{\"Content-Type\":\"application/json\"},\"body\":\"{\\\"keys\\\":[{\\\"kty\\\":\\\"oct\\\","
             "\\\"k\\\":\\\"AAAA\\\"}]}\"}"}};
        for (const auto &[pointer, json] : changes)
            if (const auto tree = json::SyntaxTree::parse(text))
                if (const auto splice = gateway::edit::setAt(*tree, pointer, json))
                    text = json::apply(text, *splice);
        return text;
    }

    void compare(const std::vector<QByteArray> &texts, int &off, int &crashes, int &asked, QByteArrayList &wrong)
    {
        QByteArrayList list;
        for (const QByteArray &text : texts)
            list.append(text);
        auto parsed = parseGatewayCases('[' + list.join(",\n") + ']');
        QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().constData());
        // A crash of one would hide all others: those that are said to crash are asked one by one.
        std::vector<GatewayCase> calm, wild;
        {
            QTemporaryDir folder;
            const Layout layout(parsed->cases, m_server.origin(), folder.path().toUtf8(), 8498);
            CheckedFile checked;
            inspectLayout(layout, parsed->cases.size(), checked);
            if (QTest::currentTestFailed())
                return;
            std::set<std::size_t> ending;
            for (const problems::Problem &problem : checked.problems)
                if (endsStart(problem))
                    ending.insert(problem.endpoint);
            for (std::size_t i = 0; i < parsed->cases.size(); ++i)
                (ending.contains(i) ? wild : calm).push_back(parsed->cases[i]);
        }
        together(calm, off, asked, wrong);
        for (const GatewayCase &one : wild) {
            if (QTest::currentTestFailed())
                return;
            alone({one}, wrong);
            ++crashes;
            ++asked;
        }
    }

    void inspectLayout(const Layout &layout, std::size_t count, CheckedFile &checked)
    {
        m_server.serve(&layout);
        for (std::size_t i = 0; i < count; ++i)
            QVERIFY(layout.writeFiles(i));
        auto service = gateway::load(layout.configuration(), QStringLiteral("krakend.json"));
        QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
        const lab::Inspected inspected = inspect(std::make_shared<const gateway::ServiceConfig>(*std::move(service)));
        QCOMPARE(inspected.endpoints.size(), count);
        checkFile(layout.configuration(), QStringLiteral("krakend.json"), inspected, checked);
        m_server.serve(nullptr);
    }

    void together(const std::vector<GatewayCase> &cases, int &off, int &asked, QByteArrayList &wrong)
    {
        if (cases.empty())
            return;
        RealGateway gateway;
        const Layout layout(cases, m_server.origin(), gateway.folder(), gateway.port());
        CheckedFile checked;
        inspectLayout(layout, cases.size(), checked);
        if (QTest::currentTestFailed())
            return;
        m_server.serve(&layout);
        QVERIFY(gateway.start(layout.configuration()));
        QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening() || gateway.hasEnded(), 120000);
        m_server.serve(nullptr);
        QVERIFY2(!gateway.hasEnded(), gateway.output().right(3000).constData());
        auto said = startLines(checked.problems);
        const auto logs = gateway.logs();
        for (std::size_t i = 0; i < cases.size(); ++i) {
            ++asked;
            QByteArrayList expected;
            if (const auto found = logs.find(layout.path(i)); found != logs.end())
                for (const QByteArray &line : found->second)
                    if (isSignerLine(line))
                        expected.append(line);
            off += !expected.isEmpty();
            if (expected != said[i])
                wrong.append("gateway: " + expected.join(" | ") + "\n  check: " + said[i].join(" | "));
        }
    }

    void alone(const std::vector<GatewayCase> &one, QByteArrayList &wrong)
    {
        RealGateway gateway;
        const Layout layout(one, m_server.origin(), gateway.folder(), gateway.port());
        m_server.serve(&layout);
        QVERIFY(layout.writeFiles(0));
        QVERIFY(gateway.start(layout.configuration()));
        QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening() || gateway.hasEnded(), 60000);
        m_server.serve(nullptr);
        if (gateway.hasEnded() && !gateway.output().contains("panic: runtime error: "))
            wrong.append("the gateway ends with other words: " + gateway.output().right(500));
        if (!gateway.hasEnded())
            wrong.append("check says the gateway ends, and it runs: " + layout.configuration());
    }

    CaseServer m_server;
};

QTEST_GUILESS_MAIN(TestCheck)
#include "tst_check.moc"
