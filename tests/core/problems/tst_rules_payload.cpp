// What a run tells: names of keys_to_sign, claims, backends that fail or overwrite each other, validators that would refuse the token.
#include "core/problems/errordetails.h"
#include "core/text/problems.h"
#include "tests/core/problems/ruledocument.h"

#include <QTest>

#include <set>

using namespace tokenlab;
using namespace tokenlab::problems;

namespace {

constexpr qint64 now = 1'700'000'000;

QByteArray q(const char *text)
{
    return inQuotes(text);
}

// A signer that is built, of the file's own configuration.
twin::SignerState built(const gateway::EndpointConfig &endpoint)
{
    gateway::EndpointConfig local = endpoint;
    if (local.signer)
        if (auto *config = std::get_if<gateway::SignerConfig>(&*local.signer))
            config->localPath = "keys.json";
    twin::Supplies supplies;
    supplies.keyFile = q("{'keys':[{'kty':'oct','kid':'sim2','k':'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ'}]}");
    const twin::BuildStep step = twin::buildSigner(local, supplies);
    const auto *state = std::get_if<twin::SignerState>(&step);
    return state ? *state : twin::SignerState();
}

struct Ran {
    Checked checked;
    twin::Outcome outcome;
};

// The login is posted, each backend gives a reply, and the file is checked with what came of it.
void run(const QByteArray &text, const std::vector<http::Reply> &replies, const QByteArray &target, Ran &out)
{
    auto service = gateway::load(text, QStringLiteral("krakend.json"));
    if (!service)
        return;
    const gateway::EndpointConfig &endpoint = service->endpoints.front();
    const twin::SignerState signer = built(endpoint);
    twin::ClientRequest request;
    request.method = "POST";
    request.target = target;
    request.body = q("{'user':'u'}");
    request.headers.append("Content-Type", "application/json");
    request.headers.append("Authorization", "Bearer x");
    request.headers.append("User-Agent", "curl/8");
    const twin::RouteAnswer route = twin::matchRoute(*service, endpoint, request);
    std::vector<twin::BackendReply> exchanges(endpoint.backends.size());
    for (std::size_t i = 0; i < exchanges.size() && i < replies.size(); ++i) {
        const twin::BackendRequest sent = twin::forward(endpoint, i, request, route);
        exchanges[i].sent = sent.request;
        exchanges[i].dropped = sent.dropped;
        exchanges[i].reply = replies[i];
    }
    out.outcome = twin::respond(*service, endpoint, signer, std::nullopt, request, Instant{now}, exchanges);
    std::vector<EndpointFacts> facts(service->endpoints.size());
    facts.front().signer = signer;
    facts.front().lastOutcome = &out.outcome;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (!service->endpoints[i].validator)
            continue;
        twin::Supplies supplies;
        supplies.keyFile = q("{'keys':[{'kty':'oct','kid':'other','k':'AA'}]}");
        const twin::ValidatorStep step = twin::buildValidator(service->endpoints[i], supplies);
        if (const auto *state = std::get_if<twin::ValidatorState>(&step))
            facts[i].validator = *state;
    }
    checkDocument(text, out.checked, std::move(facts), now);
}

http::Reply reply(int status, const QByteArray &body)
{
    http::Reply out;
    out.status = status;
    out.headers.append("Content-Type", "application/json");
    out.body = body;
    return out;
}

QByteArray good()
{
    return q("{'access_token':{'exp':1700003600,'sub':'a','iss':'i','aud':'a'},'refresh_token':{'exp':1700003600}}");
}

QByteArray access(const char *claims)
{
    return q("{'access_token':{") + q(claims) + q("},'refresh_token':{'exp':1700003600}}");
}

QByteArray protectedBy(const char *members)
{
    QByteArray text = withEndpoint();
    text.chop(2);
    return text + q(",{'endpoint':'/account','backend':[{'url_pattern':'/account'}],'extra_config':{'auth/validator':{'alg':'HS256'") +
           q(members) + "}}}]}";
}

} // namespace

