// Key sets as the gateway reads them: what it said to each of them was recorded.
#include "core/jose/jwk.h"
#include "core/jose/jws.h"
#include "testdata.h"

#include <QTest>

using namespace tokenlab;
using jose::SetSource;

namespace {

// What the gateway would do with a document, a kid and an algorithm, as far as keys and signatures decide it.
struct Answer {
    QByteArray startError;
    QByteArray signError;
    QByteArray token;
};

Answer ask(QByteArrayView document, SetSource source, QByteArrayView kid, QByteArrayView alg, const QByteArray &payload)
{
    const auto set = jose::parseKeySet(document, source);
    if (!set)
        return {set.error().text, {}, {}};
    if (set->keys.empty())
        return {"no Keys has been found", {}, {}};
    const jose::Key *key = set->find(kid);
    if (!key)
        return {"no Keys have been found", {}, {}};
    const auto signer = jose::Signer::create(*key, alg, {}, false);
    if (!signer)
        return {jose::gatewayText(signer.error()), {}, {}};
    const auto token = signer->sign(payload);
    if (!token)
        return {{}, jose::gatewayText(token.error()), {}};
    return {{}, {}, *token};
}

QByteArray blurred(QByteArrayView alg, const QByteArray &token)
{
    const auto algorithm = jose::algorithmFromName(alg);
    if (!algorithm || !jose::isRandomised(*algorithm) || token.isEmpty())
        return token;
    return token.first(token.lastIndexOf('.') + 1) + "<signature>";
}

const QByteArray startPrefix = "Unable to create the signer: ";
const QByteArray signPrefix = "Signing fields: unable to sign payload: ";

} // namespace

