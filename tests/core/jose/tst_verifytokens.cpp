// Whole tokens under strict verification: every algorithm and form, the examples of the standards, and what is noted of tokens that pass.
#include "testdata.h"
#include "verifyworld.h"

#include <QTest>

#include <algorithm>

using namespace verifyworld;

class TestVerifyTokens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The 13 algorithms in all forms; each 1-byte truncation, each added byte and each flipped bit is refused.
    void everyAlgorithm_data()
    {
        QTest::addColumn<QByteArray>("alg");
        for (const Algorithm algorithm : jose::allAlgorithms())
            QTest::newRow(jose::name(algorithm).constData()) << jose::name(algorithm);
    }
    void everyAlgorithm()
    {
        QFETCH(QByteArray, alg);
        const Algorithm algorithm = *jose::algorithmFromName(alg);
        const jose::Key key = keyOf(kindFor(algorithm));
        const jose::KeySet keys = keysFrom(setOf({jwkOf(key)}));
        for (const bool full : {false, true}) {
            const auto signer = jose::Signer::create(key, alg, {}, full);
            QVERIFY(signer);
            const QByteArray token = *signer->sign(claims);
            const auto result = jose::verifyToken(token, keys);
            QVERIFY2(result.valid(), result.error ? described(*result.error).constData() : "");
            QCOMPARE(result.alg, alg);
            QCOMPARE(result.kid, QByteArray("k"));
            QCOMPARE(result.payload, claims);
            QCOMPARE(result.form, full ? jose::DecodedToken::Flattened : jose::DecodedToken::Compact);
            QCOMPARE(result.key->thumbprint(), key.thumbprint());
            const Algorithm others[] = {Algorithm::HS256, Algorithm::ES384};
            const bool among = std::find(std::begin(others), std::end(others), algorithm) != std::end(others);
            QCOMPARE(jose::verifyToken(token, keys, others).valid(), among);
            if (!among)
                QCOMPARE(jose::verifyToken(token, keys, others).error->kind, Kind::AlgNotAllowed);
        }
        const QByteArray token = *jose::Signer::create(key, alg, {}, false)->sign(claims);
        for (qsizetype size = 0; size < token.size(); ++size) {
            QVERIFY2(!jose::verifyToken(token.first(size), keys).valid(), token.first(size).constData());
            QVERIFY2(!jose::verifyToken(token.sliced(size + 1), keys).valid(), token.sliced(size + 1).constData());
        }
        int refused = 0;
        for (qsizetype at = 0; at < token.size(); ++at) {
            for (int bit = 0; bit < 8; ++bit) {
                QByteArray bad = token;
                bad[at] = char(bad[at] ^ (1 << bit));
                refused += jose::verifyToken(bad, keys).valid() ? 0 : 1;
            }
            QByteArray longer = token;
            longer.insert(at, 'A');
            QVERIFY2(!jose::verifyToken(longer, keys).valid(), longer.constData());
        }
        QCOMPARE(refused, int(token.size()) * 8);
    }

    void notes_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<int>("kind"); // -1: no note at all
        QTest::addColumn<QByteArray>("detail");
        using Note = jose::VerifyNote;
        const auto hs = [](const QByteArray &payload) { return compact(header("HS256"), payload, keyOf("oct"), Algorithm::HS256); };
        const QByteArray keys = setOfKind("oct");
        QTest::newRow("none") << good("HS256") << keys << -1 << QByteArray();
        QTest::newRow("jwk") << good("HS256", ",\"jwk\":{}") << keys << int(Note::IgnoredKeySource) << QByteArray("jwk");
        QTest::newRow("a short secret") << hsWith("short") << setOf({octJwk("short")}) << int(Note::ShortSecret) << QByteArray();
        QTest::newRow("none: a secret of 32 bytes")
            << hsWith(QByteArray(32, 's')) << setOf({octJwk(QByteArray(32, 's'))}) << -1 << QByteArray();
        QTest::newRow("kid without a key's") << good("HS256") << setOf({jwkOf(keyOf("oct").withKid({}))}) << int(Note::KidWithoutKey)
                                             << QByteArray("k");
        QTest::newRow("no kid, two keys") << compact("{\"alg\":\"HS256\"}", claims, keyOf("oct"), Algorithm::HS256)
                                          << setOf({jwkOf(keyOf("oct'")), jwkOf(keyOf("oct"))}) << int(Note::KidMissing) << QByteArray();
        QTest::newRow("a text") << hs("hello") << keys << int(Note::PayloadNotJson) << QByteArray();
        QTest::newRow("a list") << hs("[1]") << keys << int(Note::PayloadNotObject) << QByteArray();
        QTest::newRow("a claim twice") << hs("{\"sub\":1,\"sub\":2}") << keys << int(Note::PayloadDuplicate) << QByteArray("sub");
        QTest::newRow("expired") << hs("{\"exp\":999}") << keys << int(Note::ClaimExpired) << QByteArray();
        QTest::newRow("expires now") << hs("{\"exp\":1000}") << keys << int(Note::ClaimExpired) << QByteArray();
        QTest::newRow("none: not expired") << hs("{\"exp\":1001,\"nbf\":1000}") << keys << -1 << QByteArray();
        QTest::newRow("not yet") << hs("{\"nbf\":1001}") << keys << int(Note::ClaimNotYetValid) << QByteArray();
        QTest::newRow("none: exp a text") << hs("{\"exp\":\"1\"}") << keys << -1 << QByteArray();
        QTest::newRow("none: exp beyond all") << hs("{\"exp\":1e999}") << keys << -1 << QByteArray();
        const QByteArray p = b64(claims);
        const QByteArray bare = "{\"payload\":\"" + p + "\",\"header\":{\"alg\":\"HS256\",\"kid\":\"k\"},\"signature\":\"" +
                                b64(rawSignature(keyOf("oct"), Algorithm::HS256, '.' + p)) + "\"}";
        QTest::newRow("alg unprotected") << bare << keys << int(Note::UnprotectedAlg) << QByteArray();
    }
    void notes()
    {
        QFETCH(QByteArray, token);
        QFETCH(QByteArray, keys);
        QFETCH(int, kind);
        QFETCH(QByteArray, detail);
        const auto result = jose::verifyToken(token, keysFrom(keys), {}, Instant{1000});
        QVERIFY2(result.valid(), result.error ? described(*result.error).constData() : "");
        QCOMPARE(int(result.notes.size()), kind < 0 ? 0 : 1);
        if (kind >= 0) {
            QCOMPARE(int(result.notes[0].kind), kind);
            QCOMPARE(result.notes[0].detail, detail);
        }
        // Without a clock nothing is said of dates.
        const bool dated = kind == jose::VerifyNote::ClaimExpired || kind == jose::VerifyNote::ClaimNotYetValid;
        QCOMPARE(jose::verifyToken(token, keysFrom(keys)).notes.size(), result.notes.size() - (dated ? 1U : 0U));
    }

    void keyTexts_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<int>("keys"); // -1: refused
        QTest::addColumn<int>("skipped");
        const QByteArray key = jwkOf(keyOf("P-256"));
        QTest::newRow("a set") << setOf({key, key}) << 2 << 0;
        QTest::newRow("a JWK") << key << 1 << 0;
        QTest::newRow("an empty set") << QByteArray("{\"keys\":[]}") << 0 << 0;
        QTest::newRow("unknown kinds") << setOf({key, "{}", "{\"kty\":\"x\"}", "null"}) << 1 << 3;
        QTest::newRow("an Ed25519 key cut short") << setOf({"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}"}) << 0 << 1;
        QTest::newRow("an EC key off its curve") << setOf({"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + b64(QByteArray(32, 'x')) +
                                                           "\",\"y\":\"" + b64(QByteArray(32, 'y')) + "\"}"})
                                                 << 0 << 1;
        QTest::newRow("an RSA key with d alone") << setOf({'{' + QByteArray("\"d\":\"AQAB\",") + jwkOf(keyOf("RSA")).sliced(1)}) << 1 << 0;
        QTest::newRow("must fail: no JSON") << QByteArray("-----BEGIN PUBLIC KEY-----") << -1 << 0;
        QTest::newRow("must fail: a list") << '[' + key + ']' << -1 << 0;
        QTest::newRow("must fail: an object of anything") << QByteArray("{\"a\":1}") << -1 << 0;
        QTest::newRow("must fail: keys an object") << QByteArray("{\"keys\":{}}") << -1 << 0;
        QTest::newRow("must fail: keys twice") << QByteArray("{\"keys\":[],\"keys\":[]}") << -1 << 0;
        QTest::newRow("must fail: a broken JWK") << QByteArray("{\"kty\":\"RSA\",\"n\":\"AQAB\"}") << -1 << 0;
        QTest::newRow("must fail: empty") << QByteArray() << -1 << 0;
    }
    void keyTexts()
    {
        QFETCH(QByteArray, json);
        QFETCH(int, keys);
        QFETCH(int, skipped);
        const auto read = jose::readVerificationKeys(json);
        QCOMPARE(read.ok(), keys >= 0);
        if (!read)
            return;
        QCOMPARE(int(read->set.keys.size()), keys);
        QCOMPARE(int(read->skipped.size()), skipped);
        for (const jose::Key &key : read->set.keys)
            QVERIFY(!key.isPrivate() || key.type() == jose::KeyType::Oct);
    }

    // RFC 7515 A.1–A.4, RFC 7520 §4.1–4.4, RFC 8037 A.4 as compact tokens.
    void rfcCompact_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<QByteArray>("jwk");
        const QJsonArray rows = testdata::read("rfc-vectors.json")[QLatin1String("signatures")].toArray();
        int tokens = 0;
        for (const QJsonValue &row : rows) {
            const QByteArray input = testdata::bytes(row[QLatin1String("input")]), source = testdata::bytes(row[QLatin1String("source")]);
            if (input.startsWith('.') || source == "RFC 7520 4.6" || source == "RFC 7520 4.8, first")
                continue; // their headers stand elsewhere: JSON forms, below
            ++tokens;
            QTest::newRow(source.constData()) << input + '.' + testdata::bytes(row[QLatin1String("signature")])
                                              << QJsonDocument(row[QLatin1String("key")].toObject()).toJson();
        }
        QCOMPARE(tokens, 10);
    }
    void rfcCompact()
    {
        QFETCH(QByteArray, token);
        QFETCH(QByteArray, jwk);
        const jose::KeySet keys = keysFrom(jwk);
        const auto result = jose::verifyToken(token, keys);
        QVERIFY2(result.valid(), result.error ? described(*result.error).constData() : "");
        for (qsizetype size = 0; size < token.size(); ++size)
            QVERIFY(!jose::verifyToken(token.first(size), keys).valid());
        QByteArray other = token;
        other[token.indexOf('.') + 3] = other[token.indexOf('.') + 3] == 'A' ? 'B' : 'A';
        QVERIFY(!jose::verifyToken(other, keys).valid());
    }

    // RFC 7515 A.6 and A.7, RFC 7520 §4.6–4.8: unprotected headers, several signatures.
    void rfcJson()
    {
        QMap<QByteArray, QJsonObject> vectors;
        for (const QJsonValue &row : testdata::read("rfc-vectors.json")[QLatin1String("signatures")].toArray())
            vectors[testdata::bytes(row[QLatin1String("source")])] = row.toObject();
        const auto field = [&](const char *source, const char *name) { return testdata::bytes(vectors[source][QLatin1String(name)]); };
        const auto jwk = [&](const char *source) {
            return QJsonDocument(vectors[source][QLatin1String("key")].toObject()).toJson(QJsonDocument::Compact);
        };
        const auto signature = [&](const char *source, const QByteArray &unprotected) {
            const QByteArray shielded = part(field(source, "input"), 0);
            return (shielded.isEmpty() ? QByteArray("{") : "{\"protected\":\"" + shielded + "\",") +
                   (unprotected.isEmpty() ? QByteArray() : "\"header\":" + unprotected + ',') + "\"signature\":\"" +
                   field(source, "signature") + "\"}";
        };
        const auto payload = [&](const char *source) { return "{\"payload\":\"" + part(field(source, "input"), 1) + "\","; };
        const auto flattened = [&](const char *source, const QByteArray &unprotected) {
            return payload(source) + signature(source, unprotected).sliced(1);
        };
        const QByteArray rsaKid = "{\"kid\":\"2010-12-29\"}", ecKid = "{\"kid\":\"e9bc097a-ce51-4036-9562-d2ade882db0d\"}";
        const auto check = [](const QByteArray &token, const QByteArray &keys, bool right, std::size_t skipped) {
            const auto result = jose::verifyToken(token, keysFrom(keys));
            QVERIFY2(result.valid() == right, result.error ? described(*result.error).constData() : token.constData());
            if (right)
                QCOMPARE(std::size_t(std::count_if(result.notes.begin(), result.notes.end(),
                                                   [](const auto &note) { return note.kind == jose::VerifyNote::SignatureNotTried; })),
                         skipped);
        };
        const QByteArray a6 = payload("RFC 7515 A.2") + "\"signatures\":[" + signature("RFC 7515 A.2", rsaKid) + ',' +
                              signature("RFC 7515 A.3", ecKid) + "]}";
        check(a6, setOf({jwk("RFC 7515 A.2"), jwk("RFC 7515 A.3")}), true, 0);
        check(a6, jwk("RFC 7515 A.2"), true, 1);
        check(a6, jwk("RFC 7515 A.3"), true, 1);
        check(a6, jwk("RFC 7515 A.1"), false, 0);
        QByteArray broken = a6;
        broken.replace(broken.lastIndexOf("\"signature\":\"") + 15, 1, "A");
        check(broken, setOf({jwk("RFC 7515 A.2"), jwk("RFC 7515 A.3")}), broken == a6, 0);
        check(flattened("RFC 7515 A.3", ecKid), jwk("RFC 7515 A.3"), true, 0);
        const QByteArray hsKid = "\"kid\":\"018c0ae5-4d9b-471b-bfd6-eef314bc7037\"";
        check(flattened("RFC 7520 4.6", '{' + hsKid + '}'), jwk("RFC 7520 4.6"), true, 0);
        check(flattened("RFC 7520 4.7", "{\"alg\":\"HS256\"," + hsKid + '}'), jwk("RFC 7520 4.7"), true, 0);
        check(flattened("RFC 7520 4.7", "{\"alg\":\"HS384\"," + hsKid + '}'), jwk("RFC 7520 4.7"), false, 0);
        const QByteArray bilbo = "\"kid\":\"bilbo.baggins@hobbiton.example\"";
        const QByteArray three = payload("RFC 7520 4.8, first") + "\"signatures\":[" + signature("RFC 7520 4.8, first", '{' + bilbo + '}') +
                                 ',' + signature("RFC 7520 4.8, second", "{\"alg\":\"ES512\"," + bilbo + '}') + ',' +
                                 signature("RFC 7520 4.8, third", {}) + "]}";
        check(three, setOf({jwk("RFC 7520 4.8, first"), jwk("RFC 7520 4.8, second"), jwk("RFC 7520 4.8, third")}), true, 0);
        check(three, jwk("RFC 7520 4.8, third"), true, 2);
        // RFC 7520 §4.5: what is detached is not here.
        check(part(field("RFC 7520 4.4", "input"), 0) + ".." + field("RFC 7520 4.4", "signature"), jwk("RFC 7520 4.4"), false, 0);
    }
};

QTEST_GUILESS_MAIN(TestVerifyTokens)
#include "tst_verifytokens.moc"
