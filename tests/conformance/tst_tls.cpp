// Pairs of a TLS server and a signer's configuration (specification §3): one real gateway with an endpoint for each, and the lab over the
// same servers. Both must answer the same, byte for byte, log the same, and have asked the servers the same.
// tests/data/tls-asked.json holds what the gateway said of each, so that the lab is held to it where there is no gateway; with
// TOKENLAB_TLS_RECORD=FILE it is written anew.
#include "core/lab/run.h"
#include "tests/support/realgateway.h"
#include "tests/support/tlspairs.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace tokenlab;
using namespace tokenlab::testsupport;

namespace {

// A pair with its servers, and what the gateway did with it.
struct Subject {
    TlsPair pair;
    std::unique_ptr<TlsServer> server, other;
    QByteArray path; // `/c1`
    // Behind `Unable to create the signer: `, of backends the whole line with PATH, empty where it signs: as recorded, and from the gateway
    // that runs. `@get `: `Get "URL": `,
    // `@x509 `: that and `tls: failed to verify certificate: x509: `. ORIGIN, OTHER: of the servers; AUTHORITY: host and port of the first.
    QByteArray recorded;
    Answer answer;
    QByteArrayList log, received;
    std::size_t deployment = 0, endpoint = 0;
};

// All the pairs that one gateway can serve: those of signers, and those of each configuration of client_tls.
struct Deployment {
    QByteArray members; // of the configuration
    std::vector<std::size_t> subjects;
    std::unique_ptr<RealGateway> gateway;
    std::shared_ptr<const gateway::ServiceConfig> service;
};

// What differs from one run to the next.
QByteArray timeless(const QByteArray &line)
{
    static const QRegularExpression moment(QStringLiteral(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))"));
    static const QRegularExpression local(QStringLiteral(R"((read|write) tcp [0-9a-f:.\[\]]+:\d+->)"));
    QString out = QString::fromUtf8(line).replace(moment, QStringLiteral("TIME")).replace(local, QStringLiteral("\\1 tcp LOCAL->"));
    // A refusal that comes after the handshake is met by whichever half of the gateway's connection is faster; this one names itself.
    return out.remove(QStringLiteral("readLoopPeekFailLocked: ")).toUtf8();
}

QByteArrayList timeless(const QByteArrayList &lines)
{
    QByteArrayList out;
    for (const QByteArray &line : lines)
        out.append(timeless(line));
    return out;
}

QByteArrayList requestsOf(Subject &subject)
{
    QByteArrayList out;
    for (TlsServer *server : {subject.server.get(), subject.other.get()}) {
        if (!server)
            continue;
        for (const playground::ServerRequest &request : server->takeReceived()) {
            QByteArray one = request.method + ' ' + request.target;
            for (const http::Header &header : request.headers)
                one += '\n' + header.name + ": " + header.value;
            out.append(one + "\n\n" + request.body);
        }
        out.append("--");
    }
    return out;
}

} // namespace

class TlsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void says_data();
    void says();
    void silentHost();
    void silentHandshake();
    void mustFailOnOtherWords();
    void coversEnough();

private:
    [[nodiscard]] QByteArray placed(const Subject &subject, QByteArray text) const;
    // The line of that error; empty for none.
    [[nodiscard]] QByteArray logged(const Subject &subject, const QByteArray &error) const;
    [[nodiscard]] QByteArray generic(const Subject &subject, QByteArray line) const;
    void record(const QString &path) const;
    [[nodiscard]] QByteArray url(const Subject &subject) const;
    [[nodiscard]] QByteArray configuration(const Deployment &deployment, int port) const;
    void askGateways();
    [[nodiscard]] twin::Outcome lab(const Subject &subject) const;
    [[nodiscard]] static Answer ask(const RealGateway &gateway, const QByteArray &target);
    [[nodiscard]] QByteArray oneSigner(const TlsServer &server, int port) const;
    [[nodiscard]] static std::optional<twin::SignerState> startedSigner(const QByteArray &text, const lab::RunLimits &limits);
    [[nodiscard]] static twin::ClientRequest requestTo(const QByteArray &target);

    TlsIdentities m_ids;
    LoopbackProxy m_proxy;
    std::vector<Subject> m_subjects;
    std::unique_ptr<TlsServer> m_login;
    std::vector<Deployment> m_deployments;
    QByteArray m_keys; // path of a key set
};

