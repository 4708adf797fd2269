// What the lab writes, put to a real KrakenD: tokens of a signer pass the validator that was made for it, exports pass `krakend check`,
// placeholders come back as the values they stand for.
#include "core/gateway/exports.h"
#include "core/lab/render.h"
#include "core/playground/demo.h"
#include "tests/support/realgateway.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace tokenlab;
using namespace tokenlab::testsupport;
using gateway::ExportKind;

namespace {

QByteArray publicSetOf(const jose::KeySet &set)
{
    return jose::writePublicSet(set);
}

Result<jose::Key, jose::GenerateError> keyFor(jose::Algorithm algorithm, const QByteArray &kid)
{
    using A = jose::Algorithm;
    switch (jose::keyTypeOf(algorithm)) {
    case jose::KeyType::Oct:
        return jose::generateOct(64, kid);
    case jose::KeyType::Rsa:
        return jose::generateRsa(2048, kid);
    case jose::KeyType::Ed25519:
        return jose::generateEd25519(kid);
    case jose::KeyType::Ec:
        break;
    }
    return jose::generateEc(algorithm == A::ES256 ? "P-256" : algorithm == A::ES384 ? "P-384" : "P-521", kid);
}

QByteArray memberText(const QByteArray &json, const char *name)
{
    return QJsonDocument::fromJson(json).object().value(QLatin1String(name)).toString().toUtf8();
}

// A part of a file as a whole one.
QByteArray wrapped(ExportKind kind, const QByteArray &text)
{
    const QByteArray head = "{\"version\":3,\"endpoints\":[";
    const QByteArray endpoint = "{\"endpoint\":\"/x\",\"method\":\"POST\",\"backend\":[{\"host\":[\"http://h\"],\"url_pattern\":\"/\"}],"
                                "\"extra_config\":{\"auth/";
    switch (kind) {
    case ExportKind::Gateway:
        return text;
    case ExportKind::Endpoint:
        return head + text + "]}";
    case ExportKind::Signer:
        return head + endpoint + "signer\":" + text + "}}]}";
    case ExportKind::Validator:
        return head + endpoint + "validator\":" + text + "}}]}";
    }
    return {};
}

} // namespace

class TestExportsAtTheGateway : public QObject
{
    Q_OBJECT

private:
    lab::GatewayProgram m_program;

