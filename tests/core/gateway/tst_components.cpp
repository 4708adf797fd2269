// Aliases, the signer object, typed component settings and what is named as not played (specification §1.1, §1.4, §4.2, §12).
#include "core/gateway/config.h"
#include "core/json/unmarshal.h"
#include "core/json/writer.h"

#include <QTest>

using namespace tokenlab;

namespace {

// JSON with apostrophes for quotes.
QByteArray q(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

// One endpoint `/token` with this extra_config, and further text where it belongs.
QByteArray file(const QByteArray &endpointExtra, const QByteArray &backendMembers = {}, const QByteArray &serviceMembers = {})
{
    return "{\"version\":3," + serviceMembers + "\"endpoints\":[{\"endpoint\":\"/token\",\"backend\":[{\"host\":\"h\"" +
           (backendMembers.isEmpty() ? QByteArray() : ',' + backendMembers) + "}],\"extra_config\":" + endpointExtra + "}]}";
}

Result<gateway::ServiceConfig, gateway::ConfigError> load(const QByteArray &text)
{
    return gateway::load(text, QStringLiteral("krakend.json"));
}

QByteArray joined(const std::vector<QByteArray> &names)
{
    QByteArray out;
    for (const QByteArray &name : names)
        out += (out.isEmpty() ? "" : ", ") + name;
    return out;
}

} // namespace

class TestComponents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void signer_data()
    {
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<QByteArray>("result"); // alg/kid/typ/keys/suites/full/insecure, or the gateway's words
        const auto row = [](const char *name, const QByteArray &object, const char *result) {
            QTest::newRow(name) << object << QByteArray(result);
        };
        row("§1.4: all",
            q("{'alg':'HS256','kid':'k','typ':'at+jwt','keys_to_sign':['a','b'],'cipher_suites':[5,10],'full':true,'disable_jwk_security':"
              "true}"),
            "HS256/k/at+jwt/a, b/5 10/true/true");
        row("null", "null", "/////false/false");
        row("empty", "{}", "/////false/false");
        row("unknown members", q("{'leeway':'1x','cache':5}"), "/////false/false");
        row("§1.4: the lower-case name wins", q("{'alg':'HS256','ALG':'HS384'}"), "HS256/////false/false");
        row("§1.4: in any order", q("{'ALG':'HS384','alg':'HS256'}"), "HS256/////false/false");
        row("other case alone", q("{'ALG':'HS384','Full':true}"), "HS384/////true/false");
        row("null element", q("{'keys_to_sign':['a',null]}"), "///a, //false/false");
        row("whole numbers re-marshalled", q("{'cipher_suites':[5.0,1e1]}"), "////5 10/false/false");
        row("object is a text", "\"x\"", "json: cannot unmarshal string into Go value of type jose.SignerConfig");
        row("object is an array", "[]", "json: cannot unmarshal array into Go value of type jose.SignerConfig");
        row("kid a number", q("{'kid':5}"), "json: cannot unmarshal number into Go struct field SignerConfig.kid of type string");
        row("full a text", q("{'full':'true'}"), "json: cannot unmarshal string into Go struct field SignerConfig.full of type bool");
        row("keys a text", q("{'keys_to_sign':'a'}"),
            "json: cannot unmarshal string into Go struct field SignerConfig.keys_to_sign of type []string");
        row("key a number", q("{'keys_to_sign':[1]}"),
            "json: cannot unmarshal number into Go struct field SignerConfig.keys_to_sign of type string");
        row("suite too large", q("{'cipher_suites':[7e4]}"),
            "json: cannot unmarshal number 70000 into Go struct field SignerConfig.cipher_suites of type uint16");
        row("suite broken", q("{'cipher_suites':[1.50]}"),
            "json: cannot unmarshal number 1.5 into Go struct field SignerConfig.cipher_suites of type uint16");
        row("cypher_key", q("{'cypher_key':'AAA'}"), "illegal base64 data at input byte 0");
        row("first in name order", q("{'kid':5,'alg':7}"),
            "json: cannot unmarshal number into Go struct field SignerConfig.alg of type string");
    }
    void signer()
    {
        QFETCH(QByteArray, object);
        const auto service = load(file("{\"auth/signer\":" + object + '}'));
        QVERIFY(service.ok());
        const gateway::EndpointConfig &endpoint = service->endpoints.front();
        QVERIFY(endpoint.signer);
        QByteArray result;
        if (const auto *error = std::get_if<json::UnmarshalError>(&*endpoint.signer)) {
            result = json::gatewayText(*error);
        } else {
            const auto &config = std::get<gateway::SignerConfig>(*endpoint.signer);
            QByteArray suites;
            for (const quint16 suite : config.cipherSuites)
                suites += (suites.isEmpty() ? "" : " ") + QByteArray::number(suite);
            result = config.alg + '/' + config.kid + '/' + config.typ + '/' + joined(config.keysToSign) + '/' + suites + '/' +
                     (config.full ? "true" : "false") + '/' + (config.disableJwkSecurity ? "true" : "false");
        }
        if (object == "{\"cypher_key\":\"AAA\"}")
            QVERIFY2(result.startsWith("illegal base64 data at input byte "), result.constData());
        else
            QTEST(result, "result");
    }

