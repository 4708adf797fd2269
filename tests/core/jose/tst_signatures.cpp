#include "core/jose/base64.h"
#include "core/jose/jws.h"
#include "testdata.h"

#include <QCryptographicHash>
#include <QTest>

#include <atomic>
#include <map>
#include <thread>
#include <vector>

using namespace tokenlab;
using jose::Algorithm;

namespace {

const QByteArray sim2 =
    R"({"kty":"oct","kid":"sim2","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})";
const QByteArray ed =
    R"({"kty":"OKP","crv":"Ed25519","kid":"ed","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";

jose::Key keyFor(Algorithm algorithm)
{
    static std::map<QByteArray, jose::Key> keys; // RSA keys take long to make
    QByteArray kind;
    switch (jose::keyTypeOf(algorithm)) {
    case jose::KeyType::Oct:
        kind = "oct";
        break;
    case jose::KeyType::Rsa:
        kind = "RSA";
        break;
    case jose::KeyType::Ec:
        kind = algorithm == Algorithm::ES256 ? "P-256" : algorithm == Algorithm::ES384 ? "P-384" : "P-521";
        break;
    case jose::KeyType::Ed25519:
        kind = "Ed25519";
        break;
    }
    const auto found = keys.find(kind);
    if (found != keys.end())
        return found->second;
    const jose::Key key = kind == "oct"       ? *jose::generateOct(64, "k")
                          : kind == "RSA"     ? *jose::generateRsa(2048, "k")
                          : kind == "Ed25519" ? *jose::generateEd25519("k")
                                              : *jose::generateEc(kind, "k");
    return keys.emplace(kind, key).first->second;
}

struct Parts {
    QByteArray input;
    QByteArray signature;
};

Parts takeApart(const QByteArray &token)
{
    const qsizetype dot = token.lastIndexOf('.');
    return {token.first(dot), *jose::decodeBase64RawUrlStrict(token.sliced(dot + 1))};
}

} // namespace

