// The three parts of an encrypted set, and which of them is wrong (specification §10).
#include "core/keys/encrypted.h"

#include <QTest>

using namespace tokenlab;
using keys::EncryptedFault;

namespace {

const QByteArray scheme = "base64key:" // moc takes two slashes in some literals for a comment
                          "//";
const QByteArray manualUrl = scheme + "smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4=";
const QByteArray cypher = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXtv7E3WaLqbxy/cG7zboKe0Xnr1B6gxfPZKOoieQF38zN49hbHcCrj1gW2yRH6UtS";
const QByteArray fileText =
    "AAECAwQFBgcICQoL8d4ttEv9ejpqvR8HWHZ62Nfx7ojNZMKWUHdU+zPzNPWpIXyDbZLnJM/SQGLmbtNQkQJffoOgoNkpKsjJJ0cEybobLZ184jPPvJRniZVCPXOD"
    "s/cSuw/eVSR/qOOtRQFPUZk6PCErQEmKwYM9/zKdyn86Xg==";
const QByteArray plain = R"({"keys":[{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","kid":"k1","alg":"HS256"}]})";

} // namespace

class TestEncrypted : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parts_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<int>("kind"); // -1: opens
        QTest::addColumn<QByteArray>("gateway");
        const QByteArray file = QByteArray::fromBase64(fileText);
        const auto row = [](const char *name, const QByteArray &bytes, const QByteArray &url, const QByteArray &key, int kind,
                            const char *gateway) { QTest::newRow(name) << bytes << url << key << kind << QByteArray(gateway); };
        row("§10's vector", file, manualUrl, cypher, -1, "");
        const auto other = keys::sealSet(crypto::SecretBytes(QByteArray("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAA\"}]}")));
        QVERIFY(other.ok());
        const QByteArray foreign = other->cypherKey;
        // §10: the manual's own pair is of this kind. Its cypher_key is not recorded there, so one that is sealed by another keeper stands
        // here.
        row("a cypher_key of another keeper, as the manual has it", file, manualUrl, foreign, EncryptedFault::CypherKeyLocked,
            "secrets (code=Unknown): localsecrets: Decrypt failed");
        row("no secret_url", file, {}, cypher, EncryptedFault::NoSecretUrl, "");
        row("no scheme", file, "x", cypher, EncryptedFault::SecretUrlBad, "open secrets.Keeper: no scheme in URL \"x\"");
        row("a parameter", file, manualUrl + "?a=b", cypher, EncryptedFault::SecretUrlBad, "");
        row("31 bytes", file, scheme + QByteArray(31, 'a').toBase64(QByteArray::Base64UrlEncoding), cypher, EncryptedFault::SecretUrlLength,
            "");
        row("not base64", file, scheme + "!!!!", cypher, EncryptedFault::SecretUrlNotBase64, "");
        row("no key", file, scheme, cypher, EncryptedFault::SecretUrlEmpty, "secrets (code=Unknown): localsecrets: Decrypt failed");
        row("another secret_url", file, scheme + QByteArray(32, 'a').toBase64(QByteArray::Base64UrlEncoding), cypher,
            EncryptedFault::CypherKeyLocked, "secrets (code=Unknown): localsecrets: Decrypt failed");
        for (const char *service : {"awskms", "azurekeyvault", "gcpkms", "hashivault"})
            row(service, file,
                QByteArray(service) + ":/" // see above
                                      "/key",
                cypher, EncryptedFault::Cloud, "");
        row("an unknown scheme", file, "foo" + scheme.mid(9), cypher, EncryptedFault::UnknownScheme, "");
        row("cypher_key is no base64", file, manualUrl, "a-b_", EncryptedFault::CypherKeyNotBase64, "illegal base64 data at input byte 1");
        row("cypher_key of 3 bytes", file, manualUrl, "AAAA", EncryptedFault::CypherKeyShort,
            "secrets (code=Unknown): localsecrets: invalid message length (3, expected at least 24)");
        row("cypher_key of 30 bytes", file, manualUrl, QByteArray(30, 'a').toBase64(), EncryptedFault::CypherKeyShort,
            "secrets (code=Unknown): localsecrets: Decrypt failed");
        row("a file of 11 bytes", file.left(11), manualUrl, cypher, EncryptedFault::FileShort,
            "panic: runtime error: slice bounds out of range [12:11]");
        row("a file cut off", file.chopped(1), manualUrl, cypher, EncryptedFault::FileLocked, "cipher: message authentication failed");
        // The nonce is random: one file in 256 begins so.
        row("an encrypted file that begins with a brace", '{' + file.sliced(1), manualUrl, cypher, EncryptedFault::FileLocked,
            "cipher: message authentication failed");
        row("a plain file that is no JSON", "{\"keys\": [\n\t", manualUrl, cypher, EncryptedFault::FilePlain,
            "cipher: message authentication failed");
        row("a plain file", plain, manualUrl, cypher, EncryptedFault::FilePlain, "cipher: message authentication failed");
    }
    void parts()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, url);
        QFETCH(QByteArray, key);
        QFETCH(int, kind);
        QFETCH(QByteArray, gateway);
        const auto opened = keys::openEncrypted(file, url, key);
        if (kind < 0) {
            QVERIFY(opened);
            QCOMPARE(opened->view(), QByteArrayView(plain));
            return;
        }
        QVERIFY(!opened);
        QVERIFY2(int(opened.error().kind) == kind, (QByteArray::number(opened.error().kind) + ' ' + opened.error().gateway).constData());
        if (!gateway.isEmpty())
            QCOMPARE(opened.error().gateway, gateway);
        QCOMPARE(opened.error().crash, kind == EncryptedFault::FileShort);
        QVERIFY(!(opened.error().detail + opened.error().gateway).contains("smGbjm71Nxd1"));
    }

    void sealAndRekey()
    {
        const crypto::SecretBytes set{QByteArrayView(plain)};
        const auto made = keys::sealSet(set);
        QVERIFY(made);
        const QByteArray url = made->secretUrl.view().toByteArray();
        QVERIFY(keys::openEncrypted(made->file, url, made->cypherKey)->equals(plain));
        const auto kept = keys::sealSet(set, url);
        QVERIFY(kept);
        QVERIFY(kept->secretUrl.equals(url));
        QVERIFY(kept->file != made->file && kept->cypherKey != made->cypherKey);
        QVERIFY(keys::openEncrypted(kept->file, url, kept->cypherKey)->equals(plain));
        QCOMPARE(keys::openEncrypted(kept->file, url, made->cypherKey).error().kind, EncryptedFault::FileLocked);
    }

    void notSealed_data()
    {
        QTest::addColumn<QByteArray>("set");
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<int>("kind");
        QTest::newRow("no set") << QByteArray("[]") << manualUrl << int(EncryptedFault::NotASet);
        QTest::newRow("no keys") << QByteArray("{\"keys\":[]}") << manualUrl << int(EncryptedFault::NotASet);
        QTest::newRow("a refused key") << QByteArray("{\"keys\":[{}]}") << manualUrl << int(EncryptedFault::NotASet);
        QTest::newRow("no secret_url") << plain << QByteArray() << int(EncryptedFault::NoSecretUrl);
        QTest::newRow("secret_url without key") << plain << scheme << int(EncryptedFault::SecretUrlEmpty);
        QTest::newRow("secret_url of a service") << plain << QByteArray("awskms:" + scheme.mid(10)) << int(EncryptedFault::Cloud);
    }
    void notSealed()
    {
        QFETCH(QByteArray, set);
        QFETCH(QByteArray, url);
        const auto made = keys::sealSet(crypto::SecretBytes{QByteArrayView(set)}, url);
        QVERIFY(!made);
        QTEST(int(made.error().kind), "kind");
    }
};

QTEST_GUILESS_MAIN(TestEncrypted)
#include "tst_encrypted.moc"
