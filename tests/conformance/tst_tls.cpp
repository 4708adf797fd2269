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
    // Behind `Unable to create the signer: `, empty where it signs: as recorded, and from the gateway that runs. `@get `: `Get "URL": `,
    // `@x509 `: that and `tls: failed to verify certificate: x509: `. ORIGIN, OTHER: of the servers; AUTHORITY: host and port of the first.
    QByteArray recorded;
    Answer answer;
    QByteArrayList log, received;
};

// What differs from one run to the next.
QByteArray timeless(const QByteArray &line)
{
    static const QRegularExpression moment(QStringLiteral(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))"));
    static const QRegularExpression local(QStringLiteral(R"((read|write) tcp [0-9a-f:.\[\]]+:\d+->)"));
    return QString::fromUtf8(line).replace(moment, QStringLiteral("TIME")).replace(local, QStringLiteral("\\1 tcp LOCAL->")).toUtf8();
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
    void mustFailOnOtherWords();
    void coversEnough();

private:
    [[nodiscard]] QByteArray placed(const Subject &subject, QByteArray text) const;
    // The line of that error; empty for none.
    [[nodiscard]] QByteArray logged(const Subject &subject, const QByteArray &error) const;
    [[nodiscard]] QByteArray generic(const Subject &subject, QByteArray line) const;
    void record(const QString &path) const;
    [[nodiscard]] QByteArray url(const Subject &subject) const;
    [[nodiscard]] QByteArray configuration(int port) const;
    [[nodiscard]] twin::Outcome lab(std::size_t endpoint) const;
    [[nodiscard]] static Answer ask(const RealGateway &gateway, const QByteArray &target);
    [[nodiscard]] static twin::ClientRequest requestTo(const QByteArray &target);

    TlsIdentities m_ids;
    LoopbackProxy m_proxy;
    std::vector<Subject> m_subjects;
    std::unique_ptr<TlsServer> m_login;
    std::unique_ptr<RealGateway> m_gateway;
    std::shared_ptr<const gateway::ServiceConfig> m_service;
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
    return "ERROR [ENDPOINT: " + subject.path + "][JWTSigner] Unable to create the signer: " + placed(subject, error);
}

QByteArray TlsTest::configuration(int port) const
{
    QByteArrayList endpoints;
    for (const Subject &subject : m_subjects) {
        endpoints.append(
            "{\"endpoint\":\"" + subject.path + "\",\"backend\":[{\"host\":[\"" + m_login->origin() +
            "\"],\"url_pattern\":\"/login\"}],\"extra_config\":{\"auth/signer\":{\"alg\":\"HS256\",\"kid\":\"k\",\"keys_to_sign\":[\"t\"],"
            "\"jwk_url\":\"" +
            url(subject) + "\"," + subject.pair.members + "}}}");
    }
    return "{\"version\":3,\"timeout\":\"30s\",\"port\":" + QByteArray::number(port) + ",\"endpoints\":[\n" + endpoints.join(",\n") +
           "\n]}";
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

    m_login = std::make_unique<TlsServer>(m_ids, TlsHost{TlsHost::Http});
    QVERIFY(m_login->listen());
    for (const auto &pairs : {trustPairs(m_ids), certificatePairs(m_ids), pinPairs(m_ids), handshakePairs(m_ids), answerPairs(m_ids)}) {
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
    m_gateway = std::make_unique<RealGateway>();
    const QByteArray text = configuration(m_gateway->port());
    auto loaded = gateway::load(text, QStringLiteral("krakend.json"));
    QVERIFY2(loaded.ok(), loaded.ok() ? "" : loaded.error().text.constData());
    m_service = std::make_shared<const gateway::ServiceConfig>(std::move(loaded).value());
    if (RealGateway::find().isEmpty()) {
        QVERIFY2(!qEnvironmentVariableIsSet("TOKENLAB_CI"), "no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
        return;
    }
    QVERIFY(m_gateway->start(text));
    QTRY_VERIFY_WITH_TIMEOUT(m_gateway->isListening() || m_gateway->hasEnded(), 300000);
    QVERIFY2(!m_gateway->hasEnded(), m_gateway->output().right(3000).constData());
    for (Subject &subject : m_subjects) {
        subject.answer = ask(*m_gateway, subject.path);
        subject.received = requestsOf(subject);
    }
    (void)ask(*m_gateway, "/the-end"); // its access log comes after all lines before it
    QTRY_VERIFY_WITH_TIMEOUT(m_gateway->output().contains("/the-end"), 60000);
    const auto logs = m_gateway->logs();
    for (Subject &subject : m_subjects) {
        if (const auto lines = logs.find(subject.path); lines != logs.end())
            subject.log = timeless(lines->second);
    }
    if (const QString path = qEnvironmentVariable("TOKENLAB_TLS_RECORD"); !path.isEmpty())
        record(path);
}

// The gateway's words with what is another in each run taken out.
QByteArray TlsTest::generic(const Subject &subject, QByteArray line) const
{
    const QByteArray port = QByteArray::number(subject.server->port());
    line.replace(logged(subject, "*").chopped(1), "");
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

twin::Outcome TlsTest::lab(std::size_t endpoint) const
{
    lab::RunInput input;
    input.service = m_service;
    input.endpoint = endpoint;
    input.request = requestTo(m_subjects[endpoint].path);
    input.limits.keyHostDeadline = std::chrono::milliseconds(60000);
    lab::GatewayStart start(input.service, endpoint, {}, input.limits);
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
    const twin::Outcome outcome = lab(std::size_t(at));
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
    QCOMPARE(outcome.response.status, own.isEmpty() ? 200 : 401);
    QCOMPARE(timeless(QByteArrayList(outcome.log.begin(), outcome.log.end())).join('\n'), timeless(logged(subject, own)));
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
