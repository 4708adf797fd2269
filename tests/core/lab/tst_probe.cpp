// What is to be seen of a host: hops, times, chain, pins, and the gateway's words, beside a real TLS server with its faults.
#include "core/jose/base64.h"
#include "core/lab/probe.h"
#include "core/playground/demo.h"
#include "core/text/connection.h"

#include <QTemporaryDir>
#include <QTest>
#include <QTestEventLoop>

#include <algorithm>

using namespace tokenlab;
using playground::DemoBackend;
using playground::Fault;
using text::ConnectionRemedy;
using text::ConnectionStep;
using text::GatewayClient;

namespace {

QByteArray stateName(ConnectionStep::State state)
{
    switch (state) {
    case ConnectionStep::Done:
        return "ok";
    case ConnectionStep::Failed:
        return "failed";
    case ConnectionStep::Attention:
        return "note";
    case ConnectionStep::NotReached:
        return "-";
    }
    return {};
}

// `connection ok, TLS handshake ok, trust failed, answer -`
QByteArray summary(const std::vector<ConnectionStep> &steps)
{
    QByteArrayList out;
    for (const ConnectionStep &step : steps)
        out.append(step.title.toUtf8().toLower() + ' ' + stateName(step.state));
    return out.join(", ");
}

QByteArray actions(const std::vector<ConnectionRemedy> &remedies)
{
    QByteArrayList out;
    for (const ConnectionRemedy &remedy : remedies) {
        const QByteArray at = remedy.certificate >= 0 ? ' ' + QByteArray::number(remedy.certificate) : QByteArray();
        out.append((remedy.action == ConnectionRemedy::TrustCertificate ? "trust"
                    : remedy.action == ConnectionRemedy::UsePin         ? "pin"
                                                                        : "words") +
                   at);
    }
    return out.join(", ");
}

std::optional<lab::Probed> probed(const lab::ProbeTarget &target)
{
    std::optional<lab::Probed> out;
    QTestEventLoop loop;
    lab::Probe probe(target);
    QObject::connect(&probe, &lab::Probe::finished, &probe, [&](const lab::Probed &result) {
        out = result;
        loop.exitLoop();
    });
    probe.start();
    loop.enterLoopMSecs(60000);
    return out;
}

std::optional<http::TransportError> errorOf(const lab::Probed &probed)
{
    return probed.reply ? std::nullopt : std::optional(probed.reply.error());
}

} // namespace

class ProbeTest : public QObject
{
    Q_OBJECT
private:
    DemoBackend m_demo{systemNow};
    QTemporaryDir m_folder;

    [[nodiscard]] QByteArray keyUrl() const { return m_demo.tls()->origin + "/jwk/symmetric.json"; }

private Q_SLOTS:
    void initTestCase();
    void faults_data();
    void faults();
    void trustThatCertificate();
    void pins_data();
    void pins();
    void redirects();
    void plainHttp();
    void keyHostOfADocument_data();
    void keyHostOfADocument();
    void backendWithClientTls();
    void aborted();
};