QByteArray TlsTest::url(const Subject &subject) const
{
    return QByteArray(subject.pair.url)
        .replace("ORIGIN", subject.server->origin())
        .replace("PORT", QByteArray::number(subject.server->port()));
}

QByteArray TlsTest::placed(const Subject &subject, QByteArray text) const
{
    const QByteArray asked = url(subject);
    text.replace("@x509 ", "@get tls: failed to verify certificate: x509: ").replace("@get ", "Get \"" + asked + "\": ");
    if (subject.other)
        text.replace("OTHER", subject.other->origin());
    return text.replace("@url", asked)
        .replace("ORIGIN", subject.server->origin())
        .replace("AUTHORITY", subject.server->origin().sliced(8))
        .replace("PORT", QByteArray::number(subject.server->port()))
        .replace("FOLDER", m_ids.folder());
}

QByteArray TlsTest::logged(const Subject &subject, const QByteArray &error) const
{
    if (error.isEmpty())
        return {};
    if (subject.pair.backend)
        return placed(subject, QByteArray(error).replace("PATH", subject.path));
    return "ERROR [ENDPOINT: " + subject.path + "][JWTSigner] Unable to create the signer: " + placed(subject, error);
}

QByteArray TlsTest::configuration(const Deployment &deployment, int port) const
{
    QByteArrayList endpoints;
    for (const std::size_t index : deployment.subjects) {
        const Subject &subject = m_subjects[index];
        const bool backend = subject.pair.backend;
        const QByteArray signer = backend ? "\"jwk_local_path\":\"" + m_keys + "\",\"disable_jwk_security\":true"
                                          : "\"jwk_url\":\"" + url(subject) + "\"," + subject.pair.members;
        endpoints.append(
            "{\"endpoint\":\"" + subject.path + "\",\"backend\":[{\"host\":[\"" + (backend ? subject.server->origin() : m_login->origin()) +
            "\"],\"url_pattern\":\"/login\"}],\"extra_config\":{\"auth/signer\":{\"alg\":\"HS256\",\"kid\":\"k\",\"keys_to_sign\":"
            "[\"t\"]," +
            signer + "}}}");
    }
    return "{\"version\":3,\"timeout\":\"30s\"," + deployment.members + "\"port\":" + QByteArray::number(port) + ",\"endpoints\":[\n" +
           endpoints.join(",\n") + "\n]}";
}

twin::ClientRequest TlsTest::requestTo(const QByteArray &target)
{
    twin::ClientRequest request;
    request.method = "GET";
    request.target = target;
    return request;
}

Answer TlsTest::ask(const RealGateway &gateway, const QByteArray &target)
{
    Answer answer;
    // The line in the log is written a moment before the port is open.
    for (int attempt = 0; attempt < 100 && answer.status == 0; ++attempt) {
        RawExchange exchange(gateway.port(), requestTo(target));
        QSignalSpy done(&exchange, &RawExchange::done);
        if (!exchange.isDone() && !done.wait(30000))
            return {};
        answer = exchange.answer();
    }
    return answer;
}

