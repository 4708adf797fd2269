// Start-up of validators: the gateway's order, words and whether the process survives; asked of KrakenD CE 2.13.8.
#include "core/twin/respond.h"

#include <QTest>

using namespace tokenlab;

namespace {

constexpr const char *goodSet = R"({"keys":[{"kty":"oct","kid":"k","k":"AAECAwQFBgc"}]})";

QByteArray q(QByteArray text)
{
    return text.replace('\'', '"');
}

QByteArray file(const QByteArray &validator, const QByteArray &more = {})
{
    return q("{'version':3,'endpoints':[{'endpoint':'/c0','backend':[{'host':['http://h'],'url_pattern':'/'}],'extra_config':{" + more +
             "'auth/validator':" + validator + "}}]}");
}

twin::ValidatorState build(const gateway::EndpointConfig &endpoint)
{
    twin::Supplies supplies;
    twin::ValidatorStep step = twin::buildValidator(endpoint, supplies);
    const auto read = [](const QByteArray &path) -> twin::FileSupply {
        if (path == "good.json")
            return QByteArray(goodSet);
        if (path == "bad.json")
            return QByteArray(R"({"keys":[{}]})");
        if (path == "short.bin")
            return QByteArray("abc");
        return fail("open " + path + ": no such file or directory");
    };
    while (const auto *need = std::get_if<twin::Need>(&step)) {
        if (const auto *ca = std::get_if<twin::NeedCaFile>(need))
            supplies.caFile = read(ca->path);
        else if (const auto *keys = std::get_if<twin::NeedKeyFile>(need))
            supplies.keyFile = read(keys->path);
        else
            break; // a validator never downloads at its start
        step = twin::buildValidator(endpoint, supplies);
    }
    const auto *state = std::get_if<twin::ValidatorState>(&step);
    return state ? *state : twin::ValidatorState();
}

const char *const warning = "WARNING [ENDPOINT: /c0][JWTValidator] Unable to parse the configuration: ";
const char *const fatal = "FATAL [ENDPOINT: /c0][JWTValidator] Unable to create the validator: ";

} // namespace

