// What the file alone tells about endpoints, names, validators, secrets and releases: for each code a document that must raise it, where,
// and one that must not; and what its first fix makes of the file.
#include "core/problems/schema.h"
#include "core/text/problems.h"
#include "tests/core/problems/ruledocument.h"

#include <QRegularExpression>
#include <QTest>

#include <set>

using namespace tokenlab;
using namespace tokenlab::problems;

namespace {

struct Row {
    QByteArray code;
    QByteArray text;
    QByteArray pointer; // where it must be raised; none: it must not
    bool raised = true;
};

QByteArray q(const char *text)
{
    return inQuotes(text);
}

QByteArray two(const char *first, const char *second)
{
    return q("'backend':[{'url_pattern':'/a'") + q(first) + q("},{'url_pattern':'/b'") + q(second) + "}]";
}

QByteArray validator(const char *members, const char *alg = "HS256")
{
    return q("'auth/validator':{'alg':'") + alg + q("','jwk_url':'https://keys/jwk.json'") + q(members) + "}";
}

// The signing endpoint and a protected one.
QByteArray withValidator(const char *members, const char *alg = "HS256", const QByteArray &signer = signerText())
{
    QByteArray text = withEndpoint({}, {}, {}, signer);
    text.chop(2);
    return text + q(",{'endpoint':'/account','backend':[{'url_pattern':'/account'}],'extra_config':{") + validator(members, alg) + "}}]}";
}

const std::vector<Row> &rows()
{
    static const QByteArray e = "/endpoints/0";
    static const QByteArray x = e + "/extra_config";
    static const QByteArray b = e + "/backend/0";
    static const QByteArray v = "/endpoints/1/extra_config/auth~1validator";
    static const std::vector<Row> list = [] {
        std::vector<Row> out;
        const auto must = [&](const char *code, const QByteArray &text, const QByteArray &pointer) {
            out.push_back({code, text, pointer, true});
        };
        const auto mustNot = [&](const char *code, const QByteArray &text) { out.push_back({code, text, {}, false}); };
        const auto extra = [](const char *more) { return withEndpoint({}, {}, {}, signerText() + ',' + q(more)); };
        const auto unsignedWith = [](const QByteArray &endpoint, const char *more) { return withEndpoint(endpoint, {}, {}, q(more)); };
        const auto backend = [](const char *members) { return withEndpoint({}, q(members)); };
        const auto top = [](const char *members) { return withEndpoint({}, {}, q(members)); };
        const QByteArray plain = withEndpoint();

        must("cache-ttl-lost", withEndpoint(q("'cache_ttl':'5m'")), e + "/cache_ttl");
        must("cache-ttl-lost", top("'cache_ttl':'5m'"), "/cache_ttl");
        mustNot("cache-ttl-lost", unsignedWith(q("'cache_ttl':'5m'"), "'proxy':{}"));
        must("output-encoding-lost", withEndpoint(q("'output_encoding':'string'")), e + "/output_encoding");
        mustNot("output-encoding-lost", withEndpoint(q("'output_encoding':'json'")));
        must("output-encoding-lost", top("'output_encoding':'string'"), "/output_encoding");
        mustNot("output-encoding-lost", withEndpoint(q("'output_encoding':'json'"), {}, q("'output_encoding':'string'")));
        mustNot("output-encoding-lost", withEndpoint({}, {}, q("'output_encoding':'string'"), q("'proxy':{}")));
        must("rate-limit-lost", extra("'qos/ratelimit/router':{'max_rate':5}"), x + "/qos~1ratelimit~1router");
        mustNot("rate-limit-lost", unsignedWith({}, "'qos/ratelimit/router':{'max_rate':5}"));
        must("lua-endpoint-lost", extra("'modifier/lua-endpoint':{'pre':'x'}"), x + "/modifier~1lua-endpoint");
        mustNot("lua-endpoint-lost", extra("'modifier/lua-proxy':{'pre':'x'}"));
        must("completed-header-lost", withEndpoint(two("", "")), x + "/auth~1signer");
        mustNot("completed-header-lost", plain);
        must("error-message-lost", top("'extra_config':{'router':{'return_error_msg':true}}"), "/extra_config/router/return_error_msg");
        mustNot("error-message-lost", top("'extra_config':{'router':{'return_error_msg':false}}"));
        must("partial-refused", withEndpoint(two("", "")), x + "/auth~1signer");
        mustNot("partial-refused", plain);
        must("failed-login-400", plain, b);
        mustNot("failed-login-400", backend("'extra_config':{'backend/http':{'return_error_details':'login'}}"));
        mustNot("failed-login-400", unsignedWith({}, "'proxy':{}"));
        must("error-code-lost", backend("'extra_config':{'backend/http':{'return_error_code':true}}"),
             b + "/extra_config/backend~1http/return_error_code");
        mustNot("error-code-lost", backend("'extra_config':{'backend/http':{'return_error_code':false}}"));
        must("error-details-no-name", backend("'extra_config':{'backend/http':{'return_error_details':true}}"),
             b + "/extra_config/backend~1http/return_error_details");
        mustNot("error-details-no-name", backend("'extra_config':{'backend/http':{'return_error_details':'x'}}"));
        must("no-op-unsigned", withEndpoint(q("'output_encoding':'no-op'")), e + "/output_encoding");
        must("no-op-unsigned", backend("'encoding':'no-op'"), b + "/encoding");
        mustNot("no-op-unsigned", unsignedWith(q("'output_encoding':'no-op'"), "'proxy':{}"));
        must("no-host", QByteArray(plain).replace(q("'host':['https://backend'],"), ""), b);
        mustNot("no-host", plain);
        must("host-without-scheme", backend("'host':['h:8000'],'disable_host_sanitize':true"), b + "/host");
        mustNot("host-without-scheme", backend("'host':['http://h:8000'],'disable_host_sanitize':true"));
        must("host-scheme-assumed", backend("'host':['h:8000']"), b + "/host/0");
        mustNot("host-scheme-assumed", backend("'host':['https://h:8000']"));
        must("encoding-as-json", backend("'encoding':'yaml'"), b + "/encoding");
        must("encoding-as-json", backend("'encoding':'jsn'"), b + "/encoding");
        mustNot("encoding-as-json", backend("'encoding':'safejson'"));
        must("sd-unknown", backend("'sd':'etcd'"), b + "/sd");
        mustNot("sd-unknown", backend("'sd':'static'"));
        must("url-pattern-no-slash", QByteArray(plain).replace("/login", "login"), b + "/url_pattern");
        mustNot("url-pattern-no-slash", plain);
        must("url-pattern-missing", QByteArray(plain).replace("url_pattern", "group"), b);
        mustNot("url-pattern-missing", plain);
        must("parallel-share-body", withEndpoint(two(",'method':'GET'", ",'method':'HEAD'")), e + "/backend");
        mustNot("parallel-share-body", withEndpoint(two(",'method':'GET'", ",'method':'POST'")));
        mustNot("parallel-share-body",
                withEndpoint(two(",'method':'GET'", ",'method':'GET'"), {}, {}, signerText() + q(",'proxy':{'sequential':true}")));
        must("backend-twice", withEndpoint(q("'backend':[{'url_pattern':'/a'},{'url_pattern':'/a'}]")), e + "/backend/1");
        mustNot("backend-twice", withEndpoint(two("", "")));
        must("backends-same-member", withEndpoint(two(",'group':'g'", ",'group':'g'")), e + "/backend/1");
        must("backends-same-member", withEndpoint(two(",'allow':['a.b']", ",'allow':['a']")), e + "/backend/1");
        mustNot("backends-same-member", withEndpoint(two(",'group':'g'", ",'group':'h'")));
        must("timeout-negative", withEndpoint(q("'timeout':'-1s'")), e + "/timeout");
        mustNot("timeout-negative", withEndpoint(q("'timeout':'1s'")));
        must("concurrent-login", withEndpoint(q("'concurrent_calls':3")), e + "/concurrent_calls");
        mustNot("concurrent-login", withEndpoint(q("'concurrent_calls':1")));
        must("member-twice", top("'port':8080,'port':9000"), "/port");
        must("member-twice", withEndpoint({}, {}, {}, signerText().replace("{", q("{'kid':'sim1',"))), x + "/auth~1signer/kid");
        must("member-twice", top("'@c':[{'a':1,'\\u0061':2}]"), "/@c/0/a");
        mustNot("member-twice", top("'port':8080,'Port':9000,'@c':[{'a':1},{'a':1}]"));
        must("text-not-utf8", top("'name':'Ger\xe4t'"), "/name");
        mustNot("text-not-utf8", top("'name':'Ger\xc3\xa4t \\udfff'"));
        must("member-case", top("'Port':9000"), "/Port");
        mustNot("member-case", top("'port':9000"));
        must("member-case-unused", top("'port':9000,'PORT':1"), "/PORT");
        mustNot("member-case-unused", top("'Port':9000"));
        must("legacy-member", withEndpoint(q("'headers_to_pass':['Authorization']")), e + "/headers_to_pass");
        must("legacy-member", backend("'whitelist':['a']"), b + "/whitelist");
        mustNot("legacy-member", withEndpoint(q("'input_headers':['Authorization']")));
        must("unknown-member", withEndpoint(q("'input_header':['Authorization']")), e + "/input_header");
        must("unknown-member", top("'prot':9000"), "/prot");
        mustNot("unknown-member", top("'@comment':'x','$schema':'y','_z':1"));
        must("unknown-component", extra("'auth/zigner':{}"), x + "/auth~1zigner");
        mustNot("unknown-component", extra("'proxy':{'sequential':true}"));
        must("component-level", extra("'backend/http':{'return_error_details':'x'}"), x + "/backend~1http");
        mustNot("component-level", backend("'extra_config':{'backend/http':{'return_error_details':'x'}}"));

        must("validator-crash", withValidator(",'roles':['a'],'roles_key':'a.b','roles_key_is_nested':true"), v + "/roles_key");
        mustNot("validator-crash", withValidator(",'roles':['a'],'roles_key':'aa.b','roles_key_is_nested':true"));
        must("validator-fatal", withValidator("", "HS999"), v + "/alg");
        mustNot("validator-fatal", withValidator(""));
        must("validator-off",
             QByteArray(withValidator("")).replace(q("'alg':'HS256','jwk_url':'https://keys"), q("'alg':'HS256','jwk_url':'http://keys")),
             v + "/jwk_url");
        mustNot("validator-off", withValidator(""));
        must("validator-typo",
             QByteArray(withValidator(""))
                 .replace(q("'alg':'HS256','jwk_url':'https://keys/jwk.json'}}"), q("'alg':'HS256','jwk-url':'https://keys/jwk.json'}}")),
             v + "/jwk-url");
        must("validator-typo", withValidator(",'isuer':'i'"), v + "/isuer");
        must("validator-typo",
             QByteArray(withValidator(",'isuer':'i'")).replace("auth/validator", "github.com/devopsfaith/krakend-jose/validator"),
             QByteArray(v).replace("auth~1validator", "github.com~1devopsfaith~1krakend-jose~1validator") + "/isuer");
        mustNot("validator-typo", withValidator(",'issuer':'i','Audience':['a'],'@isuer':'x','something':1"));
        must("leeway-one-second", withValidator(",'leeway':'5'"), v + "/leeway");
        must("leeway-one-second", withValidator(",'leeway':'10ms'"), v + "/leeway");
        mustNot("leeway-one-second", withValidator(",'leeway':'5s'"));
        must("scopes-without-key", withValidator(",'scopes':['a']"), v + "/scopes");
        mustNot("scopes-without-key", withValidator(",'scopes':['a'],'scopes_key':'scope'"));
        must("scopes-key-unused", withValidator(",'scopes_key':'scope'"), v + "/scopes_key");
        mustNot("scopes-key-unused", withValidator(",'scopes':['a'],'scopes_key':'scope'"));
        must("roles-key-flat", withValidator(",'roles':['a'],'roles_key':'realm_access.roles'"), v + "/roles_key");
        mustNot("roles-key-flat", withValidator(",'roles':['a'],'roles_key':'realm_access.roles','roles_key_is_nested':true"));
        must("roles-key-url", withValidator(",'roles':['a'],'roles_key':'http://x.y/roles','roles_key_is_nested':true"), v + "/roles_key");
        mustNot("roles-key-url", withValidator(",'roles':['a'],'roles_key':'http://x.y/roles'"));
        must("strategy-x5t", withValidator(",'key_identify_strategy':'x5t#S256'"), v + "/key_identify_strategy");
        mustNot("strategy-x5t", withValidator(",'key_identify_strategy':'kid'"));
        must("login-needs-token", withEndpoint({}, {}, {}, signerText() + ',' + validator("")), x + "/auth~1validator");
        mustNot("login-needs-token", withValidator(""));
        must("fit-algorithm", withValidator("", "HS384"), v + "/alg");
        mustNot("fit-algorithm", withValidator(""));
        mustNot("fit-algorithm", withValidator("", "HS256", signerText().replace("HS256", "hs256")));
        // Own logins beside an identity provider: its tokens are none of the signer's.
        const auto elsewhere = [&](const char *url, const char *alg) {
            QByteArray text = withValidator("", alg);
            return text.replace(text.lastIndexOf("https://keys/jwk.json"), 21, url);
        };
        mustNot("fit-algorithm", elsewhere("https://idp.example/jwk", "RS256"));
        mustNot("fit-other-set", elsewhere("https://idp.example/jwk", "RS256"));
        must("fit-algorithm", elsewhere("https://keys/public.json", "RS256"), v + "/alg");
        const auto files = [&](const char *of, const char *with) {
            QByteArray text =
                withValidator("", "RS256", signerText().replace("HS256", "RS256").replace("}", q(",'jwk_local_path':'") + of + q("'}")));
            return text.replace(text.lastIndexOf(q("'jwk_url'")), 9, q("'jwk_local_path':'") + with + q("','jwk_url'"));
        };
        must("fit-private-set", files("privl.json", "./privl.json"), v + "/jwk_local_path");
        must("fit-private-set", files("/etc/keys/../privl.json", "/etc//privl.json"), v + "/jwk_local_path");
        mustNot("fit-private-set", files("privl.json", "publ.json"));
        must("fit-private-set", withValidator("", "RS256", signerText().replace("HS256", "RS256")), v + "/jwk_url");
        mustNot("fit-private-set", withValidator(""));
        must("fit-other-set", withValidator("", "HS256", signerText().replace("keys/jwk", "others/jwk")), v + "/jwk_url");
        mustNot("fit-other-set", withValidator(""));

        must("schema", withEndpoint(q("'method':'post'")).replace(q("'method':'POST',"), ""), e + "/method");
        must("schema", top("'port':'9000'"), "/port");
        mustNot("schema", plain);
        must("schema-unjudged", extra("'documentation/openapi':{}"), x + "/documentation~1openapi");
        mustNot("schema-unjudged", plain);

        must("secret-in-url", backend("'extra_config':{'backend/http/client':{'proxy_address':'http://u:p@h'}}"),
             b + "/extra_config/backend~1http~1client/proxy_address");
        mustNot("secret-in-url", backend("'extra_config':{'backend/http/client':{'proxy_address':'http://u@h:80'}}"));
        must("secret-key-inline", extra("'proxy':{'static':{'strategy':'always','data':{'keys':[{'kty':'oct','k':'AA'}]}}}"),
             x + "/proxy/static/data/keys/0");
        mustNot("secret-key-inline", extra("'proxy':{'static':{'strategy':'always','data':{'keys':[{'kty':'RSA','n':'AA','e':'AQAB'}]}}}"));
        must("secret-member", extra("'proxy':{'static':{'strategy':'always','data':{'client_secret':'abc'}}}"),
             x + "/proxy/static/data/client_secret");
        mustNot("secret-member", extra("'proxy':{'static':{'strategy':'always','data':{'client_secret':'${SECRET}'}}}"));
        const QByteArray keeper = q("'auth/signer':{'alg':'HS256','kid':'k','keys_to_sign':['a'],'jwk_local_path':'./k.json',"
                                    "'disable_jwk_security':true,'cypher_key':'QUJD','secret_url':'");
        must("secret-keeper-inline", withEndpoint({}, {}, {}, keeper + q("base64key://smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4='}")),
             x + "/auth~1signer/secret_url");
        mustNot("secret-keeper-inline", withEndpoint({}, {}, {}, keeper + q("awskms://alias/x'}")));

        must("schema-other-release", top("'$schema':'https://www.krakend.io/schema/v2.3/krakend.json'"), "/$schema");
        mustNot("schema-other-release", top("'$schema':'https://www.krakend.io/schema/v2.13/krakend.json'"));
        mustNot("schema-other-release", top("'$schema':'https://www.krakend.io/schema/krakend.json'"));
        mustNot("schema-other-release", top("'$schema':'https://www.krakend.io/schema/v3.json'"));
        mustNot("schema-other-release", top("'$schema':'https://www.krakend.io/schema/v3/krakend.json'"));
        must("version-odd", QByteArray(plain).replace(q("'version':3"), q("'version':'3'")), "/version");
        mustNot("version-odd", plain);
        must("legacy-namespace", QByteArray(plain).replace("auth/signer", "github.com/devopsfaith/krakend-jose/signer"),
             x + "/github.com~1devopsfaith~1krakend-jose~1signer");
        mustNot("legacy-namespace", plain);
        must("both-namespaces", extra("'github.com/devopsfaith/krakend-jose/signer':{}"),
             x + "/github.com~1devopsfaith~1krakend-jose~1signer");
        mustNot("both-namespaces", plain);
        must("signer-level", backend("'extra_config':{'auth/signer':{}}"), b + "/extra_config/auth~1signer");
        must("signer-level", top("'extra_config':{'auth/signer':{}}"), "/extra_config/auth~1signer");
        mustNot("signer-level", plain);
        must("enterprise-only", extra("'security/policies':{}"), x + "/security~1policies");
        mustNot("enterprise-only", extra("'validation/cel':[{'check_expr':'true'}]"));
        return out;
    }();
    return list;
}

} // namespace