void TlsTest::initTestCase()
{
    QVERIFY2(m_ids.trouble().isEmpty(), m_ids.trouble().constData());
    // For the gateway and the lab alike: one root of the system's, and a proxy for all that is not loopback's.
    qputenv("SSL_CERT_FILE", m_ids.file("system.pem", m_ids["system-ca"].certificatePem));
    qputenv("SSL_CERT_DIR", m_ids.folder() + "/none");
    QVERIFY(m_proxy.listen());
    for (const char *name : {"HTTP_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy"})
        qunsetenv(name);
    qputenv("HTTPS_PROXY", m_proxy.url());

    QFile asked(QStringLiteral(TOKENLAB_TEST_DATA "/tls-asked.json"));
    QVERIFY(asked.open(QIODevice::ReadOnly));
    const QJsonObject recorded = QJsonDocument::fromJson(asked.readAll()).object();

    m_keys = m_ids.file("keys.json", tlsKeySet());
    m_login = std::make_unique<TlsServer>(m_ids, TlsHost{TlsHost::Http});
    QVERIFY(m_login->listen());
    for (const auto &pairs :
         {trustPairs(m_ids), certificatePairs(m_ids), pinPairs(m_ids), handshakePairs(m_ids), answerPairs(m_ids), backendPairs(m_ids)}) {
        for (const TlsPair &pair : pairs) {
            Subject subject;
            subject.pair = pair;
            subject.recorded = recorded.value(QString::fromUtf8(pair.name)).toString(QStringLiteral("not recorded")).toUtf8();
            subject.path = "/c" + QByteArray::number(m_subjects.size() + 1);
            if (pair.other) {
                subject.other = std::make_unique<TlsServer>(m_ids, *pair.other);
                QVERIFY2(subject.other->listen(), pair.name.constData());
            }
            subject.server = std::make_unique<TlsServer>(m_ids, pair.host);
            QVERIFY2(subject.server->listen(subject.other ? subject.other->origin() : QByteArray()), pair.name.constData());
            m_subjects.push_back(std::move(subject));
        }
    }
    for (std::size_t i = 0; i < m_subjects.size(); ++i) {
        const TlsPair &pair = m_subjects[i].pair;
        const QByteArray members = pair.backend ? pair.members : QByteArray();
        // Signers are apart from the backends of no configuration.
        auto found = std::find_if(m_deployments.begin(), m_deployments.end(), [&](const Deployment &one) {
            return one.members == members && m_subjects[one.subjects.front()].pair.backend == pair.backend;
        });
        if (found == m_deployments.end()) {
            m_deployments.emplace_back();
            found = std::prev(m_deployments.end());
            found->members = members;
        }
        m_subjects[i].deployment = std::size_t(found - m_deployments.begin());
        m_subjects[i].endpoint = found->subjects.size();
        found->subjects.push_back(i);
    }
    for (Deployment &deployment : m_deployments) {
        deployment.gateway = std::make_unique<RealGateway>();
        const QByteArray text = configuration(deployment, deployment.gateway->port());
        auto loaded = gateway::load(text, QStringLiteral("krakend.json"));
        QVERIFY2(loaded.ok(), loaded.ok() ? "" : loaded.error().text.constData());
        deployment.service = std::make_shared<const gateway::ServiceConfig>(std::move(loaded).value());
        if (!RealGateway::find().isEmpty())
            QVERIFY(deployment.gateway->start(text));
    }
    if (RealGateway::find().isEmpty())
        QVERIFY2(!qEnvironmentVariableIsSet("TOKENLAB_CI"), "no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
    else
        askGateways();
}

void TlsTest::askGateways()
{
    for (Deployment &deployment : m_deployments) {
        RealGateway &gateway = *deployment.gateway;
        QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening() || gateway.hasEnded(), 300000);
        QVERIFY2(!gateway.hasEnded(), gateway.output().right(3000).constData());
        for (const std::size_t index : deployment.subjects) {
            m_subjects[index].answer = ask(gateway, m_subjects[index].path);
            m_subjects[index].received = requestsOf(m_subjects[index]);
        }
        (void)ask(gateway, "/the-end"); // its access log comes after all lines before it
        QTRY_VERIFY_WITH_TIMEOUT(gateway.output().contains("/the-end"), 60000);
        const auto logs = gateway.logs();
        for (const std::size_t index : deployment.subjects) {
            if (const auto lines = logs.find(m_subjects[index].path); lines != logs.end())
                m_subjects[index].log = timeless(lines->second);
        }
    }
    if (const QString path = qEnvironmentVariable("TOKENLAB_TLS_RECORD"); !path.isEmpty())
        record(path);
}

