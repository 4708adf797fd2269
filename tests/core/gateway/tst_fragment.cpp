// What people paste, completed to a whole file (the manual's two examples among them); a whole file is never touched.
#include "core/gateway/config.h"
#include "core/gateway/fragment.h"
#include "core/json/syntaxtree.h"

#include <QTest>

using namespace tokenlab;
using gateway::Completed;

namespace {

// JSON with apostrophes for quotes.
QByteArray q(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

const QByteArray manualEndpoint = q("{\n"
                                    "'endpoint': '/token',\n"
                                    "'method': 'POST',\n"
                                    "'backend': [{\n"
                                    "'host': [ 'https://backend' ],\n"
                                    "'url_pattern': '/token-issuer'\n"
                                    "}],\n"
                                    "'extra_config': {\n"
                                    "'auth/signer': {\n"
                                    "'alg': 'HS256',\n"
                                    "'kid': 'sim2',\n"
                                    "'keys_to_sign': ['access_token', 'refresh_token'],\n"
                                    "'jwk_url': 'http://your-backend/jwk/symmetric.json',\n"
                                    "'disable_jwk_security': true\n"
                                    "}\n"
                                    "}\n"
                                    "}");

const QByteArray manualFile = q("{\n"
                                "'endpoints': [\n"
                                "{\n"
                                "'endpoint': '/token',\n"
                                "'method': 'POST',\n"
                                "'extra_config': {\n"
                                "'auth/signer': {\n"
                                "'alg': 'HS256',\n"
                                "'jwk_url': 'http://your-backend/jwk/symmetric.json',\n"
                                "'keys_to_sign': [\n"
                                "'access_token',\n"
                                "'refresh_token'\n"
                                "],\n"
                                "'kid': 'sim2',\n"
                                "'cipher_suites': [\n"
                                "5,\n"
                                "10\n"
                                "],\n"
                                "'jwk_fingerprints': [\n"
                                "'S3Jha2VuRCBpcyB0aGUgYmVzdCBnYXRld2F5LCBhbmQgeW91IGtub3cgaXQ=='\n"
                                "],\n"
                                "'full': true,\n"
                                "'disable_jwk_security': true\n"
                                "}\n"
                                "}\n"
                                "}\n"
                                "]\n"
                                "}\n");

const QByteArray wholeSigner = q("{\n"
                                 "    'version': 3,\n"
                                 "    'endpoints': [\n"
                                 "        {\n"
                                 "            'endpoint': '/token',\n"
                                 "            'method': 'POST',\n"
                                 "            'backend': [\n"
                                 "                {\n"
                                 "                    'host': ['http://your-backend'],\n"
                                 "                    'url_pattern': '/token-issuer'\n"
                                 "                }\n"
                                 "            ],\n"
                                 "            'extra_config': {\n"
                                 "                'auth/signer': {'kid':'a'}\n"
                                 "            }\n"
                                 "        }\n"
                                 "    ]\n"
                                 "}\n");

// What was pasted stands at the root, and places in it are found again.
void compareRoot(const QByteArray &text, const Completed &completed)
{
    const auto whole = json::SyntaxTree::parse(completed.text), part = json::SyntaxTree::parse(completed.part);
    QVERIFY(whole.ok() && part.ok());
    const int root = whole.value().find(completed.root);
    QVERIFY2(root >= 0, (completed.root + '\n' + completed.text).constData());
    for (int i = 1; i < part.value().size(); ++i) {
        QVERIFY(whole.value().find(completed.root + part.value().pointerOf(i)) >= 0);
        const json::Range range = part.value().node(i).range;
        if (part.value().node(i).children.empty())
            QCOMPARE(text.mid(range.begin + completed.shift, range.length()), completed.part.mid(range.begin, range.length()));
    }
}

QByteArray joined(const std::vector<QByteArray> &names)
{
    QByteArray out;
    for (const QByteArray &name : names)
        out += (out.isEmpty() ? "" : " ") + name;
    return out;
}

} // namespace

class TestFragment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void completed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("added");
        QTest::addColumn<QByteArray>("endpoint"); // METHOD path host pattern kid
        const auto row = [](const char *name, const QByteArray &text, Completed::Kind kind, const char *added, const char *endpoint) {
            QTest::newRow(name) << text << int(kind) << QByteArray(added) << QByteArray(endpoint);
        };
        row("manual: endpoint", manualEndpoint, Completed::Endpoint, "/version", "POST /token https://backend /token-issuer sim2");
        row("manual: every option", manualFile, Completed::NoVersion, "/version /endpoints/0/backend",
            "POST /token http://your-backend /token-issuer sim2");
        row("signer", q("{'kid':'a','jwk_url':'https://login.example:8443/keys?x'}"), Completed::Signer,
            "/version /endpoints/0/endpoint /endpoints/0/method /endpoints/0/backend",
            "POST /token https://login.example:8443 /token-issuer a");
        row("signer with a host no backend may have", q("{'kid':'a','jwk_url':'https://[::1]/keys'}"), Completed::Signer,
            "/version /endpoints/0/endpoint /endpoints/0/method /endpoints/0/backend", "POST /token http://your-backend /token-issuer a");
        row("signer from a file", q("{'kid':'a','jwk_local_path':'k.json'}"), Completed::Signer,
            "/version /endpoints/0/endpoint /endpoints/0/method /endpoints/0/backend", "POST /token http://your-backend /token-issuer a");
        row("extra_config", q("{'auth/signer':{'kid':'b'}}"), Completed::ExtraConfig,
            "/version /endpoints/0/endpoint /endpoints/0/method /endpoints/0/backend", "POST /token http://your-backend /token-issuer b");
        row("legacy name", q("{'github.com/devopsfaith/krakend-jose/signer':{'kid':'b'}}"), Completed::ExtraConfig,
            "/version /endpoints/0/endpoint /endpoints/0/method /endpoints/0/backend", "POST /token http://your-backend /token-issuer b");
        row("a member with its comma", "  \"auth/signer\": {\"kid\":\"c\"},\n", Completed::ExtraConfig,
            "/version /endpoints/0/endpoint /endpoints/0/method /endpoints/0/backend", "POST /token http://your-backend /token-issuer c");
        row("an endpoint's extra_config member", "\"extra_config\": {\"auth/signer\": {\"kid\":\"d\"}}", Completed::Endpoint,
            "/version /endpoints/0/method /endpoints/0/endpoint /endpoints/0/backend", "POST /token http://your-backend /token-issuer d");
        row("endpoint without backends", q("{'endpoint':'/x','backend':[],'extra_config':{'auth/signer':{'kid':'e'}}}"),
            Completed::Endpoint, "/version /endpoints/0/backend", "GET /x http://your-backend /token-issuer e");
        row("no version, single endpoint", q("{'endpoints':{'endpoint':'/x','extra_config':{'auth/signer':{'kid':'f'}}}}"),
            Completed::NoVersion, "/version /endpoints/backend", "GET /x http://your-backend /token-issuer f");
        row("only the version is missing",
            q("{'endpoints':[{'endpoint':'/x','backend':[{'host':'h','url_pattern':'/p'}],'extra_config':{'auth/signer':{'kid':'g'}}}]}"),
            Completed::NoVersion, "/version", "GET /x http://h /p g");
    }
    void completed()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, kind);
        const Completed completed = gateway::completeFragment(text);
        QCOMPARE(int(completed.kind), kind);
        QTEST(joined(completed.added), "added");
        compareRoot(text, completed);
        const auto service = gateway::load(completed.text, QStringLiteral("krakend.json"));
        QVERIFY2(service.ok(), service.ok() ? "" : (service.error().text + "\n" + completed.text).constData());
        QCOMPARE(service->endpoints.size(), std::size_t(1));
        const gateway::EndpointConfig &endpoint = service->endpoints.front();
        QVERIFY(endpoint.signer);
        const auto &signer = std::get<gateway::SignerConfig>(*endpoint.signer);
        const gateway::BackendConfig &backend = endpoint.backends.front();
        QTEST(endpoint.method + ' ' + endpoint.path + ' ' + backend.hosts.front() + ' ' + backend.urlPattern + ' ' + signer.kid,
              "endpoint");
        // Once complete, it is a whole file and stays so.
        const Completed again = gateway::completeFragment(completed.text);
        QCOMPARE(int(again.kind), int(Completed::Whole));
        QCOMPARE(again.text, completed.text);
    }

    // Parts without a signer.
    void otherParts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("fragment");
        QTest::addColumn<QByteArray>("endpoints"); // METHOD path host pattern, of each
        const auto row = [](const char *name, const QByteArray &text, gateway::Fragment fragment, const char *endpoints) {
            QTest::newRow(name) << text << int(fragment) << QByteArray(endpoints);
        };
        using gateway::Fragment;
        row("validator", q("{'alg':'RS256','jwk_url':'https://idp/keys','issuer':'me'}"), Fragment::Validator,
            "POST /token https://idp /token-issuer v");
        row("an extra_config with a validator", q("{'auth/validator':{'alg':'RS256','jwk_url':'https://idp/keys'}}"), Fragment::ExtraConfig,
            "POST /token http://your-backend /token-issuer v");
        row("backend", q("{'host':['http://b:8000'],'url_pattern':'/x','extra_config':{}}"), Fragment::Backend,
            "POST /token http://b:8000 /x");
        row("backend with its comma", q("{'host':'http://b:8000','url_pattern':'/x'},\n"), Fragment::Backend,
            "POST /token http://b:8000 /x");
        row("a list of endpoints", q("[{'endpoint':'/a','backend':[{'host':['h'],'url_pattern':'/x'}]},{'endpoint':'/b'}]"),
            Fragment::EndpointList, "GET /a http://h /x GET /b http://your-backend /token-issuer");
        row("endpoints as they stand in a file", q("{'endpoint':'/a'},\n{'endpoint':'/b','method':'PUT'},\n"), Fragment::EndpointList,
            "GET /a http://your-backend /token-issuer PUT /b http://your-backend /token-issuer");
        row("endpoint with its comma", q("{'endpoint':'/a'},"), Fragment::Endpoint, "GET /a http://your-backend /token-issuer");
        row("file without version and backends", q("{'endpoints':[{'endpoint':'/a'}]}"), Fragment::NoVersion,
            "GET /a http://your-backend /token-issuer");
        row("must be none: a list of other things", q("[{'a':1}]"), Fragment::Whole, "");
        row("must be none: whole files in a row", q("{'version':3},{'version':3}"), Fragment::Whole, "");
        row("must be none: not closed", q("{'endpoint':'/a'"), Fragment::Whole, "");
    }
    void otherParts()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, fragment);
        QCOMPARE(int(gateway::fragmentOf(text)), fragment);
        const Completed completed = gateway::completeFragment(text);
        const auto service = gateway::load(completed.text, QStringLiteral("krakend.json"));
        QCOMPARE(service.ok(), fragment != int(gateway::Fragment::Whole));
        if (!service)
            return;
        QVERIFY(!completed.added.empty());
        compareRoot(text, completed);
        QByteArrayList endpoints;
        for (const gateway::EndpointConfig &endpoint : service->endpoints) {
            const gateway::BackendConfig &backend = endpoint.backends.front();
            endpoints += endpoint.method + ' ' + endpoint.path + ' ' + backend.hosts.front() + ' ' + backend.urlPattern +
                         (endpoint.validator ? " v" : "");
        }
        QTEST(endpoints.join(' '), "endpoints");
        QCOMPARE(int(gateway::completeFragment(completed.text).kind), int(Completed::Whole));
    }

    void untouched_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text :
             {"", "{}", "[]", "null", "\"x\"", "{\"a\":1}", "{,}", "{\"version\":3}", "{\"version\":2,\"endpoints\":[]}",
              "{\"VERSION\":3,\"endpoints\":[{\"endpoint\":\"/a\"}]}", "\"a\": 1", "version: 3\n", "{\"access_token\":{}}"})
            QTest::newRow(text) << QByteArray(text);
    }
    void untouched()
    {
        QFETCH(QByteArray, text);
        const Completed completed = gateway::completeFragment(text);
        QCOMPARE(int(completed.kind), int(Completed::Whole));
        QCOMPARE(completed.text, text);
        QVERIFY(completed.added.empty());
    }

    void shape()
    {
        const Completed completed = gateway::completeFragment(q("{'kid':'a'}"));
        QCOMPARE(completed.text, wholeSigner);
    }
};

QTEST_GUILESS_MAIN(TestFragment)
#include "tst_fragment.moc"