class TestRulesOffline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void raised_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<bool>("wanted");
        int number = 0;
        for (const Row &row : rows())
            QTest::addRow("%s %s %d", row.code.constData(), row.raised ? "must" : "must not", ++number)
                << row.code << row.text << row.pointer << row.raised;
    }
    void raised()
    {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, pointer);
        QFETCH(bool, wanted);
        Checked checked;
        checkDocument(text, checked);
        QVERIFY2(checked.tree, text.constData());
        const Problem *problem = findProblem(checked.problems, code);
        QVERIFY2((problem != nullptr) == wanted, text.constData());
        if (!problem)
            return;
        QCOMPARE(problem->pointer, pointer);
        QVERIFY(problem->code->offline || code == "validator-fatal");
        const QString message = text::message(*problem);
        QVERIFY2(!message.contains(u'%') && message.size() > 20, qPrintable(message));
        QVERIFY(!text::explanation(*problem->code).isEmpty());
        // A fix leaves a file that still parses, and one that says it is safe makes the problem go.
        for (const Fix &fix : problem->fixes) {
            QVERIFY(!text::label(fix, *problem).isEmpty());
            const QByteArray changed = gateway::edit::apply(text, fix.edit);
            QVERIFY2(json::SyntaxTree::parse(changed), changed.constData());
            Checked again;
            checkDocument(changed, again);
            const Problem *left = findProblem(again.problems, code);
            QVERIFY2(!left || left->pointer != pointer, changed.constData());
        }
    }

    // A rule without a row is a rule that nobody has seen.
    void everyOfflineCodeHasRows()
    {
        std::set<QByteArray> must, mustNot;
        for (const Row &row : rows())
            (row.raised ? must : mustNot).insert(row.code);
        for (const Code &code : ruleCodes()) {
            const QByteArray id(code.id.data(), qsizetype(code.id.size()));
            if (!code.offline)
                continue;
            QVERIFY2(must.contains(id), id.constData());
            QVERIFY2(mustNot.contains(id), id.constData());
        }
    }

    void everyCodeHasWords()
    {
        std::set<std::string_view> seen;
        for (const Code &code : ruleCodes()) {
            QVERIFY2(seen.insert(code.id).second, code.id.data());
            QVERIFY2(text::explanation(code).size() > 40, code.id.data());
            QVERIFY(findCode(code.id) != nullptr);
        }
        QVERIFY(findCode("no-such-code") == nullptr);
    }

    // Explanations are of the code, not of one problem: there is nothing to fill in.
    void explanationsHaveNoPlaceholders()
    {
        static const QRegularExpression placeholder(QStringLiteral("%[0-9]"));
        QVERIFY(placeholder.match(QStringLiteral("a panic: %2.")).hasMatch());
        for (const Code &code : catalog())
            QVERIFY2(!text::explanation(code).contains(placeholder), code.id.data());
    }

    // What a backend would say is said by nobody yet.
    void exampleOfARefusedLogin()
    {
        Checked checked;
        checkDocument(withEndpoint(), checked);
        const Problem *problem = findProblem(checked.problems, "failed-login-400");
        QVERIFY(problem);
        QVERIFY2(text::message(*problem).contains(QLatin1String("for example")), qPrintable(text::message(*problem)));
        Problem seen = *problem;
        seen.arguments[2] = "seen";
        QVERIFY(!text::message(seen).contains(QLatin1String("for example")));
    }

    void crashOfAValidatorIsInTheGatewaysWords()
    {
        Checked checked;
        checkDocument(withValidator(",'roles':['a'],'roles_key':'a.b','roles_key_is_nested':true"), checked);
        QCOMPARE(findProblem(checked.problems, "validator-crash")->gateway,
                 QByteArray("panic: runtime error: slice bounds out of range [:4] with length 3"));
    }

    // The gateway ends at its first error and says nothing of what comes behind it.
    void errorsHideNothing_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArrayList>("codes"); // the first as the gateway says it, the others in any order
        QTest::addColumn<QByteArrayList>("absent");
        const auto row = [](const char *name, const QByteArray &text, const QByteArrayList &codes, const QByteArrayList &absent = {}) {
            QTest::newRow(name) << text << codes << absent;
        };
        const QByteArray plain = signerText().replace("https", "http"), alg = signerText().replace("HS256", "hs256");
        row("a host", withEndpoint({}, q("'host':['http://h/path']"), {}, plain), {"host-invalid", "url-insecure"});
        row("two hosts", withEndpoint({}, q("'host':['http://h/path','ok','HTTP://h']"), {}, alg),
            {"host-invalid", "host-invalid", "alg-case"});
        row("a version", withEndpoint({}, {}, {}, alg).replace("\"version\":3", "\"version\":2"), {"config-version", "alg-case"});
        row("no version", withEndpoint({}, {}, {}, alg).replace("\"version\":3,", ""), {"config-version", "alg-case"});
        row("a duration", withEndpoint(q("'timeout':'2'"), {}, {}, alg), {"config-duration", "alg-case"});
        row("a kind", withEndpoint(q("'concurrent_calls':'many'"), {}, q("'port':{}"), alg), {"config-type", "config-type", "alg-case"});
        row("an address", withEndpoint({}, {}, q("'listen_ip':'localhost'"), alg), {"config-ip", "alg-case"});
        row("a path", withEndpoint({}, {}, {}, alg).replace("/token", "/__debug/{id}"), {"path-forbidden", "alg-case"});
        row("no-op", withEndpoint(q("'output_encoding':'no-op','backend':[{'url_pattern':'/a'},{'url_pattern':'/b'}]"), {}, {}, alg),
            {"no-op-several", "alg-case"});
        row("parameters", withEndpoint(q("'backend':[{'url_pattern':'/{x}'},{'url_pattern':'/{y}/{z}'}]"), {}, {}, alg),
            {"url-parameters", "url-parameters", "alg-case"});
        row("a null endpoint", withEndpoint({}, {}, {}, alg).replace(q("'endpoints':["), q("'endpoints':[null,")),
            {"config-null", "alg-case"}, {"no-host", "method-unsupported"});
        row("a null backend", withEndpoint(q("'backend':[null,{'url_pattern':'/b'}]"), {}, {}, alg), {"config-null", "alg-case"});
        row("no backend", withEndpoint(q("'backend':[]"), {}, {}, alg), {"no-backend", "alg-case"}, {"no-host", "failed-login-400"});
        row("several of all", withEndpoint(q("'timeout':'2'"), q("'host':['http://h/path']"), q("'listen_ip':'x'"), plain),
            {"config-duration", "config-ip", "host-invalid", "url-insecure"});
        row("must not: no error", withEndpoint({}, {}, {}, alg), {"alg-case"}, {"config-other", "config-type"});
        row("must not: no JSON", withEndpoint({}, {}, {}, alg) + '}', {"config-json"}, {"alg-case"});
    }
    void errorsHideNothing()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArrayList, codes);
        QFETCH(QByteArrayList, absent);
        Checked checked;
        checkDocument(text, checked);
        QByteArrayList found;
        for (const Problem &problem : checked.problems)
            found.append(QByteArray(problem.code->id.data(), qsizetype(problem.code->id.size())));
        const QByteArray all = found.join(' ');
        if (checked.input.configError)
            QCOMPARE(found.value(0), codes.first());
        for (const QByteArray &code : codes)
            QVERIFY2(found.removeOne(code), (code + " of " + all).constData());
        for (const QByteArray &code : absent)
            QVERIFY2(!found.contains(code), all.constData());
        for (const Problem &problem : checked.problems) {
            QVERIFY2(!text::message(problem).contains(QLatin1String("token-lab-")), qPrintable(text::message(problem)));
            QVERIFY(!problem.gateway.contains("token-lab-"));
        }
    }

    // A file of which every endpoint is wrong ends in time.
    void thousandsOfErrors()
    {
        QByteArray text = q("{'version':3,'host':['https://b'],'endpoints':[");
        for (int i = 0; i < 3000; ++i)
            text += (i ? "," : "") + q("{'endpoint':'/e") + QByteArray::number(i) + q("','timeout':'x','backend':[{'url_pattern':'/'}]}");
        Checked checked;
        checkDocument(text + "]}", checked);
        const auto count = std::count_if(checked.problems.begin(), checked.problems.end(),
                                         [](const Problem &problem) { return problem.code->id == "config-duration"; });
        QVERIFY2(count > 10 && count < 100, QByteArray::number(qlonglong(count)).constData());
    }

    // The schema's objections stand with the problem that says the same, and once.
    void lintMarks()
    {
        Checked checked;
        checkDocument(withEndpoint(q("'headers_to_pass':['A'],'timeout':'1.5s'")), checked);
        const Problem *legacy = findProblem(checked.problems, "legacy-member");
        QVERIFY(legacy && legacy->lint);
        int schema = 0;
        for (const Problem &problem : checked.problems)
            schema += problem.code->id == "schema";
        QCOMPARE(schema, 1);
        QCOMPARE(findProblem(checked.problems, "schema")->pointer, QByteArray("/endpoints/0/timeout"));
        QVERIFY(!findProblem(checked.problems, "failed-login-400")->lint);
    }

    // Whatever is refused by the schema carries a mark somewhere, and nothing else does.
    void lintFollowsTheSchema()
    {
        for (const Row &row : rows()) {
            Checked checked;
            checkDocument(row.text, checked);
            QVERIFY(checked.tree);
            const bool refused = lintVerdict(*checked.tree) == LintVerdict::Refused;
            const bool marked = std::any_of(checked.problems.begin(), checked.problems.end(), [](const Problem &p) { return p.lint; });
            QVERIFY2(refused == marked, (row.code + ' ' + row.text).constData());
        }
    }

    void secretsAreNotArguments()
    {
        Checked checked;
        checkDocument(withEndpoint({}, q("'extra_config':{'backend/http/client':{'proxy_address':'http://u:hunter2@h'}}"), {},
                                   signerText() + q(",'validation/json-schema':{'password':'hunter2'}")),
                      checked);
        QVERIFY(findProblem(checked.problems, "secret-member"));
        for (const Problem &problem : checked.problems)
            for (const QByteArray &argument : problem.arguments)
                QVERIFY2(!argument.contains("hunter2"), problem.code->id.data());
    }

    void unreadableDocuments()
    {
        for (const QByteArray &text : {QByteArray(), QByteArray("{"), QByteArray("[]"), QByteArray("null"), QByteArray("3"),
                                       q("{'version':3,'endpoints':[null,3,{'backend':[null,{}],'extra_config':[]}]}")}) {
            Checked checked;
            checkDocument(text, checked);
            QVERIFY2(!checked.problems.empty(), text.constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestRulesOffline)
#include "tst_rules_offline.moc"