class TestRulesPayload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void raised_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArrayList>("bodies");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("pointer"); // empty: must not be raised
        const QByteArray key0 = "/endpoints/0/extra_config/auth~1signer/keys_to_sign/0";
        const QByteArray b = "/endpoints/0/backend/0";
        const auto row = [&](const char *code, const char *what, const QByteArray &body, const QByteArray &pointer, int status = 200) {
            m_codes.insert(code);
            QTest::addRow("%s: %s", code, what) << QByteArray(code) << withEndpoint() << QByteArrayList{body} << status << pointer;
        };
        row("key-misspelt", "another manner", q("{'accessToken':{},'refresh_token':{}}"), key0);
        row("key-misspelt", "letters swapped", q("{'acces_token':{},'refresh_token':{}}"), key0);
        row("key-misspelt", "all there", good(), {});
        row("key-missing", "nothing near", q("{'x':1,'refresh_token':{}}"), key0);
        row("key-missing", "all there", good(), {});
        row("key-not-an-object", "a text", q("{'access_token':'x','refresh_token':{}}"), key0);
        row("key-not-an-object", "null", q("{'access_token':null,'refresh_token':{}}"), key0);
        row("key-not-an-object", "an empty object", q("{'access_token':{},'refresh_token':{}}"), {});
        row("claim-not-text", "sub a number", access("'exp':1700003600,'sub':5"), key0);
        row("claim-not-text", "jti an object", access("'exp':1700003600,'jti':{}"), key0);
        row("claim-not-text", "null is absent", access("'exp':1700003600,'sub':null"), {});
        row("aud-type", "null", access("'exp':1700003600,'aud':null"), key0);
        row("aud-type", "a number inside", access("'exp':1700003600,'aud':['a',1]"), key0);
        row("aud-type", "a list of texts", access("'exp':1700003600,'aud':['a','b']"), {});
        row("time-not-number", "exp a text", access("'exp':'1700003600'"), key0);
        row("time-not-number", "nbf true", access("'exp':1700003600,'nbf':true"), key0);
        row("time-not-number", "a fraction", access("'exp':1700003600.5"), {});
        row("time-milliseconds", "exp", access("'exp':1700003600000"), key0);
        row("time-milliseconds", "seconds", good(), {});
        row("time-in-future", "iat", access("'exp':1700003600,'iat':1700000100"), key0);
        row("time-in-future", "nbf", access("'exp':1700003600,'nbf':1700000100"), key0);
        row("time-in-future", "within the leeway", access("'exp':1700003600,'iat':1700000001"), {});
        row("exp-missing", "no exp", access("'sub':'a'"), key0);
        row("exp-missing", "null", access("'exp':null"), key0);
        row("exp-missing", "there", good(), {});
        row("exp-past", "long ago", access("'exp':1600000000"), key0);
        row("exp-past", "a second ago", access("'exp':1699999999"), {});
        row("created-becomes-ok", "201", good(), b, 201);
        row("created-becomes-ok", "200", good(), {});
        row("chunked-body", "411", q("{}"), b, 411);
        row("chunked-body", "401", q("{}"), {}, 401);
        row("header-dropped", "Authorization", good(), "/endpoints/0");
        row("query-dropped", "token", good(), "/endpoints/0");

        const auto withText = [&](const char *code, const char *what, const QByteArray &text, const QByteArrayList &bodies,
                                  const QByteArray &pointer) {
            m_codes.insert(code);
            QTest::addRow("%s: %s", code, what) << QByteArray(code) << text << bodies << 200 << pointer;
        };
        withText("header-dropped", "all are forwarded", withEndpoint(q("'input_headers':['*']")), {good()}, {});
        withText("query-dropped", "it is listed", withEndpoint(q("'input_query_strings':['token']")), {good()}, {});
        const QByteArray two = withEndpoint(q("'backend':[{'url_pattern':'/a'},{'url_pattern':'/b'}]"));
        withText("backends-same-member", "both deliver it", two, {good(), q("{'access_token':{},'x':1}")}, "/endpoints/0/backend/1");
        withText("backends-same-member", "apart", two, {good(), q("{'x':1}")}, {});
        const QByteArray v = "/endpoints/1/extra_config/auth~1validator";
        withText("fit-issuer", "another", protectedBy(",'jwk_url':'https://keys/jwk.json','issuer':'j'"), {good()}, v + "/issuer");
        withText("fit-issuer", "the same", protectedBy(",'jwk_url':'https://keys/jwk.json','issuer':'i'"), {good()}, {});
        withText("fit-audience", "another", protectedBy(",'jwk_url':'https://keys/jwk.json','audience':['a','b']"), {good()},
                 v + "/audience");
        withText("fit-audience", "contained", protectedBy(",'jwk_url':'https://keys/jwk.json','audience':['a']"), {good()}, {});
        withText("fit-kid-missing", "another kid in its file", protectedBy(",'jwk_url':'https://keys','jwk_local_path':'k.json'"), {good()},
                 v + "/jwk_local_path");
        withText("fit-kid-missing", "no file", protectedBy(",'jwk_url':'https://keys/jwk.json'"), {good()}, {});
        withText("validator-fatal", "cache beside a local file",
                 protectedBy(",'jwk_url':'https://keys','jwk_local_path':'k.json','cache':true"), {good()}, v + "/cache");
        withText("validator-fatal", "cache of a download", protectedBy(",'jwk_url':'https://keys/jwk.json','cache':true"), {good()}, {});
    }
    void raised()
    {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, text);
        QFETCH(QByteArrayList, bodies);
        QFETCH(int, status);
        QFETCH(QByteArray, pointer);
        std::vector<http::Reply> replies;
        for (const QByteArray &body : bodies)
            replies.push_back(reply(status, body));
        Ran ran;
        run(text, replies, "/token?token=true", ran);
        QVERIFY(ran.checked.tree);
        const Problem *problem = findProblem(ran.checked.problems, code);
        QVERIFY2((problem != nullptr) == !pointer.isEmpty(), ran.outcome.payloadText.constData());
        if (!problem)
            return;
        QCOMPARE(problem->pointer, pointer);
        const QString message = text::message(*problem);
        QVERIFY2(!message.contains(u'%') && message.size() > 20, qPrintable(message));
        for (const Fix &fix : problem->fixes)
            QVERIFY(json::SyntaxTree::parse(gateway::edit::apply(text, fix.edit)));
    }

    void everyOnlineCodeHasRows()
    {
        // Those have their rows in tst_rules_keysets.
        for (const char *code : {"validator-keys", "validator-keys-silent", "fit-private-key", "fit-key-differs"})
            m_codes.insert(code);
        for (const Code &code : ruleCodes())
            QVERIFY2(code.offline || m_codes.contains(QByteArray(code.id.data(), qsizetype(code.id.size()))), code.id.data());
    }

    // A misspelt name is mended by its fix, and nothing else of the file changes.
    void misspeltNameIsMended()
    {
        Ran ran;
        run(withEndpoint(), {reply(200, q("{'acces_token':{},'refresh_token':{}}"))}, "/token", ran);
        const Problem *problem = findProblem(ran.checked.problems, "key-misspelt");
        QVERIFY(problem && problem->severity == Severity::Error && problem->fixes.size() == 1);
        QCOMPARE(gateway::edit::apply(withEndpoint(), problem->fixes.front().edit), withEndpoint().replace("access_token", "acces_token"));
    }

    // The question that is asked most, with its preview.
    void refusedLogin()
    {
        Ran ran;
        run(withEndpoint(), {reply(403, q("{'why':'locked'}"))}, "/token", ran);
        const Problem *problem = findProblem(ran.checked.problems, "failed-login-400");
        QVERIFY(problem);
        QVERIFY(problem->severity == Severity::Warning);
        QCOMPARE(problem->arguments.at(1), QByteArray("403"));
        QCOMPARE(problem->arguments.at(3), QByteArray("400"));
        QCOMPARE(problem->arguments.at(4), QByteArray());
        QCOMPARE(problem->arguments.at(5), QByteArray("403"));
        QVERIFY(problem->arguments.at(6).contains("error_token"));
        QCOMPARE(problem->arguments.at(7), q("{'why':'locked'}"));
        // The file as the fix leaves it answers what the preview said.
        QCOMPARE(problem->fixes.size(), std::size_t(1));
        const QByteArray changed = gateway::edit::apply(withEndpoint(), problem->fixes.front().edit);
        Ran after;
        run(changed, {reply(403, q("{'why':'locked'}"))}, "/token", after);
        QCOMPARE(after.outcome.response.status, 403);
        QCOMPARE(after.outcome.response.body, problem->arguments.at(6));
        QVERIFY(!findProblem(after.checked.problems, "failed-login-400"));
    }

    void previewWithoutAKey()
    {
        const auto service = gateway::load(withEndpoint(), QStringLiteral("krakend.json"));
        QVERIFY(service);
        const ErrorPreview preview = previewErrorDetails(*service, 0, {}, typicalRefusal(), "login");
        QCOMPARE(preview.beforeStatus, 400);
        QCOMPARE(preview.beforeBody, QByteArray());
        QCOMPARE(preview.afterStatus, 401);
        QVERIFY(preview.afterBody.contains("error_login") && !preview.leaked.isEmpty());
        const ErrorPreview fine = previewErrorDetails(*service, 0, {}, reply(200, "{}"), "login");
        QCOMPARE(fine.beforeBody, fine.afterBody);
        QVERIFY(fine.leaked.isEmpty());
        QCOMPARE(previewErrorDetails(*service, 7, {}, typicalRefusal(), "x").afterStatus, 0);
    }

private:
    std::set<QByteArray> m_codes;
};

QTEST_GUILESS_MAIN(TestRulesPayload)
#include "tst_rules_payload.moc"