// The gateway's words with what is another in each run taken out.
QByteArray TlsTest::generic(const Subject &subject, QByteArray line) const
{
    const QByteArray port = QByteArray::number(subject.server->port());
    line.replace(subject.pair.backend ? subject.path : logged(subject, "*").chopped(1), subject.pair.backend ? "PATH" : "");
    line.replace("Get \"" + url(subject) + "\": ", "@get ").replace("@get tls: failed to verify certificate: x509: ", "@x509 ");
    if (subject.other)
        line.replace(subject.other->origin(), "OTHER");
    return line.replace(url(subject), "@url")
        .replace(subject.server->origin(), "ORIGIN")
        .replace(subject.server->origin().sliced(subject.server->origin().indexOf("//") + 2), "AUTHORITY")
        .replace(':' + port, ":PORT")
        .replace(m_ids.folder(), "FOLDER");
}

void TlsTest::record(const QString &path) const
{
    QJsonObject all;
    for (const Subject &subject : m_subjects)
        all.insert(QString::fromUtf8(subject.pair.name), QString::fromUtf8(generic(subject, subject.log.join('\n'))));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(all).toJson()) <= 0)
        qWarning("nothing recorded");
}

twin::Outcome TlsTest::lab(const Subject &subject) const
{
    lab::RunInput input;
    input.service = m_deployments[subject.deployment].service;
    input.endpoint = subject.endpoint;
    input.request = requestTo(subject.path);
    input.limits.keyHostDeadline = std::chrono::milliseconds(60000);
    lab::GatewayStart start(input.service, input.endpoint, {}, input.limits);
    QSignalSpy started(&start, &lab::GatewayStart::finished);
    QObject::connect(&start, &lab::GatewayStart::finished, &start, [&](const twin::SignerState &state) { input.signer = state; });
    start.start();
    if (!started.wait(120000))
        return {};
    lab::Run run(input);
    std::optional<twin::Outcome> outcome;
    QSignalSpy finished(&run, &lab::Run::finished);
    QObject::connect(&run, &lab::Run::finished, &run, [&](const twin::Outcome &one) { outcome = one; });
    run.start();
    if (!outcome)
        finished.wait(120000);
    return outcome.value_or(twin::Outcome{});
}

void TlsTest::says_data()
{
    QTest::addColumn<int>("at");
    for (std::size_t i = 0; i < m_subjects.size(); ++i)
        QTest::newRow(m_subjects[i].pair.name.constData()) << int(i);
}

void TlsTest::says()
{
    QFETCH(const int, at);
    Subject &subject = m_subjects[std::size_t(at)];
    const twin::Outcome outcome = lab(subject);
    const QByteArrayList received = requestsOf(subject);
    const QByteArray own = subject.pair.labError.isEmpty() ? subject.recorded : subject.pair.labError;
    if (!RealGateway::find().isEmpty()) {
        if (subject.pair.labError.isEmpty())
            QCOMPARE(timeless(QByteArrayList(outcome.log.begin(), outcome.log.end())), subject.log);
        QCOMPARE(outcome.response.status, subject.answer.status);
        QCOMPARE(outcome.response.body, subject.answer.body);
        QCOMPARE(received.join('\n'), subject.received.join('\n'));
        QCOMPARE(subject.log.join('\n'), timeless(logged(subject, subject.recorded)));
    }
    QCOMPARE(outcome.response.status, own.isEmpty() ? 200 : subject.pair.backend ? 400 : 401);
    QCOMPARE(timeless(QByteArrayList(outcome.log.begin(), outcome.log.end())).join('\n'), timeless(logged(subject, own)));
}

QByteArray TlsTest::oneSigner(const TlsServer &server, int port) const
{
    return "{\"version\":3,\"port\":" + QByteArray::number(port) + ",\"endpoints\":[{\"endpoint\":\"/c1\",\"backend\":[{\"host\":[\"" +
           m_login->origin() +
           "\"],\"url_pattern\":\"/login\"}],\"extra_config\":{\"auth/signer\":{\"alg\":\"HS256\",\"kid\":\"k\",\"jwk_url\":\"" +
           server.origin() + "/jwk\",\"disable_jwk_security\":true}}}]}";
}