class TestKeySets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oddKeys_data()
    {
        QTest::addColumn<QByteArray>("document");
        QTest::addColumn<bool>("local");
        QTest::addColumn<QByteArray>("kid");
        QTest::addColumn<QByteArray>("alg");
        QTest::addColumn<QByteArray>("startError");
        QTest::addColumn<QByteArray>("signError");
        QTest::addColumn<QByteArray>("token");
        const QJsonArray cases = testdata::read("key-cases.json")[QLatin1String("cases")].toArray();
        QVERIFY(cases.size() > 250);
        for (const QJsonValue &c : cases) {
            const auto text = [&c](const char *name) { return testdata::bytes(c[QLatin1String(name)]); };
            QTest::newRow(text("name").constData()) << text("document") << (text("source") == "local") << text("kid") << text("alg")
                                                    << text("startError") << text("signError") << text("token");
        }
    }
    void oddKeys()
    {
        QFETCH(QByteArray, document);
        QFETCH(bool, local);
        QFETCH(QByteArray, kid);
        QFETCH(QByteArray, alg);
        const Answer answer = ask(document, local ? SetSource::LocalFile : SetSource::Remote, kid, alg, "{\"sub\":\"a\"}");
        QTEST(answer.startError, "startError");
        QTEST(answer.signError, "signError");
        QTEST(blurred(alg, answer.token), "token");
    }

    // The cases of gateway-cases.json that keys decide: a signer that starts or not, with a downloaded set or a plain file.
    void gatewayCases_data()
    {
        QTest::addColumn<QByteArray>("document");
        QTest::addColumn<bool>("local");
        QTest::addColumn<QJsonObject>("signer");
        QTest::addColumn<QByteArray>("startError");
        QTest::addColumn<QByteArray>("signError");
        QTest::addColumn<QByteArray>("body");
        const QJsonDocument file = testdata::read("gateway-cases.json");
        const QJsonArray cases = file.isArray() ? file.array() : file[QLatin1String("cases")].toArray();
        QVERIFY(!cases.isEmpty());
        int rows = 0;
        for (const QJsonValue &c : cases) {
            const QString name = c[QLatin1String("name")].toString();
            const bool aboutKeys = name.startsWith(QLatin1String("alg ")) || name.startsWith(QLatin1String("remote: ")) ||
                                   name.startsWith(QLatin1String("local: ")) || name.startsWith(QLatin1String("public key")) ||
                                   name.startsWith(QLatin1String("rsa ")) || name.startsWith(QLatin1String("header: kid"));
            if (!aboutKeys)
                continue;
            const QJsonObject signer = c[QLatin1String("endpoint")][QLatin1String("extra_config")][QLatin1String("auth/signer")].toObject();
            const bool local = signer.contains(QLatin1String("jwk_local_path"));
            QByteArray document = testdata::bytes(c[QLatin1String("jwks")][QLatin1String("body")]);
            if (local) {
                const QJsonObject files = c[QLatin1String("files")].toObject();
                if (files.isEmpty() || !files.begin()->isString())
                    continue;
                document = testdata::bytes(*files.begin());
            }
            QByteArray startError, signError;
            for (const QJsonValue &line : c[QLatin1String("expect")][QLatin1String("log")].toArray()) {
                const QByteArray text = testdata::bytes(line);
                if (const qsizetype at = text.indexOf(startPrefix); at >= 0)
                    startError = text.sliced(at + startPrefix.size());
                if (const qsizetype at = text.indexOf(signPrefix); at >= 0)
                    signError = text.sliced(at + signPrefix.size());
            }
            // Decided before the set is read, or by the download.
            if (startError.startsWith("should have") || startError.startsWith("JWK client") || startError.startsWith("Get ") ||
                name == QLatin1String("remote: status 204"))
                continue;
            QTest::newRow(name.toUtf8().constData()) << document << local << signer << startError << signError
                                                     << testdata::bytes(c[QLatin1String("expect")][QLatin1String("body")]);
            ++rows;
        }
        QVERIFY(rows > 130);
    }
    void gatewayCases()
    {
        QFETCH(QByteArray, document);
        QFETCH(bool, local);
        QFETCH(QJsonObject, signer);
        QFETCH(QByteArray, startError);
        QFETCH(QByteArray, signError);
        QFETCH(QByteArray, body);
        const QByteArray alg = testdata::bytes(signer[QLatin1String("alg")]);
        const QByteArray kid = testdata::bytes(signer[QLatin1String("kid")]);
        // The payload is what the recorded token carries.
        QByteArray payload = "{}";
        const qsizetype at = body.indexOf("eyJ");
        const QList<QByteArray> parts = at < 0 ? QList<QByteArray>() : body.sliced(at, body.indexOf('"', at) - at).split('.');
        if (parts.size() == 3)
            payload = QByteArray::fromBase64(parts[1], QByteArray::Base64UrlEncoding);
        const Answer answer = ask(document, local ? SetSource::LocalFile : SetSource::Remote, kid, alg, payload);
        QCOMPARE(answer.startError, startError);
        QCOMPARE(answer.signError, signError);
        if (startError.isEmpty() && signError.isEmpty() && parts.size() == 3) {
            QCOMPARE(blurred(alg, answer.token), parts.join('.'));
            const auto set = jose::parseKeySet(document, local ? SetSource::LocalFile : SetSource::Remote);
            const jose::Key *key = set->find(kid);
            const qsizetype dot = answer.token.lastIndexOf('.');
            QVERIFY(jose::verifySignature(key->publicKey(), *jose::algorithmFromName(alg), answer.token.first(dot),
                                          QByteArray::fromBase64(answer.token.sliced(dot + 1), QByteArray::Base64UrlEncoding)));
        }
    }

    void whereAnErrorIs_data()
    {
        QTest::addColumn<QByteArray>("document");
        QTest::addColumn<int>("index");
        QTest::addColumn<QByteArray>("member");
        QTest::newRow("bad: second element") << QByteArray(R"({"keys":[{"kty":"oct","k":"AA"},{"kty":"foo"}]})") << 1 << QByteArray("kty");
        QTest::newRow("bad: base64") << QByteArray(R"({"keys":[{"kty":"oct","k":"!"}]})") << 0 << QByteArray("k");
        QTest::newRow("bad: type") << QByteArray(R"({"keys":[{"kty":"oct","kid":5}]})") << 0 << QByteArray("kid");
        QTest::newRow("bad: duplicate") << QByteArray(R"({"keys":[{"kty":"oct","k":"AA","z":1,"z":2}]})") << 0 << QByteArray("z");
        QTest::newRow("bad: EC without y") << QByteArray(R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA"}]})") << 0 << QByteArray("y");
        QTest::newRow("bad: keys is no array") << QByteArray(R"({"keys":5})") << -1 << QByteArray("keys");
        QTest::newRow("bad: syntax") << QByteArray(R"({"keys":)") << -1 << QByteArray();
    }
    void whereAnErrorIs()
    {
        QFETCH(QByteArray, document);
        const auto set = jose::parseKeySet(document, SetSource::LocalFile);
        QVERIFY(!set);
        QTEST(set.error().index, "index");
        QTEST(set.error().member, "member");
    }

    void lastOfTwoKids()
    {
        const auto set =
            jose::parseKeySet(R"({"keys":[{"kty":"oct","k":"AA","kid":"a"},{"kty":"oct","k":"AAA","kid":"a"},{"kty":"oct","k":"BBBB"}]})",
                              SetSource::LocalFile);
        QVERIFY(set);
        QCOMPARE(set->keys.size(), std::size_t(3));
        QCOMPARE(set->find("a")->bits(), 16);
        QCOMPARE(set->find("")->bits(), 24);
        QVERIFY(!set->find("b"));
    }

    void thumbprints_data()
    {
        QTest::addColumn<QByteArray>("jwk");
        QTest::addColumn<QByteArray>("thumbprint");
        for (const QJsonValue &row : testdata::read("rfc-vectors.json")[QLatin1String("thumbprints")].toArray())
            QTest::newRow(testdata::bytes(row[QLatin1String("source")]).constData())
                << QJsonDocument(row[QLatin1String("key")].toObject()).toJson() << testdata::bytes(row[QLatin1String("thumbprint")]);
    }
    void thumbprints()
    {
        QFETCH(QByteArray, jwk);
        const auto key = jose::parseKey(jwk);
        QVERIFY(key);
        QTEST(key->thumbprint(), "thumbprint");
        QTEST(key->publicKey().thumbprint(), "thumbprint");
        QTEST(key->withKid("other").thumbprint(), "thumbprint");
        QVERIFY(key->withKid("other").thumbprint() != jose::generateEd25519("x")->thumbprint());
    }

    void roundTrips_data()
    {
        QTest::addColumn<QByteArray>("kind");
        for (const char *kind : {"oct", "RSA", "P-256", "P-384", "P-521", "Ed25519"})
            QTest::newRow(kind) << QByteArray(kind);
    }
    void roundTrips()
    {
        QFETCH(QByteArray, kind);
        const QByteArray kid = "k<é>\"";
        const auto made = kind == "oct"       ? jose::generateOct(48, kid)
                          : kind == "RSA"     ? jose::generateRsa(2048, kid)
                          : kind == "Ed25519" ? jose::generateEd25519(kid)
                                              : jose::generateEc(kind, kid);
        QVERIFY(made);
        QCOMPARE(made->kid(), kid);
        QVERIFY(made->isPrivate());
        const auto back = jose::parseKey(made->toPrivateJwk().view());
        QVERIFY2(back.ok(), back ? "" : back.error().text.constData());
        QCOMPARE(back->type(), made->type());
        QCOMPARE(back->kid(), kid);
        QCOMPARE(back->bits(), made->bits());
        QCOMPARE(back->curve(), made->curve());
        QCOMPARE(back->thumbprint(), made->thumbprint());
        QVERIFY(back->toPrivateJwk().equals(made->toPrivateJwk().view()));
        const QByteArray publicJwk = made->toPublicJwk();
        if (kind == "oct") {
            QVERIFY(publicJwk.isEmpty());
            QVERIFY(made->publicKey().isPrivate());
            return;
        }
        for (const char *secret : {"\"d\":", "\"p\":", "\"q\":", "\"dp\":", "\"dq\":", "\"qi\":"})
            QVERIFY(!publicJwk.contains(secret));
        const auto open = jose::parseKey(publicJwk);
        QVERIFY(open);
        QVERIFY(!open->isPrivate());
        QCOMPARE(open->thumbprint(), made->thumbprint());
        QCOMPARE(made->publicKey().toPublicJwk(), publicJwk);
        QVERIFY(!made->publicKey().isPrivate());
    }

    void sets()
    {
        jose::KeySet set;
        QCOMPARE(jose::writePublicSet(set), "{\"keys\":[]}");
        QCOMPARE(jose::writePrivateSet(set).view(), "{\"keys\":[]}");
        set.keys.push_back(*jose::generateOct(32, "o"));
        set.keys.push_back(*jose::generateEc("P-256", "e"));
        set.keys.push_back(*jose::generateEd25519("d"));
        const auto whole = jose::parseKeySet(jose::writePrivateSet(set).view(), SetSource::LocalFile);
        QVERIFY(whole);
        QCOMPARE(whole->keys.size(), std::size_t(3));
        const auto open = jose::parseKeySet(jose::writePublicSet(set), SetSource::Remote);
        QVERIFY(open);
        QCOMPARE(open->keys.size(), std::size_t(2));
        QVERIFY(!open->find("o"));
        QVERIFY(!open->find("e")->isPrivate());
    }

    void refusedGenerations()
    {
        QVERIFY(!jose::generateOct(0, "k"));
        QVERIFY(!jose::generateRsa(1024, "k"));
        QVERIFY(!jose::generateEc("P-224", "k"));
        QVERIFY(!jose::generateEc("", "k"));
    }
};

QTEST_GUILESS_MAIN(TestKeySets)
#include "tst_keysets.moc"