    [[nodiscard]] Answer ask(int port, const QByteArray &method, const QByteArray &target, const QByteArray &token) const
    {
        twin::ClientRequest request;
        request.method = method;
        request.target = target;
        request.host = "127.0.0.1";
        if (!token.isEmpty())
            request.headers.append("Authorization", "Bearer " + token);
        RawExchange exchange(port, request);
        QSignalSpy done(&exchange, &RawExchange::done);
        if (!exchange.isDone())
            done.wait(20000);
        return exchange.answer();
    }
    [[nodiscard]] lab::CheckAnswer check(const QByteArray &text) const
    {
        lab::KrakendCheck check(m_program, text);
        lab::CheckAnswer answer;
        QSignalSpy finished(&check, &lab::KrakendCheck::finished);
        connect(&check, &lab::KrakendCheck::finished, &check, [&](const lab::CheckAnswer &given) { answer = given; });
        check.start();
        finished.wait(60000);
        return answer;
    }
    [[nodiscard]] lab::RenderResult rendered(const QByteArray &text) const
    {
        lab::TemplateRender render(m_program, text, QStringLiteral("krakend.tmpl"), {});
        lab::RenderResult result = fail(gateway::RenderTrouble{gateway::RenderTrouble::TimedOut, {}, 0, 0});
        QSignalSpy finished(&render, &lab::TemplateRender::finished);
        connect(&render, &lab::TemplateRender::finished, &render, [&](const lab::RenderResult &given) { result = given; });
        render.start();
        finished.wait(60000);
        return result;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QString binary = RealGateway::find();
        if (binary.isEmpty()) {
            if (qEnvironmentVariableIsSet("TOKENLAB_CI"))
                QFAIL("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
            QSKIP("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
        }
        const auto found = lab::findGateway(binary);
        QVERIFY(found.ok());
        m_program = found.value();
    }

    // All 13 algorithms, from a URL and from a file: sign, pass the made validator, refresh.
    void tokensPassTheirValidators()
    {
        jose::KeySet keys;
        for (const jose::Algorithm algorithm : jose::allAlgorithms()) {
            auto key = keyFor(algorithm, "key-" + jose::name(algorithm));
            QVERIFY(key.ok());
            keys.keys.push_back(std::move(key).value());
        }
        const QByteArray privateSet = jose::writePrivateSet(keys).view().toByteArray();
        const QByteArray publicSet = publicSetOf(keys);
        const QByteArray payload = R"({"access_token":{"iss":"me","aud":["you"],"sub":"u","roles":["a"],"exp":4102444800},)"
                                   R"("refresh_token":{"iss":"me","aud":["you"],"sub":"u","exp":4102444800}})";
        playground::Server server([&](const playground::ServerRequest &request) {
            playground::Script script;
            script.headers.append("Content-Type", "application/json");
            script.body = request.target == "/jwk/private.json"  ? privateSet
                          : request.target == "/jwk/public.json" ? publicSet
                          : request.method == "GET"              ? QByteArray("{\"private\":true}")
                                                                 : payload;
            return script;
        });
        QVERIFY(server.listen().ok());

        RealGateway gateway;
        const auto inFolder = [&](const char *name) { return gateway.folder() + '/' + name; };
        for (const auto &[name, set] : {std::pair{"private.json", privateSet}, std::pair{"public.json", publicSet}}) {
            QFile file(QString::fromUtf8(inFolder(name)));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(set) == set.size());
        }
        QByteArray text = "{\n  \"version\": 3,\n  \"port\": " + QByteArray::number(gateway.port()) + ",\n  \"endpoints\": []\n}\n";
        const auto document = json::parse(payload);
        gateway::blocks::Wishes wishes;
        wishes.payload = document->root();
        wishes.withRoles = true;
        QList<std::pair<QByteArray, QByteArrayList>> cases; // login, guarded, refresh
        for (const bool local : {false, true}) {
            for (const jose::Algorithm algorithm : jose::allAlgorithms()) {
                const QByteArray alg = jose::name(algorithm), path = (local ? "/file/" : "/url/") + alg;
                const QByteArray source = local ? "\"jwk_local_path\":\"" + inFolder("private.json") + '"'
                                                : "\"jwk_url\":\"" + server.origin() + "/jwk/private.json\"";
                const QByteArray endpoint =
                    "{\"endpoint\":\"" + path + "\",\"method\":\"POST\",\"backend\":[{\"host\":[\"" + server.origin() +
                    "\"],\"url_pattern\":\"/login\"}],\"extra_config\":{\"auth/signer\":{" + "\"alg\":\"" + alg + "\",\"kid\":\"key-" +
                    alg + "\",\"keys_to_sign\":[\"access_token\",\"refresh_token\"]," + source + ",\"disable_jwk_security\":true}}}";
                auto tree = json::SyntaxTree::parse(text);
                text = json::apply(text, *gateway::edit::addEndpoint(*tree, endpoint));
                const auto service = gateway::load(text, QStringLiteral("krakend.json"));
                QVERIFY(service.ok());
                const auto guarded = gateway::blocks::protectedEndpoint(*service, service->endpoints.back(), wishes);
                const auto refresh = gateway::blocks::refreshEndpoint(*service, service->endpoints.back(), wishes);
                QVERIFY(guarded.ok() && refresh.ok());
                tree = json::SyntaxTree::parse(text);
                text = gateway::edit::apply(text, gateway::blocks::addEndpoints(*tree, {*guarded, *refresh}));
                cases.append({path, {guarded->path, refresh->path}});
            }
        }
        QVERIFY(gateway.start(text));
        QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening() || gateway.hasEnded(), 60000);
        QVERIFY2(gateway.isListening(), gateway.output().constData());
        int passed = 0;
        for (const auto &[login, others] : cases) {
            const Answer signedAnswer = ask(gateway.port(), "POST", login, {});
            QVERIFY2(signedAnswer.status == 200, (login + ' ' + gateway.output().right(2000)).constData());
            const QByteArray access = memberText(signedAnswer.body, "access_token"),
                             renewed = memberText(signedAnswer.body, "refresh_token");
            QVERIFY2(access.count('.') == 2, login.constData());
            const Answer answer = ask(gateway.port(), "GET", others[0], access);
            QVERIFY2(answer.status == 200, (login + ' ' + gateway.output().right(2000)).constData());
            const Answer refreshed = ask(gateway.port(), "POST", others[1], renewed);
            QVERIFY2(refreshed.status == 200, (login + ' ' + gateway.output().right(2000)).constData());
            QVERIFY(memberText(refreshed.body, "access_token").count('.') == 2);
            // Must be refused: no token, and one whose signature is another's.
            QCOMPARE(ask(gateway.port(), "GET", others[0], {}).status, 401);
            QCOMPARE(ask(gateway.port(), "GET", others[0], access.first(access.lastIndexOf('.')) + ".AAAA").status, 401);
            ++passed;
        }
        QCOMPARE(passed, 26);
        qInfo("%d signers, each with its validator and refresh endpoint", passed);
        const lab::CheckAnswer lint = check(text);
        QVERIFY2(lint.kind == lab::CheckAnswer::Ok, lint.output.constData());
    }