    void aliases_data()
    {
        QTest::addColumn<QByteArray>("extra");
        QTest::addColumn<QByteArray>("kid"); // "-": no signer
        QTest::addColumn<QByteArray>("pointer");
        const QByteArray legacy = q("'github.com/devopsfaith/krakend-jose/signer':{'kid':'old'}");
        QTest::newRow("public") << q("{'auth/signer':{'kid':'new'}}") << QByteArray("new")
                                << QByteArray("/endpoints/0/extra_config/auth~1signer");
        QTest::newRow("legacy") << QByteArray('{' + legacy + '}') << QByteArray("old")
                                << QByteArray("/endpoints/0/extra_config/github.com~1devopsfaith~1krakend-jose~1signer");
        QTest::newRow("§1.1: the public name wins whole") << QByteArray('{' + legacy + q(",'auth/signer':{'alg':'x'}}")) << QByteArray()
                                                          << QByteArray("/endpoints/0/extra_config/auth~1signer");
        QTest::newRow("merged list") << q("[{'auth/signer':{'kid':'a'}},{'auth/signer':{'kid':'b'}}]") << QByteArray("b")
                                     << QByteArray("/endpoints/0/extra_config/1/auth~1signer");
        QTest::newRow("other letters are another name") << q("{'Auth/signer':{'kid':'a'}}") << QByteArray("-") << QByteArray();
        QTest::newRow("github_com is no alias")
            << q("{'github_com/devopsfaith/krakend-jose/signer':{'kid':'a'}}") << QByteArray("-") << QByteArray();
    }
    void aliases()
    {
        QFETCH(QByteArray, extra);
        const auto service = load(file(extra));
        QVERIFY(service.ok());
        const gateway::EndpointConfig &endpoint = service->endpoints.front();
        QTEST(endpoint.signer ? std::get<gateway::SignerConfig>(*endpoint.signer).kid : QByteArray("-"), "kid");
        QTEST(endpoint.signerPointer, "pointer");
        QVERIFY(!endpoint.extraConfig.find("auth/signer").exists());
        QCOMPARE(endpoint.extraConfig.find("github.com/devopsfaith/krakend-jose/signer").exists(), endpoint.signer.has_value());
    }

    void proxySettings()
    {
        const auto proxy = [](const QByteArray &members) { return load(file("{\"proxy\":" + members + '}')); };
        QVERIFY(proxy(q("{'sequential':true}"))->endpoints[0].sequential);
        QVERIFY(!proxy(q("{'sequential':'true'}"))->endpoints[0].sequential);
        QVERIFY(!proxy(q("{'Sequential':true}"))->endpoints[0].sequential);
        QVERIFY(!proxy("5")->endpoints[0].sequential);

        // The arena of the values lives in the service: keep it.
        const auto withStatic = proxy(q("{'static':{'data':{'n':1.0,'b':1e21},'strategy':'errored'}}"));
        const auto &data = withStatic->endpoints[0].staticData;
        QVERIFY(data);
        QCOMPARE(data->strategy, QByteArray("errored"));
        QCOMPARE(json::write(data->data), q("{'b':1e+21,'n':1}"));
        QCOMPARE(proxy(q("{'static':{'data':{}}}"))->endpoints[0].staticData->strategy, QByteArray("always"));
        QCOMPARE(proxy(q("{'static':{'data':{},'strategy':'zzz'}}"))->endpoints[0].staticData->strategy, QByteArray("always"));
        QVERIFY(!proxy(q("{'static':{'data':[]}}"))->endpoints[0].staticData);
        QVERIFY(!proxy(q("{'static':{'strategy':'always'}}"))->endpoints[0].staticData);
    }

