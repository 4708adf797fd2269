// The order of checks at the gateway's start (specification §1.5): a configuration with several faults shows the first; and what the twin
// asks for on the way.
#include "core/twin/signer.h"

#include <QTest>

using namespace tokenlab;

namespace {

// JSON with single quotes, which moc reads more easily than raw strings.
QByteArray jsonOf(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

const QByteArray keySet = jsonOf("{'keys':[{'kty':'oct','kid':'k','k':'AAAA'}]}");

Result<gateway::ServiceConfig, gateway::ConfigError> configWith(const QByteArray &signer)
{
    return gateway::load("{\"version\":3,\"endpoints\":[{\"endpoint\":\"/t\",\"backend\":[{\"host\":[\"http://h\"],\"url_pattern\":\"/\"}],"
                         "\"extra_config\":{\"auth/signer\":" +
                             signer + "}}]}",
                         QStringLiteral("krakend.json"));
}

http::Reply keyReply(const QByteArray &body, const char *type = "application/json")
{
    http::Reply reply;
    reply.status = 200;
    reply.headers.append("Content-Type", type);
    reply.body = body;
    return reply;
}

// Every file is missing, every download fails, unless given.
twin::SignerState play(const gateway::EndpointConfig &endpoint, QByteArrayList *needs, const std::optional<QByteArray> &file,
                       const std::optional<http::Reply> &reply)
{
    twin::Supplies supplies;
    for (;;) {
        twin::BuildStep step = twin::buildSigner(endpoint, supplies);
        if (auto *state = std::get_if<twin::SignerState>(&step))
            return *state;
        const auto &need = std::get<twin::Need>(step);
        if (const auto *ca = std::get_if<twin::NeedCaFile>(&need)) {
            needs->append("ca " + ca->path);
            supplies.caFile = ca->path == "/ca" ? twin::FileSupply(QByteArray("pem"))
                                                : twin::FileSupply(fail(QByteArray("open " + ca->path + ": no such file or directory")));
        } else if (const auto *key = std::get_if<twin::NeedKeyFile>(&need)) {
            needs->append("file " + key->path);
            supplies.keyFile =
                file ? twin::FileSupply(*file) : twin::FileSupply(fail(QByteArray("open " + key->path + ": no such file or directory")));
        } else {
            const auto &download = std::get<twin::NeedDownload>(need);
            needs->append("get " + download.url);
            if (reply)
                supplies.download = twin::DownloadSupply(*reply);
            else
                supplies.download =
                    twin::DownloadSupply(fail(http::TransportError{http::TransportError::Refused, "refused", download.url}));
        }
    }
}

} // namespace

class TestStart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstFaultShows_data()
    {
        QTest::addColumn<QByteArray>("signer");
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("member");
        QTest::addColumn<QByteArray>("asked");
        const auto row = [](const char *name, const char *signer, const char *file, const char *text, const char *member,
                            const char *needs) {
            QTest::newRow(name) << jsonOf(signer) << QByteArray(file) << QByteArray(text) << QByteArray(member) << QByteArray(needs);
        };
        row("§1.5.1 before all", "{'alg':5,'jwk_fingerprints':['a']}", "",
            "json: cannot unmarshal number into Go struct field SignerConfig.alg of type string", "alg", "");
        row("§1.5.2 before pins", "{'alg':'x','jwk_url':'http://h/','jwk_fingerprints':['a']}", "",
            "JWK client is using an insecure connection to the JWK service", "jwk_url", "");
        row("§1.5.2 local only", "{'alg':'HS256','kid':'k','jwk_local_path':'/k'}", "",
            "JWK client is using an insecure connection to the JWK service", "disable_jwk_security", "");
        row("§1.5.3 before the CA", "{'jwk_url':'https://h/','jwk_fingerprints':['', 'a'],'jwk_local_ca':'/no'}", "",
            "decoding fingerprint #1: illegal base64 data at input byte 0", "jwk_fingerprints/1", "");
        row("§1.5.4 before the file", "{'jwk_url':'https://h/','jwk_local_ca':'/no','jwk_local_path':'/k'}", "",
            "failed to append \"/no\" to RootCAs: open /no: no such file or directory", "jwk_local_ca", "ca /no");
        row("§1.5.5 file missing", "{'jwk_url':'https://h/','jwk_local_ca':'/ca','jwk_local_path':'/k'}", "",
            "open /k: no such file or directory", "jwk_local_path", "ca /ca,file /k");
        row("§2.2 set broken", "{'jwk_url':'https://h/','jwk_local_path':'/k'}", "[]",
            "json: cannot unmarshal array into Go value of type jose.JSONWebKeySet", "jwk_local_path", "file /k");
        row("§2.1 local miss asks the URL", "{'jwk_url':'https://h/j','jwk_local_path':'/k','kid':'other','alg':'HS256'}",
            keySet.constData(), "Get \"https://h/j\": refused", "jwk_url", "file /k,get https://h/j");
        row("§2.1 local miss without a URL", "{'jwk_local_path':'/k','kid':'other','alg':'HS256','disable_jwk_security':true}",
            keySet.constData(), "Get \"\": unsupported protocol scheme \"\"", "kid", "file /k");
        row("§6.2 last of all", "{'jwk_url':'https://h/j','jwk_local_path':'/k','kid':'k','alg':'hs256'}", keySet.constData(),
            "go-jose/go-jose: unknown/unsupported algorithm", "alg", "file /k");
        row("all in order", "{'jwk_url':'https://h/j','jwk_local_path':'/k','kid':'k','alg':'HS256'}", keySet.constData(), "", "",
            "file /k");
    }
    void firstFaultShows()
    {
        QFETCH(QByteArray, signer);
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, text);
        const auto service = configWith(signer);
        QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
        QByteArrayList needs;
        const twin::SignerState state =
            play(service->endpoints.front(), &needs, file.isEmpty() ? std::nullopt : std::optional(file), std::nullopt);
        QVERIFY(state.enabled);
        QCOMPARE(state.error ? state.error->text : QByteArray(), text);
        QCOMPARE(state.signer.has_value(), text.isEmpty());
        if (state.error) {
            QTEST(state.error->member, "member");
            QVERIFY(state.error->rule.startsWith("§"));
            QVERIFY(!state.error->crash);
        }
        QFETCH(QByteArray, asked);
        QCOMPARE(needs.join(','), asked);
    }

    void downloads_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<bool>("cut");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("good") << keySet << QByteArray("application/json") << false << QByteArray();
        QTest::newRow("type before body") << QByteArray("x") << QByteArray("text/json") << false
                                          << QByteArray("should have a JSON content type for JWKS endpoint");
        QTest::newRow("empty") << QByteArray() << QByteArray("application/json") << false << QByteArray("EOF");
        QTest::newRow("cut before the first byte")
            << QByteArray() << QByteArray("application/json") << true << QByteArray("unexpected EOF");
        QTest::newRow("cut after the value") << keySet << QByteArray("application/json") << true << QByteArray();
        QTest::newRow("no such kid") << jsonOf("{'keys':[{'kty':'oct','kid':'z','k':'AAAA'}]}") << QByteArray("application/json") << false
                                     << QByteArray("no Keys have been found");
    }
    void downloads()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, type);
        QFETCH(bool, cut);
        QFETCH(QByteArray, text);
        const auto service = configWith(jsonOf("{'jwk_url':'https://h/j','kid':'k','alg':'HS256'}"));
        QVERIFY(service.ok());
        http::Reply reply = keyReply(body, type.constData());
        reply.cut = cut;
        QByteArrayList needs;
        const twin::SignerState state = play(service->endpoints.front(), &needs, std::nullopt, reply);
        QCOMPARE(state.error ? state.error->text : QByteArray(), text);
        QCOMPARE(needs, QByteArrayList{"get https://h/j"});
    }

    // What broke the body off is the gateway's word where the text ends; what our own limits hide is not known.
    void brokenDownloads_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("bodyError");
        QTest::addColumn<int>("kind"); // -1: a reply
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("unknown");
        using http::TransportError;
        QTest::newRow("value complete") << keySet << QByteArray("invalid byte in chunk length") << -1 << QByteArray() << false;
        QTest::newRow("value cut") << keySet.chopped(3) << QByteArray("invalid byte in chunk length") << -1
                                   << QByteArray("invalid byte in chunk length") << false;
        QTest::newRow("nothing came") << QByteArray() << QByteArray("gzip: invalid header") << -1 << QByteArray("gzip: invalid header")
                                      << false;
        QTest::newRow("plain end") << keySet.chopped(3) << QByteArray() << -1 << QByteArray("unexpected EOF") << false;
        QTest::newRow("refused") << QByteArray() << QByteArray() << int(TransportError::Refused) << QByteArray("Get \"https://h/j\": words")
                                 << false;
        QTest::newRow("larger than our limit") << QByteArray() << QByteArray() << int(TransportError::TooLarge) << QByteArray("words")
                                               << true;
        QTest::newRow("cancelled") << QByteArray() << QByteArray() << int(TransportError::Cancelled) << QByteArray("words") << true;
    }
    void brokenDownloads()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, bodyError);
        QFETCH(int, kind);
        QFETCH(bool, unknown);
        const auto service = configWith(jsonOf("{'jwk_url':'https://h/j','kid':'k','alg':'HS256'}"));
        QVERIFY(service.ok());
        twin::Supplies supplies;
        if (kind < 0) {
            http::Reply reply = keyReply(body);
            reply.bodyError = bodyError;
            supplies.download = twin::DownloadSupply(reply);
        } else {
            supplies.download = twin::DownloadSupply(fail(http::TransportError{http::TransportError::Kind(kind), "words", "https://h/j"}));
        }
        const twin::BuildStep step = twin::buildSigner(service->endpoints.front(), supplies);
        const auto *state = std::get_if<twin::SignerState>(&step);
        QVERIFY(state);
        QTEST(state->error ? state->error->text : QByteArray(), "text");
        QCOMPARE(state->error && state->error->unknown, unknown);
    }

    void crashes()
    {
        const auto service = configWith(jsonOf("{'jwk_url':'https://h/j','jwk_local_path':'/k','kid':'other','alg':'HS256'}"));
        QVERIFY(service.ok());
        QByteArrayList needs;
        const twin::SignerState state = play(service->endpoints.front(), &needs, keySet, keyReply(keySet));
        QVERIFY(state.error && state.error->crash);
        QVERIFY(!state.signer);
    }

    void hangs()
    {
        const auto service = configWith(jsonOf("{'jwk_url':'https://h/j','kid':'k','alg':'HS256'}"));
        QVERIFY(service.ok());
        twin::Supplies supplies;
        supplies.downloadHangs = true;
        const twin::BuildStep step = twin::buildSigner(service->endpoints.front(), supplies);
        const auto *state = std::get_if<twin::SignerState>(&step);
        QVERIFY(state && state->error && state->error->hangs);
    }

    void downloadPolicy()
    {
        const auto service = configWith(jsonOf("{'jwk_url':'https://h/"
                                               "j','kid':'k','alg':'HS256','disable_jwk_security':true,'jwk_fingerprints':['QUJD'],'cipher_"
                                               "suites':[49199],'jwk_local_ca':'/ca'}"));
        QVERIFY(service.ok());
        twin::Supplies supplies;
        supplies.caFile = twin::FileSupply(QByteArray("pem"));
        const twin::BuildStep step = twin::buildSigner(service->endpoints.front(), supplies);
        const auto *need = std::get_if<twin::Need>(&step);
        QVERIFY(need);
        const auto *download = std::get_if<twin::NeedDownload>(need);
        QVERIFY(download);
        QVERIFY(!download->verify);
        QCOMPARE(download->pins, std::vector<QByteArray>{"ABC"});
        QCOMPARE(download->cipherSuites, std::vector<quint16>{49199});
        QCOMPARE(download->extraRoots, std::vector<QByteArray>{"pem"});
    }

    void withoutSigner()
    {
        const auto service =
            gateway::load(jsonOf("{'version':3,'endpoints':[{'endpoint':'/t','backend':[{'host':['http://h'],'url_pattern':'/'}]}]}"),
                          QStringLiteral("k.json"));
        QVERIFY(service.ok());
        QByteArrayList needs;
        const twin::SignerState state = play(service->endpoints.front(), &needs, std::nullopt, std::nullopt);
        QVERIFY(!state.enabled && !state.error && !state.signer && needs.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestStart)
#include "tst_start.moc"