class TestValidatorStart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errors_data()
    {
        QTest::addColumn<QByteArray>("validator");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("kind"); // warning, fatal, crash; empty: starts
        QTest::addColumn<QByteArray>("member");
        const auto row = [](const char *name, const QByteArray &validator, const QByteArray &text, const char *kind, const char *member) {
            QTest::newRow(name) << validator << text << QByteArray(kind) << QByteArray(member);
        };
        const QByteArray base = "'alg':'HS256','jwk_url':'http://k/','disable_jwk_security':true";
        const QByteArray type = "json: cannot unmarshal ";
        const QByteArray insecure = "JWK client is using an insecure connection to the JWK service";
        row("good", "{" + base + "}", "", "", "");
        row("good, from a file", "{" + base + ",'jwk_local_path':'good.json'}", "", "", "");
        row("unknown strategy", "{" + base + ",'key_identify_strategy':'zzz'}", "", "", "");
        row("nested key of four bytes", "{" + base + ",'roles_key':'a.bc','roles_key_is_nested':true}", "", "", "");
        row("unknown algorithm", "{'alg':'hs256','jwk_url':'https://k/'}", "JOSE: unknown algorithm hs256", "fatal", "alg");
        row("no algorithm", "{'jwk_url':'https://k/'}", "JOSE: unknown algorithm ", "fatal", "alg");
        row("pin", "{" + base + ",'jwk_fingerprints':['x y']}", "decoding fingerprint #0: illegal base64 data at input byte 1", "fatal",
            "jwk_fingerprints/0");
        row("the algorithm goes first", "{'alg':'x','jwk_url':'https://k/','jwk_fingerprints':['%'],'jwk_local_path':'nope'}",
            "JOSE: unknown algorithm x", "fatal", "alg");
        row("no URL", "{'alg':'HS256'}", insecure, "warning", "disable_jwk_security");
        row("http", "{'alg':'HS256','jwk_url':'http://x'}", insecure, "warning", "jwk_url");
        row("null", "null", insecure, "warning", "disable_jwk_security");
        row("text", "'x'", type + "string into Go value of type jose.SignatureConfig", "warning", "");
        row("array", "[1]", type + "array into Go value of type jose.SignatureConfig", "warning", "");
        row("issuer", "{" + base + ",'issuer':5}", type + "number into Go struct field SignatureConfig.issuer of type string", "warning",
            "issuer");
        row("leeway", "{" + base + ",'leeway':5}", type + "number into Go struct field SignatureConfig.leeway of type string", "warning",
            "leeway");
        row("claims: element", "{" + base + ",'propagate_claims':[['a',5]]}",
            type + "number into Go struct field SignatureConfig.propagate_claims of type string", "warning", "propagate_claims");
        row("claims: pair", "{" + base + ",'propagate_claims':['a']}",
            type + "string into Go struct field SignatureConfig.propagate_claims of type []string", "warning", "propagate_claims");
        row("claims: list", "{" + base + ",'propagate_claims':{}}",
            type + "object into Go struct field SignatureConfig.propagate_claims of type [][]string", "warning", "propagate_claims");
        row("negative duration", "{" + base + ",'cache_duration':-1}",
            type + "number -1 into Go struct field SignatureConfig.cache_duration of type uint32", "warning", "cache_duration");
        row("long duration", "{" + base + ",'cache_duration':1e10}",
            type + "number 10000000000 into Go struct field SignatureConfig.cache_duration of type uint32", "warning", "cache_duration");
        row("no file", "{" + base + ",'jwk_local_path':'nope.json'}", "open nope.json: no such file or directory", "fatal",
            "jwk_local_path");
        row("bad set", "{" + base + ",'jwk_local_path':'bad.json'}", "go-jose/go-jose: unknown json web key type ''", "fatal",
            "jwk_local_path");
        row("cache of a file", "{" + base + ",'jwk_local_path':'good.json','cache':true}", "cache could not be used with jwk_local_path",
            "fatal", "cache");
        row("cache of no file", "{" + base + ",'jwk_local_path':'nope.json','cache':true}", "cache could not be used with jwk_local_path",
            "fatal", "cache");
        row("CA", "{" + base + ",'jwk_local_ca':'/nope'}", "failed to append \"/nope\" to RootCAs: open /nope: no such file or directory",
            "fatal", "jwk_local_ca");
        row("short encrypted file",
            "{" + base +
                ",'jwk_local_path':'short.bin','secret_url':'base64key://smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4=',"
                "'cypher_key':'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXtv7E3WaLqbxy/cG7zboKe0Xnr1B6gxfPZKOoieQF38zN49hbHcCrj1gW2yRH6UtS'}",
            "panic: runtime error: slice bounds out of range [12:3]", "crash", "secret_url");
        row("nested key of three bytes", "{" + base + ",'roles_key':'a.b','roles_key_is_nested':true}",
            "panic: runtime error: slice bounds out of range [:4] with length 3", "crash", "roles_key");
    }
    void errors()
    {
        QFETCH(QByteArray, validator);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, member);
        const auto service = gateway::load(file(validator), QStringLiteral("krakend.json"));
        QVERIFY(service.ok());
        const twin::ValidatorState state = build(service->endpoints.front());
        QVERIFY(state.enabled);
        QCOMPARE(state.error.has_value(), !kind.isEmpty());
        if (kind.isEmpty())
            return;
        QCOMPARE(state.error->text, text);
        QCOMPARE(state.error->member, member);
        QCOMPARE(state.error->fatal, kind == "fatal");
        QCOMPARE(state.error->crash, kind == "crash");
        QCOMPARE(state.error->logLine, kind == "crash" ? QByteArray() : (kind == "fatal" ? fatal : warning) + text);
    }

    // In front of everything: no backend is needed for the answer.
    void respondsFirst_data()
    {
        QTest::addColumn<QByteArray>("validator");
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<int>("verdict");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("startError");
        QTest::addColumn<QByteArray>("pointer");
        const QByteArray base = "'alg':'HS256','jwk_url':'http://k/','disable_jwk_security':true";
        const QByteArray at = "/endpoints/0/extra_config/auth~1validator";
        const auto row = [](const char *name, const QByteArray &validator, const QByteArray &more, twin::Verdict verdict, int status,
                            const QByteArray &startError, const QByteArray &pointer) {
            QTest::newRow(name) << validator << more << int(verdict) << status << startError << pointer;
        };
        row("no token", "{" + base + "}", "", twin::Verdict::Refused, 401, "", at);
        row("no token before a signer that fails", "{" + base + "}", "'auth/signer':{},", twin::Verdict::Refused, 401, "", at);
        row("set up wrongly", "{'alg':'HS256'}", "", twin::Verdict::Refused, 401, "", at + "/disable_jwk_security");
        row("ends the gateway", "{'alg':'x','jwk_url':'https://k/'}", "", twin::Verdict::DoesNotStart, 0, "JOSE: unknown algorithm x",
            at + "/alg");
        row("crashes it", "{" + base + ",'roles_key':'a.b','roles_key_is_nested':true}", "", twin::Verdict::DoesNotStart, 0,
            "panic: runtime error: slice bounds out of range [:4] with length 3", at + "/roles_key");
        row("CEL comes later", "{" + base + "}", "'validation/cel':[{'check_expr':'false'}],", twin::Verdict::Refused, 401, "", at);
        row("a bot detector comes before", "{" + base + "}", "'security/bot-detector':{},", twin::Verdict::Incomplete, 401, "", at);
    }
    void respondsFirst()
    {
        QFETCH(QByteArray, validator);
        QFETCH(QByteArray, more);
        const auto service = gateway::load(file(validator, more), QStringLiteral("krakend.json"));
        QVERIFY(service.ok());
        const gateway::EndpointConfig &endpoint = service->endpoints.front();
        twin::SignerState signer;
        if (const twin::BuildStep step = twin::buildSigner(endpoint, {}); std::holds_alternative<twin::SignerState>(step))
            signer = std::get<twin::SignerState>(step);
        twin::ClientRequest request;
        request.method = "GET";
        request.target = "/c0";
        const twin::Outcome outcome = twin::respond(*service, endpoint, signer, build(endpoint), request, Instant{}, {});
        QTEST(int(outcome.verdict), "verdict");
        QTEST(outcome.response.status, "status");
        QTEST(outcome.startError, "startError");
        QVERIFY(outcome.response.body.isEmpty());
        const auto step = std::find_if(outcome.trace.begin(), outcome.trace.end(), [](const twin::TraceStep &one) {
            return one.stage == twin::Stage::Validators && one.state == twin::StepState::Failed;
        });
        QVERIFY(step != outcome.trace.end());
        QTEST(step->pointer, "pointer");
    }
};

QTEST_GUILESS_MAIN(TestValidatorStart)
#include "tst_validatorstart.moc"