    void backendHttp()
    {
        const auto http = [](const QByteArray &members) {
            return load(file("{}", q("'extra_config':{'backend/http':") + members + '}'))->endpoints[0].backends[0].http;
        };
        QCOMPARE(http(q("{'return_error_details':'x'}")).returnErrorDetails, QByteArray("x"));
        QVERIFY(http(q("{'return_error_code':true}")).returnErrorCode);
        const gateway::HttpExtra odd = http(q("{'return_error_details':5,'return_error_code':'true'}"));
        QVERIFY(odd.hasReturnErrorDetails && odd.returnErrorDetails.isEmpty() && !odd.returnErrorCode);
        QVERIFY(!http("[]").hasReturnErrorDetails);
    }

    void clientTls()
    {
        const auto tls = [](const QByteArray &members) { return load(file("{}", {}, members))->clientTls; };
        const gateway::ClientTls none = tls({});
        QVERIFY(!none.configured && none.minVersion == 0x0303 && none.maxVersion == 0x0304 && none.curves.empty());
        // Asked: with the section there, what it leaves out is TLS 1.3 and the three old curves.
        const gateway::ClientTls bare = tls(q("'allow_insecure_connections':true,"));
        QVERIFY(bare.configured && bare.allowInsecure);
        QCOMPARE(bare.minVersion, 0x0304);
        QCOMPARE(bare.curves, (std::vector<quint16>{25, 24, 23}));
        const gateway::ClientTls full = tls(q("'client_tls':{'min_version':'TLS12','max_version':'tls12','ca_certs':'a.pem','cipher_suites'"
                                              ":'0xC02F','client_certs':{'certificate':'c','private_key':'k'}},"));
        QCOMPARE(full.minVersion, 0x0303);
        QCOMPARE(full.maxVersion, 0x0304);
        QCOMPARE(full.caCerts, (std::vector<QByteArray>{"a.pem"}));
        QCOMPARE(full.cipherSuites, (std::vector<quint16>{0xc02f}));
        QCOMPARE(full.clientCerts.front().second, QByteArray("k"));
    }

