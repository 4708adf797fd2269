// Key sets as the lab makes, imports and encrypts them, put to a real KrakenD: it signs with each, and the public set verifies.
#include "core/jose/jws.h"
#include "core/keys/encrypted.h"
#include "core/keys/import.h"
#include "core/keys/maker.h"
#include "core/playground/server.h"
#include "tests/support/realgateway.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace tokenlab;
using namespace tokenlab::testsupport;

namespace {

QByteArray recorded(const char *name)
{
    QFile file(QStringLiteral(TOKENLAB_TEST_DATA "/keys/") + QLatin1String(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray quoted(const QByteArray &text)
{
    return '"' + text + '"';
}

QByteArray member(const char *name, const QByteArray &json)
{
    return quoted(name) + ':' + json;
}

QByteArray signerEndpoint(const QByteArray &path, const QByteArray &origin, const QByteArray &alg, const QByteArray &kid,
                          const QByteArray &source)
{
    const QByteArray signer = '{' + member("alg", quoted(alg)) + ',' + member("kid", quoted(kid)) + ',' +
                              member("keys_to_sign", "[\"t\"]") + ',' + source + ',' + member("disable_jwk_security", "true") + '}';
    return '{' + member("endpoint", quoted(path)) + ',' + member("method", "\"POST\"") + ',' +
           member("backend", "[{" + member("host", '[' + quoted(origin) + ']') + ',' + member("url_pattern", "\"/login\"") + "}]") + ',' +
           member("extra_config", '{' + member("auth/signer", signer) + '}') + '}';
}

} // namespace

class TestKeysAtTheGateway : public QObject
{
    Q_OBJECT

private:
    [[nodiscard]] static Answer ask(int port, const QByteArray &target)
    {
        twin::ClientRequest request;
        request.method = "POST";
        request.target = target;
        request.host = "127.0.0.1";
        RawExchange exchange(port, request);
        QSignalSpy done(&exchange, &RawExchange::done);
        if (!exchange.isDone())
            done.wait(20000);
        return exchange.answer();
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!RealGateway::find().isEmpty())
            return;
        if (qEnvironmentVariableIsSet("TOKENLAB_CI"))
            QFAIL("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
        QSKIP("no gateway: TOKENLAB_KRAKEND is not set and no krakend in the PATH");
    }

    void everySetSigns()
    {
        keys::Entries set;
        const auto make = [&](jose::KeyType type, int bits, const char *curve) {
            keys::MakeRequest request;
            request.type = type;
            request.bits = bits;
            request.curve = curve;
            auto made = keys::make(request, set);
            QVERIFY(made);
            set.push_back(std::move(*made));
        };
        for (const int bits : {256, 384, 512})
            make(jose::KeyType::Oct, bits, "");
        make(jose::KeyType::Rsa, 2048, "");
        for (const char *curve : {"P-256", "P-384", "P-521"})
            make(jose::KeyType::Ec, 0, curve);
        make(jose::KeyType::Ed25519, 0, "");
        const crypto::SecretBytes passphrase{QByteArrayView("test-only-passphrase")};
        for (const char *name : {"rsa.pkcs1.pem", "rsa.p12", "p256.legacy.p12", "p384.sec1.pem", "p521.pkcs8.pem", "ed25519.sealed.pem",
                                 "sshrsa.openssh", "sshp384.openssh", "sshed.openssh"}) {
            const auto imported = keys::import(recorded(name), {&passphrase, {}});
            QVERIFY2(imported.ok(), name);
            const keys::Entry &entry = imported->entries.front();
            set.push_back(entry.withLabels({name, keys::usualAlgorithm(*entry.key()), "sig"}));
        }
        const crypto::SecretBytes text = keys::writePrivate(set);
        const auto sealed = keys::sealSet(text);
        QVERIFY(sealed);
        const auto rekeyed = keys::sealSet(text, sealed->secretUrl.view().toByteArray());
        QVERIFY(rekeyed);

        playground::Server server([](const playground::ServerRequest &) {
            playground::Script script;
            script.headers.append("Content-Type", "application/json");
            script.body = "{\"t\":{\"sub\":\"u\"}}";
            return script;
        });
        QVERIFY(server.listen().ok());
        RealGateway gateway;
        const auto inFolder = [&](const char *name) { return gateway.folder() + '/' + name; };
        for (const auto &[name, bytes] : {std::pair{"set.json", text.view().toByteArray()}, std::pair{"set.enc", sealed->file},
                                          std::pair{"rekeyed.enc", rekeyed->file}}) {
            QFile file(QString::fromUtf8(inFolder(name)));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        }
        const auto sealedSource = [&](const char *file, const keys::EncryptedKeyFile &parts) {
            return member("jwk_local_path", quoted(inFolder(file))) + ',' +
                   member("secret_url", quoted(parts.secretUrl.view().toByteArray())) + ',' + member("cypher_key", quoted(parts.cypherKey));
        };
        const QByteArrayList sources{member("jwk_local_path", quoted(inFolder("set.json"))), sealedSource("set.enc", *sealed),
                                     sealedSource("rekeyed.enc", *rekeyed)};
        QByteArray endpoints;
        for (qsizetype source = 0; source < sources.size(); ++source)
            for (std::size_t i = 0; i < set.size(); ++i)
                endpoints += (endpoints.isEmpty() ? "" : ",") +
                             signerEndpoint("/" + QByteArray::number(source) + '/' + QByteArray::number(i), server.origin(),
                                            set[i].labels().alg, set[i].labels().kid, sources[source]);
        // The old cypher_key with the new file must fail, as the lab says.
        endpoints +=
            ',' + signerEndpoint("/wrong", server.origin(), set[0].labels().alg, set[0].labels().kid, sealedSource("rekeyed.enc", *sealed));
        QVERIFY(gateway.start('{' + member("version", "3") + ',' + member("port", QByteArray::number(gateway.port())) + ',' +
                              member("endpoints", '[' + endpoints + ']') + '}'));
        QTRY_VERIFY_WITH_TIMEOUT(gateway.isListening() || gateway.hasEnded(), 60000);
        QVERIFY2(gateway.isListening(), gateway.output().constData());

        const auto verifiers = keys::import(keys::writePublic(set).text);
        QVERIFY(verifiers);
        int signedTokens = 0;
        for (qsizetype source = 0; source < sources.size(); ++source)
            for (std::size_t i = 0; i < set.size(); ++i) {
                const Answer answer = ask(gateway.port(), "/" + QByteArray::number(source) + '/' + QByteArray::number(i));
                QVERIFY2(answer.status == 200, (set[i].labels().kid + ' ' + gateway.output().right(1500)).constData());
                const QByteArray token = QJsonDocument::fromJson(answer.body)[QLatin1String("t")].toString().toUtf8();
                const qsizetype dot = token.lastIndexOf('.');
                QVERIFY(dot > 0);
                std::optional<jose::Key> key = set[i].key();
                for (const keys::Entry &one : verifiers->entries)
                    if (one.labels().kid == set[i].labels().kid)
                        key = one.key();
                QVERIFY(key->type() == jose::KeyType::Oct || !key->isPrivate());
                QVERIFY2(jose::verifySignature(*key, *jose::algorithmFromName(set[i].labels().alg), token.left(dot),
                                               QByteArray::fromBase64(token.mid(dot + 1), QByteArray::Base64UrlEncoding)),
                         set[i].labels().kid.constData());
                ++signedTokens;
            }
        QCOMPARE(signedTokens, 3 * int(set.size()));
        QVERIFY(ask(gateway.port(), "/wrong").status != 200);
        const auto wrong = keys::openEncrypted(rekeyed->file, sealed->secretUrl.view().toByteArray(), sealed->cypherKey);
        QVERIFY(!wrong && wrong.error().kind == keys::EncryptedFault::FileLocked);
        QVERIFY2(gateway.output().contains(wrong.error().gateway), gateway.output().right(1500).constData());
    }
};

QTEST_GUILESS_MAIN(TestKeysAtTheGateway)
#include "tst_keys.moc"