class TestSignatures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names()
    {
        QCOMPARE(jose::allAlgorithms().size(), std::size_t(13));
        for (const Algorithm algorithm : jose::allAlgorithms())
            QCOMPARE(jose::algorithmFromName(jose::name(algorithm)), algorithm);
        for (const char *bad : {"", "none", "hs256", "HS256 ", "eddsa", "ES256K", "RS1", "Ed25519"})
            QVERIFY(!jose::algorithmFromName(bad));
    }

    void rfcVectors_data()
    {
        QTest::addColumn<QByteArray>("alg");
        QTest::addColumn<QByteArray>("jwk");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QByteArray>("signature");
        const QJsonArray rows = testdata::read("rfc-vectors.json")[QLatin1String("signatures")].toArray();
        QCOMPARE(rows.size(), 14);
        for (const QJsonValue &row : rows)
            QTest::newRow(testdata::bytes(row[QLatin1String("source")]).constData())
                << testdata::bytes(row[QLatin1String("alg")]) << QJsonDocument(row[QLatin1String("key")].toObject()).toJson()
                << testdata::bytes(row[QLatin1String("input")]) << testdata::bytes(row[QLatin1String("signature")]);
    }
    void rfcVectors()
    {
        QFETCH(QByteArray, alg);
        QFETCH(QByteArray, jwk);
        QFETCH(QByteArray, input);
        QFETCH(QByteArray, signature);
        const auto key = jose::parseKey(jwk);
        QVERIFY2(key.ok(), key ? "" : key.error().text.constData());
        const Algorithm algorithm = *jose::algorithmFromName(alg);
        const QByteArray bytes = *jose::decodeBase64RawUrlStrict(signature);
        QVERIFY(jose::verifySignature(*key, algorithm, input, bytes));
        QVERIFY(jose::verifySignature(key->publicKey(), algorithm, input, bytes));
        for (qsizetype i = 0; i < bytes.size(); i += 7) {
            QByteArray bad = bytes;
            bad[i] = char(bad[i] ^ 0x10);
            QVERIFY(!jose::verifySignature(*key, algorithm, input, bad));
        }
        QVERIFY(!jose::verifySignature(*key, algorithm, input + 'A', bytes));
        QVERIFY(!jose::verifySignature(*key, algorithm, input, bytes.chopped(1)));
        QVERIFY(!jose::verifySignature(*key, algorithm, input, {}));
        for (const Algorithm other : jose::allAlgorithms())
            if (other != algorithm)
                QVERIFY(!jose::verifySignature(*key, other, input, bytes));
    }

    // Specification §6.5.
    void tokens_data()
    {
        QTest::addColumn<QByteArray>("jwk");
        QTest::addColumn<QByteArray>("alg");
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<bool>("full");
        QTest::addColumn<QByteArray>("token");
        const auto row = [](const char *name, const QByteArray &jwk, const char *alg, const char *payload, bool full, const char *token) {
            QTest::newRow(name) << jwk << QByteArray(alg) << QByteArray(payload) << full << QByteArray(token);
        };
        const QByteArray emptyKid = R"({"kty":"oct","k":"AA"})";
        row("6.5.1", sim2, "HS256",
            // No raw string: moc takes its slashes for a comment.
            "{\"aud\":\"http://api.example.com\",\"exp\":1735689600,\"iss\":\"https://krakend.io\","
            "\"jti\":\"mnb23vcsrt756yuiomnbvcx98ertyuiop\",\"roles\":[\"role_y\"],\"sub\":\"1234567890qwertyuio\"}",
            false,
            "eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ."
            "eyJhdWQiOiJodHRwOi8vYXBpLmV4YW1wbGUuY29tIiwiZXhwIjoxNzM1Njg5NjAwLCJpc3MiOiJodHRwczovL2tyYWtlbmQuaW8iLCJqdGkiOiJtbmIyM3Zjc3J0Nz"
            "U2eXVpb21uYnZjeDk4ZXJ0eXVpb3AiLCJyb2xlcyI6WyJyb2xlX3kiXSwic3ViIjoiMTIzNDU2Nzg5MHF3ZXJ0eXVpbyJ9."
            "zkfOW6Fsd0DzhYTXjc_SA3oOv2mG76JZTAvRaVibPNA");
        row("6.5.2 HS256", sim2, "HS256", R"({"sub":"a"})", false,
            "eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ.eyJzdWIiOiJhIn0.VeMrDl3Yij_AF6HgwrwduxiKyC5sGdfY1ZhLIBoekMk");
        row("6.5.2 HS384", sim2, "HS384", R"({"sub":"a"})", false,
            "eyJhbGciOiJIUzM4NCIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ.eyJzdWIiOiJhIn0.rbrtpkXjBV59C27Mrwy29VcaDl-2Zn1zbnxKP6d1b_x6F_"
            "mREfeOcQFZer4ROXjz");
        row("6.5.2 HS512", sim2, "HS512", R"({"sub":"a"})", false,
            "eyJhbGciOiJIUzUxMiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ.eyJzdWIiOiJhIn0.we9fWbqtmRrO4ebNtNfiw-uT3ZpDAHaob_"
            "OAXiBSduD6xIsMBymOETROFBiwc9AcjMMNmKv2ASZzF0itqOEzog");
        row("6.5.3 {}", sim2, "HS256", "{}", false,
            "eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ.e30.XeyIsjkYYug3aLmRg3EaVU-sbn17NFJaUn8-FE_f38E");
        row("6.5.3 null", sim2, "HS256", "null", false,
            "eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ.bnVsbA.cM1D3jDxyS2_aHl4LWCAZqRkheDv8BNdEXuZRpdAo48");
        row("6.5.4 empty kid", emptyKid, "HS256", "{}", false,
            "eyJhbGciOiJIUzI1NiIsImtpZCI6IiIsInR5cCI6IkpXVCJ9.e30.4MZ8XuHGzx_8vbQss2SnWEllNu03kakssDsbHDun1i8");
        row("6.5.5 EdDSA", ed, "EdDSA", "{}", false,
            "eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIiwidHlwIjoiSldUIn0.e30.n-tyIj3SeoEEuUZCpl1JtIKuX1dkGDoeK6UUyCLrEaU5CVrJhz-"
            "3xotcc5Z1fOYpAtWfim7xeprWZAuBdjE8Cw");
        row("6.4 flattened", sim2, "HS256", "{}", true,
            R"({"payload":"e30","protected":"eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ","signature":"XeyIsjkYYug3aLmRg3EaVU-sbn17NFJaUn8-FE_f38E"})");
    }
    void tokens()
    {
        QFETCH(QByteArray, jwk);
        QFETCH(QByteArray, alg);
        QFETCH(QByteArray, payload);
        QFETCH(bool, full);
        const auto signer = jose::Signer::create(*jose::parseKey(jwk), alg, {}, full);
        QVERIFY(signer);
        QCOMPARE(signer->full(), full);
        for (int i = 0; i < 2; ++i) {
            const auto token = signer->sign(payload);
            QVERIFY(token);
            QTEST(*token, "token");
            QVERIFY(*signer->sign(payload + ' ') != *token);
        }
    }

    // Tokens too long to write down: their SHA-256.
    void tokenHashes_data()
    {
        QTest::addColumn<QByteArray>("jwk");
        QTest::addColumn<QByteArray>("alg");
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<QByteArray>("sha256");
        for (const QJsonValue &row : testdata::read("rfc-vectors.json")[QLatin1String("tokenHashes")].toArray())
            QTest::newRow(testdata::bytes(row[QLatin1String("source")]).constData())
                << QJsonDocument(row[QLatin1String("key")].toObject()).toJson() << testdata::bytes(row[QLatin1String("alg")])
                << testdata::bytes(row[QLatin1String("payload")]) << testdata::bytes(row[QLatin1String("sha256")]);
    }
    void tokenHashes()
    {
        QFETCH(QByteArray, jwk);
        QFETCH(QByteArray, alg);
        QFETCH(QByteArray, payload);
        const auto signer = jose::Signer::create(*jose::parseKey(jwk), alg, {}, false);
        QVERIFY(signer);
        const auto token = signer->sign(payload);
        QVERIFY(token);
        QTEST(QCryptographicHash::hash(*token, QCryptographicHash::Sha256).toHex(), "sha256");
    }

    void headers_data()
    {
        QTest::addColumn<QByteArray>("kid");
        QTest::addColumn<QByteArray>("typ");
        QTest::addColumn<QByteArray>("header");
        const auto row = [](const char *name, const char *kid, const char *typ, const char *header) {
            QTest::newRow(name) << QByteArray(kid) << QByteArray(typ) << QByteArray(header);
        };
        row("6.1 default", "sim2", "", R"({"alg":"HS256","kid":"sim2","typ":"JWT"})");
        row("6.1 HTML in typ", "sim2", "at+jwt<&>", R"({"alg":"HS256","kid":"sim2","typ":"at+jwt\u003c\u0026\u003e"})");
        row("case \"header: typ control\"", "k", "a\bb\fc\n", R"({"alg":"HS256","kid":"k","typ":"a\u0008b\u000cc\n"})");
        row("case \"header: kid quote\"", "a\"b\\", "", "{\"alg\":\"HS256\",\"kid\":\"a\\\"b\\\\\",\"typ\":\"JWT\"}");
        row("no kid", "", "", R"({"alg":"HS256","kid":"","typ":"JWT"})");
    }
    void headers()
    {
        QFETCH(QByteArray, kid);
        QFETCH(QByteArray, typ);
        const auto signer = jose::Signer::create(jose::generateOct(1, kid)->withKid(kid), "HS256", typ, false);
        QVERIFY(signer);
        QTEST(signer->headerJson(), "header");
        QCOMPARE(signer->algorithm(), Algorithm::HS256);
        QCOMPARE(signer->key().kid(), kid);
    }

    void refusedSigners_data()
    {
        QTest::addColumn<int>("keyOf");
        QTest::addColumn<bool>("open");
        QTest::addColumn<QByteArray>("alg");
        QTest::addColumn<QByteArray>("text");
        const QByteArray algorithm = "go-jose/go-jose: unknown/unsupported algorithm";
        const QByteArray key = "go-jose/go-jose: unsupported key type/format";
        const auto row = [](const char *name, Algorithm keyOf, bool open, const char *alg, const QByteArray &text) {
            QTest::newRow(name) << int(keyOf) << open << QByteArray(alg) << text;
        };
        row("bad: RS256 with oct", Algorithm::HS256, false, "RS256", algorithm);
        row("bad: HS256 with EC", Algorithm::ES256, false, "HS256", algorithm);
        row("bad: EdDSA with EC", Algorithm::ES256, false, "EdDSA", algorithm);
        row("bad: lower case", Algorithm::HS256, false, "hs256", algorithm);
        row("bad: none", Algorithm::HS256, false, "none", algorithm);
        row("bad: no algorithm", Algorithm::HS256, false, "", algorithm);
        row("bad: public EC", Algorithm::ES256, true, "ES256", key);
        row("bad: public Ed25519", Algorithm::EdDSA, true, "EdDSA", key);
        row("bad: public key, unknown algorithm", Algorithm::ES256, true, "nope", key);
    }
    void refusedSigners()
    {
        QFETCH(int, keyOf);
        QFETCH(bool, open);
        QFETCH(QByteArray, alg);
        const jose::Key key = keyFor(Algorithm(keyOf));
        const auto signer = jose::Signer::create(open ? key.publicKey() : key, alg, {}, false);
        QVERIFY(!signer);
        QTEST(jose::gatewayText(signer.error()), "text");
    }

    void everyAlgorithm_data()
    {
        QTest::addColumn<int>("algorithm");
        for (const Algorithm algorithm : jose::allAlgorithms())
            QTest::newRow(jose::name(algorithm).constData()) << int(algorithm);
    }
    void everyAlgorithm()
    {
        QFETCH(int, algorithm);
        const auto alg = Algorithm(algorithm);
        const jose::Key key = keyFor(alg);
        const auto signer = jose::Signer::create(key, jose::name(alg), {}, false);
        QVERIFY(signer);
        const QByteArray payload = R"({"sub":"a"})";
        const auto token = signer->sign(payload);
        QVERIFY(token);
        const auto [input, signature] = takeApart(*token);
        QVERIFY(jose::verifySignature(key.publicKey(), alg, input, signature));
        QCOMPARE(*signer->sign(payload) != *token, jose::isRandomised(alg));
        for (qsizetype i = 0; i < signature.size(); ++i) {
            QByteArray bad = signature;
            bad[i] = char(bad[i] ^ 1);
            QVERIFY(!jose::verifySignature(key, alg, input, bad));
        }
        QByteArray badInput = input;
        badInput[3] = badInput[3] == 'A' ? 'B' : 'A';
        QVERIFY(!jose::verifySignature(key, alg, badInput, signature));
        QVERIFY(!jose::verifySignature(key, alg, input, signature + '\0'));
        for (const Algorithm other : jose::allAlgorithms())
            if (other != alg)
                QVERIFY(!jose::verifySignature(keyFor(other).publicKey(), other, input, signature));
    }

    void manyThreads()
    {
        const auto signer = jose::Signer::create(*jose::parseKey(sim2), "HS256", {}, false);
        const QByteArray expected = *signer->sign("{}");
        std::atomic<int> good = 0;
        std::vector<std::thread> threads; // joined: what OpenSSL keeps for a thread is given back then
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i) {
                    const auto token = signer->sign("{}");
                    good += token && *token == expected;
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(good.load(), 4000);
    }
};

QTEST_GUILESS_MAIN(TestSignatures)
#include "tst_signatures.moc"