std::optional<twin::SignerState> TlsTest::startedSigner(const QByteArray &text, const lab::RunLimits &limits)
{
    auto loaded = gateway::load(text, QStringLiteral("krakend.json"));
    if (!loaded)
        return std::nullopt;
    std::optional<twin::SignerState> out;
    lab::GatewayStart start(std::make_shared<const gateway::ServiceConfig>(std::move(loaded).value()), 0, {}, limits);
    QSignalSpy finished(&start, &lab::GatewayStart::finished);
    QObject::connect(&start, &lab::GatewayStart::finished, &start, [&](const twin::SignerState &state) { out = state; });
    start.start();
    (void)finished.wait(60000);
    return out;
}

// A host that reads the request and stays silent holds the whole gateway's start back, for as long as it likes.
void TlsTest::silentHost()
{
    TlsServer server(m_ids, {.kind = TlsHost::RawTls, .after = TlsHost::StayOpen});
    QVERIFY(server.listen());
    RealGateway gateway;
    const QByteArray text = oneSigner(server, gateway.port());
    lab::RunLimits limits;
    limits.keyHostDeadline = std::chrono::milliseconds(100);
    const auto state = startedSigner(text, limits);
    QVERIFY(state && state->error);
    QVERIFY(state->error->hangs);
    if (RealGateway::find().isEmpty())
        QSKIP("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
    const qint64 before = server.applicationBytes();
    QVERIFY(before > 0);
    QVERIFY(gateway.start(text));
    QTRY_VERIFY_WITH_TIMEOUT(server.applicationBytes() > before, 60000);
    QVERIFY(!gateway.isListening() && !gateway.hasEnded());
    server.closeConnections(); // that, and nothing else, lets it go on
    QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening(), 60000);
    QTRY_COMPARE_WITH_TIMEOUT(
        gateway.logs()["/c1"],
        (QByteArrayList{"ERROR [ENDPOINT: /c1][JWTSigner] Unable to create the signer: Get \"" + server.origin() + "/jwk\": EOF"}), 60000);
}

// A host that never answers the hello is given up by both; the lab's own limit is made short here, the gateway's is ten seconds.
void TlsTest::silentHandshake()
{
    TlsServer server(m_ids, {.kind = TlsHost::RawTcp, .after = TlsHost::StayOpen});
    QVERIFY(server.listen());
    RealGateway gateway;
    const QByteArray text = oneSigner(server, gateway.port());
    lab::RunLimits limits;
    limits.handshakeTimeout = std::chrono::milliseconds(100);
    const auto state = startedSigner(text, limits);
    QVERIFY(state && state->error);
    QVERIFY(!state->error->hangs);
    QCOMPARE(state->error->text, "Get \"" + server.origin() + "/jwk\": net/http: TLS handshake timeout");
    if (RealGateway::find().isEmpty())
        QSKIP("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
    QVERIFY(gateway.start(text));
    QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening(), 120000);
    QCOMPARE(gateway.logs()["/c1"],
             (QByteArrayList{"ERROR [ENDPOINT: /c1][JWTSigner] Unable to create the signer: " + state->error->text}));
}

void TlsTest::mustFailOnOtherWords()
{
    QCOMPARE(timeless(QByteArray("read tcp 127.0.0.1:1->127.0.0.1:2: read")),
             timeless(QByteArray("read tcp 127.0.0.1:3->127.0.0.1:2: read")));
    QVERIFY(timeless(QByteArray("read tcp 127.0.0.1:1->127.0.0.1:2: read")) !=
            timeless(QByteArray("read tcp 127.0.0.1:1->127.0.0.1:3: read")));
}

void TlsTest::coversEnough()
{
    QSet<QByteArray> names;
    for (const Subject &subject : m_subjects)
        names.insert(subject.pair.name);
    QCOMPARE(std::size_t(names.size()), m_subjects.size());
    QVERIFY(names.size() >= 80);
}

QTEST_GUILESS_MAIN(TlsTest)
#include "tst_tls.moc"