void ProbeTest::initTestCase()
{
    for (const char *name : {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"})
        qunsetenv(name);
    QVERIFY(m_demo.start(0, true));
    QVERIFY(m_demo.startHttps(0, true, m_folder.path()));
}

void ProbeTest::faults_data()
{
    QTest::addColumn<int>("fault"); // -1: none
    QTest::addColumn<QByteArray>("steps");
    QTest::addColumn<QByteArray>("says"); // of what the gateway says
    QTest::addColumn<QByteArray>("todo");
    const auto row = [](const char *name, int fault, const char *steps, const char *says, const char *todo) {
        QTest::newRow(name) << fault << QByteArray(steps) << QByteArray(says) << QByteArray(todo);
    };
    row("all is well", -1, "connection ok, tls handshake ok, trust ok, answer ok", "", "");
    row("expired", int(Fault::Expired), "connection ok, tls handshake ok, trust failed, answer -",
        "certificate has expired or is not yet valid", "words, words");
    row("another name", int(Fault::WrongName), "connection ok, tls handshake ok, trust failed, answer -", "x509: certificate is valid for",
        "words, words");
    row("another CA", int(Fault::WrongCa), "connection ok, tls handshake ok, trust failed, answer -",
        "x509: certificate signed by unknown authority", "trust 1, words");
    row("common name only", int(Fault::CommonName), "connection ok, tls handshake ok, trust failed, answer -", "x509: ", "words, words");
    row("not TLS", int(Fault::NotTls), "connection ok, tls handshake failed, trust -, answer -",
        "server gave HTTP response to HTTPS client", "words");
    row("hangs up", int(Fault::HangUp), "connection ok, tls handshake failed, trust -, answer -", ": EOF", "words");
    row("nothing there", int(Fault::KeyHostDown), "connection failed, tls handshake -, trust -, answer -", "connect: connection refused",
        "words");
    row("404", int(Fault::NotFound), "connection ok, tls handshake ok, trust ok, answer ok", "", "");
}

void ProbeTest::faults()
{
    QFETCH(const int, fault);
    QFETCH(const QByteArray, steps);
    QFETCH(const QByteArray, says);
    QFETCH(const QByteArray, todo);
    QVERIFY(m_demo.setFaults(fault < 0 ? playground::FaultSet() : playground::FaultSet{Fault(fault)}));
    lab::UrlTrust trust;
    trust.extraRoots = {m_demo.tls()->caPem};
    const lab::ProbeTarget target = lab::urlTarget(keyUrl(), trust, {});
    const auto result = probed(target);
    QVERIFY(m_demo.setFaults({}));
    QVERIFY(result);
    QCOMPARE(int(result->hops.size()), 1);
    const net::SeenHop &hop = result->hops.front();
    QCOMPARE(summary(text::connectionSteps(hop, target.policy.tls, errorOf(*result))), steps);
    QVERIFY2(says.isEmpty() ? result->gatewayText.isEmpty() : result->gatewayText.contains(says), result->gatewayText.constData());
    QCOMPARE(actions(text::connectionRemedies(hop, target.policy.tls, errorOf(*result), GatewayClient::KeyHost)), todo);
    QCOMPARE(hop.certificates.empty(), !steps.contains("tls handshake ok"));
    if (!hop.certificates.empty()) {
        QVERIFY(hop.report.protocol == "TLSv1.3" && !hop.report.suite.isEmpty());
        QVERIFY(hop.report.handshakeMs >= 0 && hop.report.connectMs >= 0);
        QVERIFY(hop.certificates.front().sent);
        QCOMPARE(hop.certificates.front().verified, says.isEmpty());
    }
}

// What "trust this CA" takes makes the same look succeed.
void ProbeTest::trustThatCertificate()
{
    const lab::ProbeTarget before = lab::urlTarget(keyUrl(), {}, {});
    const auto refused = probed(before);
    QVERIFY(refused && !refused->reply);
    const net::SeenHop &hop = refused->hops.front();
    const auto remedies = text::connectionRemedies(hop, before.policy.tls, errorOf(*refused), GatewayClient::KeyHost);
    QVERIFY(!remedies.empty());
    // The playground sends its CA along, or its leaf alone: then there is nothing to take.
    const auto takes = std::find_if(remedies.begin(), remedies.end(),
                                    [](const ConnectionRemedy &one) { return one.action == ConnectionRemedy::TrustCertificate; });
    QVERIFY(takes != remedies.end());
    lab::UrlTrust trust;
    trust.extraRoots = {crypto::certificatePem(hop.certificates[std::size_t(takes->certificate)].der)};
    const auto taken = probed(lab::urlTarget(keyUrl(), trust, {}));
    QVERIFY(taken && taken->reply);
    QVERIFY(taken->hops.front().trust && taken->hops.front().trust->ok());
}

void ProbeTest::pins_data()
{
    QTest::addColumn<QByteArray>("pin"); // leaf, ca, wrong, certificate
    QTest::addColumn<bool>("verify");
    QTest::addColumn<QByteArray>("steps");
    QTest::addColumn<QByteArray>("todo");
    const auto row = [](const char *name, const char *pin, bool verify, const char *steps, const char *todo) {
        QTest::newRow(name) << QByteArray(pin) << verify << QByteArray(steps) << QByteArray(todo);
    };
    row("the peer's key", "leaf", true, "connection ok, tls handshake ok, trust ok, pins ok, answer ok", "");
    row("its CA's key, when it is sent", "ca", true, "connection ok, tls handshake ok, trust ok, pins ok, answer ok", "");
    row("must fail: another key", "wrong", true, "connection ok, tls handshake ok, trust ok, pins failed, answer -", "pin 0");
    row("must fail: the certificate's digest", "certificate", true, "connection ok, tls handshake ok, trust ok, pins failed, answer -",
        "pin 0, words");
    row("nothing but the pin", "leaf", false, "connection ok, tls handshake ok, trust ok, pins ok, answer ok", "");
    row("must fail: nothing but a wrong pin", "wrong", false, "connection ok, tls handshake ok, trust ok, pins failed, answer -", "pin 0");
}

void ProbeTest::pins()
{
    QFETCH(const QByteArray, pin);
    QFETCH(const bool, verify);
    QFETCH(const QByteArray, steps);
    QFETCH(const QByteArray, todo);
    lab::UrlTrust trust;
    trust.verify = verify;
    trust.extraRoots = {m_demo.tls()->caPem};
    const auto decoded = [](const QByteArray &text) { return *jose::decodeBase64Url(text); };
    if (pin == "leaf")
        trust.pins = {decoded(m_demo.tls()->leafPin)};
    else if (pin == "ca")
        trust.pins = {QByteArray(32, 'x'), decoded(m_demo.tls()->caPin)};
    else if (pin == "wrong")
        trust.pins = {QByteArray(32, 'x')};
    else {
        const auto seen = probed(lab::urlTarget(keyUrl(), {trust.extraRoots, {}, true}, {}));
        QVERIFY(seen && !seen->hops.empty() && !seen->hops.front().certificates.empty());
        trust.pins = {seen->hops.front().certificates.front().info.certificateDigest};
    }
    const lab::ProbeTarget target = lab::urlTarget(keyUrl(), trust, {});
    const auto result = probed(target);
    QVERIFY(result && result->hops.size() == 1);
    QCOMPARE(summary(text::connectionSteps(result->hops.front(), target.policy.tls, errorOf(*result))), steps);
    QCOMPARE(actions(text::connectionRemedies(result->hops.front(), target.policy.tls, errorOf(*result), GatewayClient::KeyHost)), todo);
    if (!result->reply)
        QVERIFY2(result->gatewayText.endsWith("JWK client did not find a pinned key"), result->gatewayText.constData());
}

void ProbeTest::redirects()
{
    QVERIFY(m_demo.setFault(Fault::RedirectToHttp, true));
    const lab::ProbeTarget target = lab::urlTarget(keyUrl(), {{m_demo.tls()->caPem}, {}, true}, {});
    const auto result = probed(target);
    QVERIFY(m_demo.setFaults({}));
    QVERIFY(result && result->reply);
    QCOMPARE(int(result->hops.size()), 2);
    const net::SeenHop &first = result->hops.front(), &second = result->hops.back();
    QVERIFY(first.secure && !second.secure);
    QVERIFY(first.report.status >= 301 && first.report.status <= 308);
    QVERIFY2(first.report.location.startsWith("http://"), first.report.location.constData());
    QCOMPARE(second.report.status, 200);
    QVERIFY(second.certificates.empty() && !second.trust);
    QCOMPARE(summary(text::connectionSteps(second, target.policy.tls, std::nullopt)), QByteArray("connection ok, answer ok"));
}

void ProbeTest::plainHttp()
{
    lab::UrlTrust trust;
    trust.pins = {QByteArray(32, 'x')};
    const lab::ProbeTarget target = lab::urlTarget(m_demo.origin() + "/jwk/symmetric.json", trust, {});
    const auto result = probed(target);
    QVERIFY(result && result->reply);
    const auto steps = text::connectionSteps(result->hops.front(), target.policy.tls, std::nullopt);
    QCOMPARE(summary(steps), QByteArray("connection ok, pins note, answer ok"));
    QVERIFY(steps[1].text.contains(QLatin1String("pins do not count over http")));
}

void ProbeTest::keyHostOfADocument_data()
{
    QTest::addColumn<QByteArray>("signer"); // members beside alg, kid and the like
    QTest::addColumn<QByteArray>("error");  // what follows "Unable to create the signer: "; "" none
    const auto row = [](const char *name, const char *signer, const char *error) {
        QTest::newRow(name) << QByteArray(signer) << QByteArray(error);
    };
    row("its CA named", R"("kid":"sim2","jwk_local_ca":"CA")", "");
    row("must fail: nobody vouches", R"("kid":"sim2")",
        "Get \"URL\": tls: failed to verify certificate: x509: certificate signed by unknown authority");
    row("must fail: the kid is not there", R"("kid":"sim9","jwk_local_ca":"CA")", "no Keys have been found");
    row("must fail: an undecodable pin", R"("kid":"sim2","jwk_local_ca":"CA","jwk_fingerprints":["AA"])",
        "decoding fingerprint #0: illegal base64 data at input byte 0");
    row("must fail: no such CA file", R"("kid":"sim2","jwk_local_ca":"/nowhere/ca.pem")",
        "failed to append \"/nowhere/ca.pem\" to RootCAs: open /nowhere/ca.pem: no such file or directory");
}

void ProbeTest::keyHostOfADocument()
{
    QFETCH(QByteArray, signer);
    QFETCH(QByteArray, error);
    signer.replace("CA\"", m_demo.tls()->caFile.toUtf8() + '"');
    error.replace("URL", keyUrl());
    QByteArray text = R"({"version":3,"endpoints":[{"endpoint":"/token","method":"POST","backend":[{"host":["HOST"],"url_pattern":"/"}],)"
                      R"("extra_config":{"auth/signer":{"alg":"HS256","keys_to_sign":["a"],"jwk_url":"URL",SIGNER}}}]})";
    text.replace("HOST", m_demo.origin()).replace("URL", keyUrl()).replace("SIGNER", signer);
    auto service = gateway::load(text, QStringLiteral("krakend.json"));
    QVERIFY(service);
    const auto target = lab::keyHostTarget(std::make_shared<const gateway::ServiceConfig>(*std::move(service)), 0, {}, {});
    if (!target) {
        QVERIFY(target.error().error);
        QCOMPARE(target.error().error->text, error);
        return;
    }
    const auto result = probed(*target);
    QVERIFY(result && result->signer);
    QCOMPARE(result->signer->error ? result->signer->error->text : QByteArray(), error);
    QCOMPARE(result->signer->signer.has_value(), error.isEmpty());
}

void ProbeTest::backendWithClientTls()
{
    for (const bool trusted : {true, false}) {
        const QByteArray tls =
            trusted ? QByteArray("\"client_tls\":{\"ca_certs\":[\"" + m_demo.tls()->caFile.toUtf8() + "\"]},") : QByteArray();
        const auto service = gateway::load("{\"version\":3," + tls + "\"endpoints\":[]}", QStringLiteral("krakend.json"));
        QVERIFY(service);
        lab::Bindings bindings;
        bindings.add({"https://login.example", m_demo.tls()->origin});
        const lab::ProbeTarget target = lab::backendTarget(*service, "https://login.example", bindings, {});
        const auto result = probed(target);
        QVERIFY(result && !result->hops.empty());
        QCOMPARE(result->reply.ok(), trusted);
        if (!trusted) {
            QCOMPARE(result->gatewayText,
                     QByteArray("Get \"https://login.example\": tls: failed to verify certificate: x509: certificate signed by unknown "
                                "authority"));
            const auto remedies =
                text::connectionRemedies(result->hops.back(), target.policy.tls, errorOf(*result), GatewayClient::Backend);
            QVERIFY(!remedies.empty() && remedies.front().text.contains(QLatin1String("client_tls/ca_certs")));
        }
    }
}

void ProbeTest::aborted()
{
    lab::Probe probe(lab::urlTarget(keyUrl(), {}, {}));
    bool told = false;
    connect(&probe, &lab::Probe::finished, this, [&] { told = true; });
    probe.start();
    probe.abort();
    // Another look takes longer than what is still under way.
    QVERIFY(probed(lab::urlTarget(keyUrl(), {}, {})));
    QVERIFY(!told);
}

QTEST_GUILESS_MAIN(ProbeTest)
#include "tst_probe.moc"