    void notPlayed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("names");
        const auto row = [](const char *name, const QByteArray &text, const char *names) {
            QTest::newRow(name) << text << QByteArray(names);
        };
        const QByteArray signs = q("'auth/signer':{}");
        row("nothing", file("{" + signs + q(",'telemetry/opentelemetry':{},'documentation/openapi':{}}")), "");
        row("validator", file("{" + signs + q(",'auth/validator':{}}")), ""); // played
        row("legacy name", file(q("{'github.com/devopsfaith/krakend-cel':[]}")), "validation/cel");
        row("asked: a signer takes the handler's place", file("{" + signs + q(",'qos/ratelimit/router':{},'modifier/lua-endpoint':{}}")),
            "");
        row("without a signer they run", file(q("{'qos/ratelimit/router':{},'modifier/lua-endpoint':{}}")),
            "modifier/lua-endpoint, qos/ratelimit/router");
        row("asked: enterprise only", file(q("{'websocket':{},'security/policies':{},'validation/response-json-schema':{}}")), "");
        row("asked: no plugin section", file(q("{'plugin/req-resp-modifier':{}}"), q("'extra_config':{'plugin/http-client':{}}")), "");
        row("plugins",
            file(q("{'plugin/req-resp-modifier':{}}"), q("'extra_config':{'plugin/http-client':{}}"), q("'plugin':{'folder':'f'},")),
            "plugin/req-resp-modifier, plugin/http-client");
        row("backend",
            file("{}",
                 q("'encoding':'XML','sd':'dns','extra_config':{'qos/http-cache':{},'modifier/lua-backend':{},'modifier/lua-proxy':{}}")),
            "modifier/lua-backend, qos/http-cache, xml, sd dns");
        row("flatmap on a backend",
            file("{}", q("'extra_config':{'proxy':{'flatmap_filter':[{'type':'del','args':['a']}],'shadow':true}}")),
            "proxy/flatmap_filter, proxy/shadow");
        row("asked: an endpoint's flatmap needs two backends", file(q("{'proxy':{'flatmap_filter':[{}]}}")), "");
        row("service",
            file("{}", {}, q("'extra_config':{'security/cors':{},'security/http':{'frame_deny':true},'modifier/lua-endpoint':{}},")),
            "security/http: headers, security/cors: headers, modifier/lua-endpoint: service");
        row("redirecting service", file("{}", {}, q("'extra_config':{'security/http':{'ssl_redirect':true},'security/bot-detector':{}},")),
            "security/bot-detector, security/http");
        row("each once", file(q("{'validation/cel':[]}"), q("'extra_config':{'validation/cel':[]}")), "validation/cel");
    }
    void notPlayed()
    {
        QFETCH(QByteArray, text);
        const auto service = load(text);
        QVERIFY2(service.ok(), service.ok() ? "" : service.error().text.constData());
        QTEST(joined(service->endpoints.front().notSimulated), "names");
    }

    void places_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<int>("offset");
        const auto row = [](const char *name, const QByteArray &text, const char *pointer, int offset = -1) {
            QTest::newRow(name) << text << QByteArray(pointer) << offset;
        };
        row("syntax", "{\"version\":3,}", "", 13);
        row("no object", "[]", "", 0);
        row("number no float64 holds", "{\"version\":3,\"x\":1e400}", "", 17);
        row("version", "{\"version\":2}", "/version");
        row("wrong type", q("{'version':3,'endpoints':[{'Timeout':'x'}]}"), "/endpoints/0/Timeout");
        row("wrong type in a single value", q("{'version':3,'endpoints':{'backend':{'group':[]}}}"), "/endpoints/backend/group");
        row("host", file("{}", q("'host':['http://h','h:8']")).replace("\"host\":\"h\",", ""), "/endpoints/0/backend/0/host/1");
        row("service host", q("{'version':3,'host':'h:8'}"), "/host");
        row("pattern", file("{}", q("'url_pattern':'/{x}'")), "/endpoints/0/backend/0/url_pattern");
        row("path", q("{'version':3,'endpoints':[{'endpoint':'/__debug'}]}"), "/endpoints/0/endpoint");
        row("no backends", q("{'version':3,'endpoints':[{'endpoint':'/a'}]}"), "/endpoints/0");
        row("null backend", q("{'version':3,'endpoints':[{'backend':[{},null]}]}"), "/endpoints/0/backend/1");
    }
    void places()
    {
        QFETCH(QByteArray, text);
        const auto service = load(text);
        QVERIFY(!service.ok());
        QTEST(service.error().pointer, "pointer");
        QTEST(int(service.error().offset), "offset");
    }

    void finding()
    {
        const auto service = load(q("{'version':3,'endpoints':[\n"
                                    "            {'endpoint':'/a','backend':[{}]},\n"
                                    "            {'endpoint':'/t/{id}','method':'post','backend':[{}],'extra_config':{'auth/signer':{}}},\n"
                                    "            {'endpoint':'/t/{id}','method':'put','backend':[{}]}]}"));
        QVERIFY(service.ok());
        const gateway::EndpointConfig *all = service->endpoints.data();
        QCOMPARE(gateway::findEndpoint(*service, {}, {}), all + 1);
        QCOMPARE(gateway::findEndpoint(*service, {}, "PUT"), all + 2);
        QCOMPARE(gateway::findEndpoint(*service, "a", {}), all);
        QCOMPARE(gateway::findEndpoint(*service, "/t/{id}", {}), all + 1);
        QCOMPARE(gateway::findEndpoint(*service, "t/:id", "put"), all + 2);
        QCOMPARE(gateway::findEndpoint(*service, "/b", {}), nullptr);
        QCOMPARE(gateway::findEndpoint(*service, "/a", "POST"), nullptr);
    }

    // Nothing a file holds may hang the reader or break its stack.
    void hostile()
    {
        const QByteArray deep = QByteArray(4000, '[') + QByteArray(4000, ']');
        const auto nested = load("{\"version\":3,\"extra_config\":" + deep + "}");
        QVERIFY(nested.ok());
        QVERIFY(!load("{\"version\":3,\"endpoints\":" + deep + "}").ok());
        QByteArray many("{\"version\":3,\"extra_config\":{");
        for (int i = 0; i < 20'000; ++i)
            many += "\"k" + QByteArray::number(i) + "\":{\"a\":1},";
        QVERIFY(load(many + "\"z\":1}}").ok());
        const QByteArray signer = "{\"auth/signer\":{\"x\":" + QByteArray(9000, '[') + QByteArray(9000, ']') + "}}";
        QVERIFY(load(file(signer)).ok());
        QVERIFY(!load(QByteArray(100'000, '[')).ok());
        QVERIFY(!load(QByteArray("\0{}", 3)).ok());
    }
};

QTEST_GUILESS_MAIN(TestComponents)
#include "tst_components.moc"
