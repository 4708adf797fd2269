// What leaves the lab: bytes of the document, placeholders, relative paths, secrets, made validators, and what must be there at the
// gateway's.
#include "core/gateway/exports.h"

#include <QTest>

using namespace tokenlab;
using gateway::ExportKind;
using gateway::Requirement;

namespace {

// JSON with apostrophes for quotes.
QByteArray q(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

const QByteArray file = q("{\n"
                          "  'version': 3,\n"
                          "  'host': ['http://shared:8000'],\n"
                          "  'tls': {'public_key': '/etc/k/cert.pem', 'private_key': '/etc/k/key.pem'},\n"
                          "  'endpoints': [\n"
                          "    {\n"
                          "      'endpoint': '/token',\n"
                          "      'method': 'POST',\n"
                          "      'backend': [{'host': ['http://login:8000'], 'url_pattern': '/issue'}],\n"
                          "      'extra_config': {\n"
                          "        'auth/signer': {\n"
                          "          'alg': 'HS256', 'kid': 'k', 'keys_to_sign': ['access_token'],\n"
                          "          'jwk_local_path': '/etc/k/keys/private.json', 'disable_jwk_security': true,\n"
                          "          'secret_url': 'base64key://c2VjcmV0', 'cypher_key': 'YWJj'\n"
                          "        }\n"
                          "      }\n"
                          "    },\n"
                          "    {\n"
                          "      'endpoint': '/rsa', 'note': '{{.x}}',\n"
                          "      'backend': [{'url_pattern': '/r'}],\n"
                          "      'extra_config': {'auth/signer': {'alg': 'RS256', 'kid': 'r', 'keys_to_sign': ['a'],\n"
                          "        'jwk_url': 'https://u:pw@keys/jwk/private.json', 'jwk_local_ca': 'ca.pem'},\n"
                          "        'auth/validator': {'alg': 'RS256', 'jwk_url': 'https://keys/public.json'}}\n"
                          "    },\n"
                          "    {'endpoint': '/plain', 'backend': [{'url_pattern': '/p'}]}\n"
                          "  ]\n"
                          "}\n");

gateway::ServiceConfig service()
{
    auto loaded = gateway::load(file, QStringLiteral("krakend.json"));
    return loaded ? std::move(loaded).value() : gateway::ServiceConfig();
}

gateway::ExportWishes wishes(ExportKind kind, std::size_t endpoint = 0)
{
    gateway::ExportWishes out;
    out.kind = kind;
    out.endpoint = endpoint;
    return out;
}

QByteArrayList told(const std::vector<Requirement> &list)
{
    QByteArrayList out;
    for (const Requirement &requirement : list)
        out += QByteArray::number(int(requirement.kind)) + ' ' + requirement.subject + (requirement.secret ? " secret" : "") +
               (requirement.encrypted ? " encrypted" : "") + (requirement.relative ? " relative" : "");
    return out;
}

} // namespace

class TestExports : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ownBytes()
    {
        const auto whole = gateway::exported(file, service(), wishes(ExportKind::Gateway));
        QVERIFY(whole.ok());
        QCOMPARE(whole->text, file);
        QVERIFY(whole->hasSecrets);
        QVERIFY(!whole->isTemplate);
        const auto signer = gateway::exported(file, service(), wishes(ExportKind::Signer));
        QVERIFY(signer->text.startsWith("{\n  \"alg\": \"HS256\""));
        QVERIFY(signer->text.endsWith("\n}\n"));
        QVERIFY(signer->hasSecrets);
        const auto endpoint = gateway::exported(file, service(), wishes(ExportKind::Endpoint, 2));
        QCOMPARE(endpoint->text, q("{'endpoint': '/plain', 'backend': [{'url_pattern': '/p'}]}\n"));
        QVERIFY(!endpoint->hasSecrets);
        // A password in a URL is a secret, too.
        QVERIFY(gateway::exported(file, service(), wishes(ExportKind::Signer, 1))->hasSecrets);
        QVERIFY(!gateway::exported(file, service(), wishes(ExportKind::Validator, 1))->hasSecrets);
    }
    void refused_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("endpoint");
        QTest::addColumn<int>("error"); // -1: none
        QTest::newRow("must not fail: a signer that is there") << int(ExportKind::Signer) << 0 << -1;
        QTest::newRow("no signer") << int(ExportKind::Signer) << 2 << int(gateway::ExportError::NoSigner);
        QTest::newRow("no validator, none can be made") << int(ExportKind::Validator) << 2 << int(gateway::ExportError::NoValidator);
        QTest::newRow("no endpoint") << int(ExportKind::Endpoint) << 7 << int(gateway::ExportError::NoEndpoint);
    }
    void refused()
    {
        QFETCH(int, kind);
        QFETCH(int, endpoint);
        const auto result = gateway::exported(file, service(), wishes(ExportKind(kind), std::size_t(endpoint)));
        QTEST(result ? -1 : int(result.error().kind), "error");
    }
    void placeholders()
    {
        auto asked = wishes(ExportKind::Gateway);
        asked.placeholders = true;
        const auto out = gateway::exported(file, service(), asked);
        QVERIFY(out->isTemplate);
        QVERIFY(!out->hasSecrets);
        QByteArrayList names;
        for (const gateway::Placeholder &placeholder : out->placeholders) {
            names += placeholder.name + (placeholder.secret ? "!" : "");
            QVERIFY(out->text.contains("\"{{ env \"" + placeholder.name + "\" }}\""));
            QVERIFY(!placeholder.name.startsWith("KRAKEND_"));
        }
        QCOMPARE(names, QByteArrayList({"HOST_SHARED_8000", "PUBLIC_KEY", "PRIVATE_KEY", "HOST_LOGIN_8000", "JWK_LOCAL_PATH",
                                        "JWK_SECRET_URL!", "JWK_CYPHER_KEY!", "JWK_URL!", "JWK_LOCAL_CA", "JWK_URL_2"}));
        for (const QByteArray secret : {"c2VjcmV0", "YWJj", "u:pw"})
            QVERIFY(!out->text.contains(secret));
        // What only looked like an action stays a text.
        QVERIFY(out->text.contains("\"{{ \"{{\" }}.x}}\""));
        // Put back, it is the file.
        QByteArray back = out->text;
        for (const gateway::Placeholder &placeholder : out->placeholders)
            back.replace("{{ env \"" + placeholder.name + "\" }}", placeholder.value);
        QCOMPARE(back.replace("{{ \"{{\" }}", "{{"), file);
    }
    void relativePaths()
    {
        auto asked = wishes(ExportKind::Gateway);
        asked.relativeTo = "/etc/k";
        const auto out = gateway::exported(file, service(), asked);
        QCOMPARE(out->paths.size(), std::size_t(3));
        QVERIFY(out->text.contains(q("'jwk_local_path': './keys/private.json'")));
        QVERIFY(out->text.contains(q("'public_key': './cert.pem'")));
        QVERIFY(out->text.contains(q("'jwk_local_ca': 'ca.pem'"))); // it was relative
        asked.relativeTo = "/etc/other";
        QVERIFY(gateway::exported(file, service(), asked)->text.contains("\"../k/keys/private.json\""));
    }
    void checklists()
    {
        const auto all = gateway::exported(file, service(), wishes(ExportKind::Gateway));
        QCOMPARE(told(gateway::requirements(service(), wishes(ExportKind::Gateway), *all)),
                 QByteArrayList({"0 /etc/k/keys/private.json secret encrypted", "2 ca.pem relative", "3 /etc/k/cert.pem",
                                 "4 /etc/k/key.pem secret", "5 https://u:pw@keys/jwk/private.json", "5 https://keys/public.json",
                                 "6 http://login:8000", "6 http://shared:8000", "9 8080"}));
        const auto one = gateway::exported(file, service(), wishes(ExportKind::Signer, 1));
        QCOMPARE(told(gateway::requirements(service(), wishes(ExportKind::Signer, 1), *one)),
                 QByteArrayList({"2 ca.pem relative", "5 https://u:pw@keys/jwk/private.json"}));
        // Must be empty: nothing is needed but a backend, and that is not asked for.
        const auto plain = gateway::exported(file, service(), wishes(ExportKind::Endpoint, 2));
        QCOMPARE(told(gateway::requirements(service(), wishes(ExportKind::Endpoint, 2), *plain)), QByteArrayList({"6 http://shared:8000"}));
    }
    void madeValidator()
    {
        const auto made = gateway::exported(file, service(), wishes(ExportKind::Validator, 0));
        QVERIFY(made->madeValidator);
        QVERIFY(made->hasSecrets);
        QVERIFY(!made->validator.proposed);
        QVERIFY(made->text.contains("\"jwk_local_path\": \"/etc/k/keys/private.json\""));
        QVERIFY(made->text.contains("\"cypher_key\": \"YWJj\""));
        QVERIFY(!made->text.contains("cache"));
    }

    void blocks_data()
    {
        QTest::addColumn<QByteArray>("alg");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("publicSet");
        QTest::addColumn<int>("error");
        QTest::newRow("the same secret") << QByteArray("HS512") << QByteArray("https://k/s.json") << QByteArray() << QByteArray() << -1;
        QTest::newRow("public beside private") << QByteArray("RS256") << QByteArray("https://k/jwk/private.json") << QByteArray()
                                               << QByteArray("https://k/jwk/public.json") << -1;
        QTest::newRow("any other name") << QByteArray("ES256") << QByteArray("https://k/jwk/set?x=/1") << QByteArray()
                                        << QByteArray("https://k/jwk/public-set") << -1;
        QTest::newRow("a host alone") << QByteArray("ES256") << QByteArray("https://k") << QByteArray()
                                      << QByteArray("https://k/public.json") << -1;
        QTest::newRow("a file") << QByteArray("EdDSA") << QByteArray() << QByteArray("keys.json") << QByteArray("public-keys.json") << -1;
        QTest::newRow("must fail: no such algorithm") << QByteArray("hs256") << QByteArray("https://k") << QByteArray() << QByteArray()
                                                      << int(gateway::blocks::BlockError::UnknownAlgorithm);
        QTest::newRow("must fail: no key") << QByteArray("HS256") << QByteArray() << QByteArray() << QByteArray()
                                           << int(gateway::blocks::BlockError::NoKeySource);
    }
    void blocks()
    {
        QFETCH(QByteArray, alg);
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, path);
        gateway::SignerConfig signer;
        signer.alg = alg;
        signer.jwkUrl = url;
        signer.localPath = path;
        const auto block = gateway::blocks::matchingValidator(signer);
        QTEST(block ? -1 : int(block.error().kind), "error");
        if (block) {
            QTEST(block->publicSet, "publicSet");
            QVERIFY(json::parse(block->json).ok());
        }
    }
    void fromThePayload()
    {
        gateway::SignerConfig signer;
        signer.alg = "HS256";
        signer.jwkUrl = "https://k";
        signer.keysToSign = {"nothing", "access_token"};
        const auto payload = json::parse(q("{'access_token': {'iss': 'me', 'aud': 'you', 'roles': ['a', 'b'], 'sub': 5}}"));
        gateway::blocks::Wishes asked;
        asked.payload = payload->root();
        auto block = gateway::blocks::matchingValidator(signer, asked);
        QVERIFY(block->json.contains(q("'issuer':'me','audience':['you'],'roles_key':'roles'")));
        QVERIFY(!block->json.contains("\"roles\":["));
        asked.withRoles = true;
        QVERIFY(gateway::blocks::matchingValidator(signer, asked)->json.contains(q("'roles':['a','b']")));
        // Must not be taken: a list with a number, an empty issuer.
        const auto odd = json::parse(q("{'access_token': {'iss': '', 'aud': ['a', 1]}}"));
        asked.payload = odd->root();
        QVERIFY(gateway::blocks::matchingValidator(signer, asked)->fromPayload.empty());
    }
    void addedToTheDocument()
    {
        const auto loaded = service();
        const auto tree = json::SyntaxTree::parse(file);
        const auto guarded = gateway::blocks::protectedEndpoint(loaded, loaded.endpoints[0]);
        const auto refresh = gateway::blocks::refreshEndpoint(loaded, loaded.endpoints[0]);
        QVERIFY(guarded.ok() && refresh.ok());
        const auto edit = gateway::blocks::addEndpoints(*tree, {*guarded, *refresh});
        const QByteArray text = gateway::edit::apply(file, edit);
        const auto again = gateway::load(text, QStringLiteral("krakend.json"));
        QVERIFY(again.ok());
        QCOMPARE(again->endpoints.size(), std::size_t(5));
        QCOMPARE(again->endpoints[3].path, QByteArray("/private"));
        QCOMPARE(again->endpoints[4].path, QByteArray("/refresh"));
        QVERIFY(again->endpoints[4].signer.has_value());
        QCOMPARE(again->endpoints[4].backends[0].hosts, std::vector<QByteArray>{"http://login:8000"});
        QVERIFY(text.startsWith(file.first(file.lastIndexOf("  ]")).trimmed()));
        // A second one finds another path.
        QCOMPARE(gateway::blocks::protectedEndpoint(*again, again->endpoints[0])->path, QByteArray("/private-2"));
        // On an endpoint that exists.
        const auto on = gateway::blocks::addValidator(*tree, "/endpoints/2", guarded->validator);
        QVERIFY(json::SyntaxTree::parse(gateway::edit::apply(file, on))->find("/endpoints/2/extra_config/auth~1validator/alg") > 0);
        // Must be nothing: no such endpoint.
        QVERIFY(gateway::blocks::addValidator(*tree, "/endpoints/9", guarded->validator).empty());
    }
};

QTEST_GUILESS_MAIN(TestExports)
#include "tst_exports.moc"