    void exportsPassTheCheck_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("clean"); // the whole file lints clean
        QTest::newRow("demo") << playground::demoConfiguration() << true;
        QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/config-cases.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int number = 0;
        const int step = qEnvironmentVariableIsSet("TOKENLAB_FULL") ? 1 : 5;
        for (const QJsonValue &one : QJsonDocument::fromJson(file.readAll()).object().value(QLatin1String("cases")).toArray()) {
            const QJsonObject expect = one[QLatin1String("expect")].toObject();
            const QString name = one[QLatin1String("file")].toString();
            if (expect[QLatin1String("check")][QLatin1String("exit")].toInt() != 0 || !name.endsWith(QLatin1String(".json")))
                continue;
            const bool clean = expect[QLatin1String("lint")][QLatin1String("exit")].toInt() == 0;
            if (number++ % step == 0 || step == 1)
                QTest::newRow(qPrintable(one[QLatin1String("name")].toString()))
                    << (one[QLatin1String("text")].isString() ? one[QLatin1String("text")].toString().toUtf8()
                                                              : QByteArray::fromBase64(one[QLatin1String("base64")].toString().toLatin1()))
                    << clean;
        }
    }
    void exportsPassTheCheck()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, clean);
        const auto service = gateway::load(text, QStringLiteral("krakend.json"));
        QVERIFY(service.ok());
        for (const ExportKind kind : {ExportKind::Gateway, ExportKind::Endpoint, ExportKind::Signer, ExportKind::Validator}) {
            gateway::ExportWishes wishes;
            wishes.kind = kind;
            const auto out = gateway::exported(text, *service, wishes);
            if (!out)
                continue; // no signer here, or one that no validator fits
            const lab::CheckAnswer answer = check(wrapped(kind, out->text));
            const bool fits = answer.kind == lab::CheckAnswer::Ok || (!clean && answer.kind == lab::CheckAnswer::Lint) ||
                              ((kind == ExportKind::Gateway || kind == ExportKind::Endpoint) && answer.kind == lab::CheckAnswer::Routes);
            QVERIFY2(fits, (gateway::name(kind) + ": " + answer.output + '\n' + out->text).constData());
        }
    }
    void aBrokenExportWouldBeSeen()
    {
        QCOMPARE(check("{\"version\":3,\"endpoints\":[{\"endpoint\":\"/x\"}]}").kind, lab::CheckAnswer::Parse);
        QCOMPARE(check(wrapped(ExportKind::Signer, "{\"alg\":\"none\"}")).kind, lab::CheckAnswer::Lint);
    }

    void placeholdersComeBack()
    {
        const QByteArray text = playground::demoConfiguration().replace("\"/account\"", "\"/account/{{.Odd}}\"");
        const auto service = gateway::load(playground::demoConfiguration(), QStringLiteral("krakend.json"));
        QVERIFY(service.ok());
        gateway::ExportWishes wishes;
        wishes.placeholders = true;
        const auto out = gateway::exported(text, *service, wishes);
        QVERIFY(out->isTemplate);
        for (const gateway::Placeholder &placeholder : out->placeholders)
            qputenv(placeholder.name.constData(), placeholder.value);
        const lab::RenderResult back = rendered(out->text);
        QVERIFY2(back.ok(), back ? "" : back.error().text.constData());
        QCOMPARE(back->text, text);
        QVERIFY(back->emptyVariables.empty());
        for (const gateway::Placeholder &placeholder : out->placeholders)
            qunsetenv(placeholder.name.constData());
        // Must differ: without the variables the places are empty, and that is said.
        const lab::RenderResult empty = rendered(out->text);
        QVERIFY(empty.ok());
        QVERIFY(empty->text != text);
        QCOMPARE(empty->emptyVariables.size(), out->placeholders.size());
    }
    void brokenTemplates_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line"); // 0: it renders
        QTest::newRow("an action that is not closed") << QByteArray("{\n{{ .x") << 2;
        QTest::newRow("an unknown function") << QByteArray("{\n\n {{ nope 1 }}") << 3;
        QTest::newRow("must render: a wrong version is no matter of templates") << QByteArray("{\"version\": {{ 2 }}}") << 0;
        QTest::newRow("must render: an include that is missing stays empty") << QByteArray("{\"a\": [{{ include \"no.json\" }}]}") << 0;
    }
    void brokenTemplates()
    {
        QFETCH(QByteArray, text);
        const lab::RenderResult result = rendered(text);
        QTEST(result ? 0 : result.error().line, "line");
        if (result && text.contains("include"))
            QCOMPARE(result->missing, std::vector<QByteArray>{"no.json"});
    }
};

QTEST_GUILESS_MAIN(TestExportsAtTheGateway)
#include "tst_exports.moc"
