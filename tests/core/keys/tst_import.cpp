// Every form that keys come in: files of openssl and ssh-keygen (recorded, and made anew), JWK, secrets, and hostile bytes.
#include "core/jose/jws.h"
#include "core/keys/import.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace tokenlab;
using keys::Form;
using keys::ImportError;
using keys::SecretEncoding;

namespace {

const QString folder = QStringLiteral(TOKENLAB_TEST_DATA "/keys/");
const QByteArray passphrase = "test-only-passphrase";

QByteArray fileBytes(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray recorded(const char *name)
{
    return fileBytes(folder + QLatin1String(name));
}

Result<keys::Imported, ImportError> read(const QByteArray &file, const QByteArray &secret = {})
{
    const crypto::SecretBytes given{QByteArrayView(secret)};
    return keys::import(file, {secret.isEmpty() ? nullptr : &given, {}});
}

QByteArray told(const Result<keys::Imported, ImportError> &result)
{
    return result ? QByteArray("read") : "kind " + QByteArray::number(result.error().kind) + ": " + result.error().detail;
}

// What a private key signs, the public half of the same import verifies.
bool works(const jose::Key &key)
{
    const char *alg = key.type() == jose::KeyType::Rsa   ? "RS256"
                      : key.type() == jose::KeyType::Oct ? "HS256"
                      : key.bits() == 521                ? "ES512"
                      : key.bits() == 384                ? "ES384"
                      : key.curve() == "Ed25519"         ? "EdDSA"
                                                         : "ES256";
    const auto signer = jose::Signer::create(key, alg, {}, false);
    if (!signer)
        return false;
    const auto token = signer->sign("{\"a\":1}");
    if (!token)
        return false;
    const qsizetype dot = token->lastIndexOf('.');
    const QByteArray signature = QByteArray::fromBase64(token->mid(dot + 1), QByteArray::Base64UrlEncoding);
    return jose::verifySignature(key.publicKey(), *jose::algorithmFromName(alg), token->left(dot), signature);
}

} // namespace

class TestImport : public QObject
{
    Q_OBJECT

    QJsonObject m_thumbprints;

private Q_SLOTS:
    void initTestCase()
    {
        m_thumbprints = QJsonDocument::fromJson(recorded("thumbprints.json")).object();
        QCOMPARE(m_thumbprints.size(), 8);
    }

    void recordedFiles_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("secret");
        QTest::addColumn<QString>("key");
        QTest::addColumn<int>("form");
        QTest::addColumn<bool>("isPrivate");
        const auto row = [](const char *name, const char *key, Form form, bool isPrivate = true, bool sealed = false) {
            QTest::newRow(name) << recorded(name) << (sealed ? passphrase : QByteArray()) << QString::fromUtf8(key) << int(form)
                                << isPrivate;
        };
        row("rsa.pkcs8.pem", "rsa", Form::Pkcs8);
        row("rsa.pkcs8.der", "rsa", Form::Pkcs8);
        row("rsa.pkcs1.pem", "rsa", Form::Pkcs1Private);
        row("rsa.legacy.pem", "rsa", Form::Pkcs1Private, true, true);
        row("rsa.sealed.pem", "rsa", Form::EncryptedPkcs8, true, true);
        row("rsa.sealed-v1.der", "rsa", Form::EncryptedPkcs8, true, true);
        row("rsa.spki.pem", "rsa", Form::Spki, false);
        row("rsa.spki.der", "rsa", Form::Spki, false);
        row("rsa.pkcs1pub.pem", "rsa", Form::Pkcs1Public, false);
        row("rsa.cert.pem", "rsa", Form::Certificate, false);
        row("rsa.cert.der", "rsa", Form::Certificate, false);
        row("rsa.p12", "rsa", Form::Pkcs12, true, true);
        row("p256.pkcs8.pem", "p256", Form::Pkcs8);
        row("p256.pkcs8.der", "p256", Form::Pkcs8);
        row("p256.sec1.pem", "p256", Form::Sec1);
        row("p256.legacy.pem", "p256", Form::Sec1, true, true);
        row("p256.sealed.pem", "p256", Form::EncryptedPkcs8, true, true);
        row("p256.scrypt.pem", "p256", Form::EncryptedPkcs8, true, true);
        row("p256.spki.pem", "p256", Form::Spki, false);
        row("p256.spki.der", "p256", Form::Spki, false);
        row("p256.cert.pem", "p256", Form::Certificate, false);
        row("p256.legacy.p12", "p256", Form::Pkcs12, true, true);
        row("p384.pkcs8.pem", "p384", Form::Pkcs8);
        row("p384.sec1.pem", "p384", Form::Sec1);
        row("p521.pkcs8.pem", "p521", Form::Pkcs8);
        row("p521.sec1.pem", "p521", Form::Sec1);
        row("ed25519.pkcs8.pem", "ed25519", Form::Pkcs8);
        row("ed25519.pkcs8.der", "ed25519", Form::Pkcs8);
        row("ed25519.sealed.pem", "ed25519", Form::EncryptedPkcs8, true, true);
        row("ed25519.spki.pem", "ed25519", Form::Spki, false);
        row("ed25519.cert.pem", "ed25519", Form::Certificate, false);
        row("sshrsa.openssh", "sshrsa", Form::OpenSshPrivate);
        row("sshrsa.openssh.pub", "sshrsa", Form::OpenSshPublic, false);
        row("sshp384.openssh", "sshp384", Form::OpenSshPrivate);
        row("sshp384.openssh.pub", "sshp384", Form::OpenSshPublic, false);
        row("sshed.openssh", "sshed", Form::OpenSshPrivate);
        row("sshed.openssh.pub", "sshed", Form::OpenSshPublic, false);
    }
    void recordedFiles()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, secret);
        QFETCH(QString, key);
        QFETCH(bool, isPrivate);
        QVERIFY(!file.isEmpty());
        const auto result = read(file, secret);
        QVERIFY2(result.ok(), told(result).constData());
        QCOMPARE(result->entries.size(), std::size_t(1));
        QTEST(int(result->sources.front().form), "form");
        const keys::Entry &entry = result->entries.front();
        QVERIFY(entry.key());
        QCOMPARE(entry.key()->thumbprint(), m_thumbprints[key].toString().toUtf8());
        QCOMPARE(entry.key()->isPrivate(), isPrivate);
        QCOMPARE(entry.hasPrivateMembers(), isPrivate);
        if (isPrivate)
            QVERIFY(works(*entry.key()));
        if (!secret.isEmpty()) {
            QCOMPARE(read(file).error().kind, ImportError::PassphraseNeeded);
            const auto wrong = read(file, "another");
            QVERIFY2(!wrong && wrong.error().kind == ImportError::WrongPassphrase, told(wrong).constData());
        }
        const bool certified = result->sources.front().form == Form::Certificate || result->sources.front().form == Form::Pkcs12;
        QCOMPARE(entry.hasChain(), certified); // accepted by the gateway's own rules for x5c and x5t
    }

    void made_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QByteArray>("secret");
        const auto row = [](const char *name, const char *command, const QByteArray &secret = {}) {
            QTest::newRow(name) << QString::fromUtf8(command) << secret;
        };
        row("openssl genrsa", "openssl genrsa -out out 2048");
        row("openssl genrsa -traditional", "openssl genrsa -traditional -out out 2048");
        row("openssl rsa-pss", "openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out out");
        row("openssl ecparam -genkey, with its parameters", "openssl ecparam -name prime256v1 -genkey -out out");
        row("openssl compressed point",
            "openssl ecparam -name secp521r1 -genkey -noout -out k && openssl ec -in k -conv_form compressed -out out");
        for (const char *cipher : {"aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des3", "aria-256-cbc", "camellia-256-cbc"})
            QTest::newRow((QByteArray("openssl pkcs8 -v2 ") + cipher).constData())
                << QStringLiteral("openssl genpkey -algorithm ED25519 -out k && openssl pkcs8 -topk8 -in k -v2 %1 -passout pass:x -out out")
                       .arg(QString::fromUtf8(cipher))
                << QByteArray("x");
        row("openssl pkcs8 -v2prf hmacWithSHA512",
            "openssl genpkey -algorithm ED25519 -out k && openssl pkcs8 -topk8 -in k -v2 aes256 -v2prf hmacWithSHA512 -passout pass:x -out "
            "out",
            "x");
        for (const char *cipher : {"aes128", "aes256", "des3", "camellia256"})
            QTest::newRow((QByteArray("openssl ec -") + cipher).constData())
                << QStringLiteral("openssl ecparam -name secp384r1 -genkey -noout -out k && openssl ec -in k -%1 -passout pass:x -out out")
                       .arg(QString::fromUtf8(cipher))
                << QByteArray("x");
        const QByteArray p12 = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=a -keyout k -out c && "
                               "openssl pkcs12 -export -inkey k -in c -out out ";
        QTest::newRow("openssl pkcs12") << QString::fromUtf8(p12 + "-passout pass:x") << QByteArray("x");
        QTest::newRow("openssl pkcs12 -legacy") << QString::fromUtf8(p12 + "-passout pass:x -legacy") << QByteArray("x");
        QTest::newRow("openssl pkcs12 without passphrase") << QString::fromUtf8(p12 + "-passout pass:") << QByteArray();
        QTest::newRow("openssl pkcs12 in clear")
            << QString::fromUtf8(p12 + "-passout pass:x -keypbe NONE -certpbe NONE") << QByteArray("x");
        QTest::newRow("openssl pkcs12 -nomac") << QString::fromUtf8(p12 + "-passout pass:x -nomac") << QByteArray("x");
        for (const char *kind : {"-t rsa -b 2048", "-t ecdsa -b 256", "-t ecdsa -b 521", "-t ed25519"})
            QTest::newRow((QByteArray("ssh-keygen ") + kind).constData())
                << QStringLiteral("ssh-keygen -q %1 -N '' -f out").arg(QString::fromUtf8(kind)) << QByteArray();
        row("ssh-keygen -m PEM", "ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -f out");
        row("ssh-keygen -m PEM, sealed", "ssh-keygen -q -t ecdsa -m PEM -N sesame -f out", "sesame");
        row("ssh-keygen -m PKCS8", "ssh-keygen -q -t rsa -b 2048 -m PKCS8 -N '' -f out");
        row("ssh-keygen -m PKCS8, sealed", "ssh-keygen -q -t ecdsa -m PKCS8 -N sesame -f out", "sesame");
        row("what is advised for a sealed OpenSSH key: -p -m PKCS8",
            "ssh-keygen -q -t rsa -b 2048 -N sesame -f out && ssh-keygen -q -p -m PKCS8 -P sesame -N other -f out", "other");
        row("what is advised for a sealed Ed25519 key: -p -N ''",
            "ssh-keygen -q -t ed25519 -N sesame -f out && ssh-keygen -q -p -P sesame -N '' -f out");
    }
    void made()
    {
        QFETCH(QString, command);
        QFETCH(QByteArray, secret);
        for (const char *tool : {"openssl", "ssh-keygen"})
            if (QStandardPaths::findExecutable(QString::fromUtf8(tool)).isEmpty()) {
                if (qEnvironmentVariableIsSet("TOKENLAB_CI"))
                    QFAIL("no openssl or ssh-keygen");
                QSKIP("no openssl or ssh-keygen");
            }
        QTemporaryDir directory;
        QProcess shell;
        shell.setWorkingDirectory(directory.path());
        shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), command});
        QVERIFY(shell.waitForFinished(60000));
        QVERIFY2(shell.exitCode() == 0, shell.readAllStandardError().constData());
        const auto result = read(fileBytes(directory.filePath(QStringLiteral("out"))), secret);
        QVERIFY2(result.ok(), told(result).constData());
        QCOMPARE(result->entries.size(), std::size_t(1));
        QVERIFY(result->entries.front().key());
        QVERIFY(works(*result->entries.front().key()));
    }

    void bundle()
    {
        const auto result = read(recorded("bundle.pem"));
        QVERIFY2(result.ok(), told(result).constData());
        QCOMPARE(result->entries.size(), std::size_t(2));
        QVERIFY(result->entries[0].hasChain()); // the certificate found its key
        QVERIFY(!result->entries[1].hasChain());
        QCOMPARE(result->entries[0].key()->thumbprint(), m_thumbprints[QLatin1String("p256")].toString().toUtf8());
        QCOMPARE(result->entries[1].key()->thumbprint(), m_thumbprints[QLatin1String("rsa")].toString().toUtf8());
        QCOMPARE(result->sources[0].block, 2);
        QVERIFY(result->sources[1].line > 10);
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("line");
        const auto row = [](const char *name, const QByteArray &file, ImportError::Kind kind, int line = -1) {
            QTest::newRow(name) << file << int(kind) << line;
        };
        row("nothing", {}, ImportError::Empty);
        row("blanks", " \n\n", ImportError::Empty);
        row("zeros", QByteArray(100, '\0'), ImportError::NotRecognised);
        row("a story", "once upon\na time\n", ImportError::NotRecognised);
        row("17 MB", QByteArray(17 * 1024 * 1024, 'a'), ImportError::TooLarge);
        row("X25519", recorded("x25519.pkcs8.pem"), ImportError::UnsupportedKey, 1);
        row("secp256k1", recorded("secp256k1.sec1.pem"), ImportError::UnsupportedKey, 1);
        row("OpenSSH with bcrypt, Ed25519", recorded("sshed-locked.openssh"), ImportError::OpenSshEncrypted, 1);
        row("OpenSSH with bcrypt, RSA", recorded("sshrsa-locked.openssh"), ImportError::OpenSshEncrypted, 1);
        row("no END", "text\n-----BEGIN PRIVATE KEY-----\nAAAA\n", ImportError::Broken, 2);
        row("another END", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", ImportError::Broken, 1);
        row("bad base64", "-----BEGIN PRIVATE KEY-----\nA*AA\n-----END PRIVATE KEY-----\n", ImportError::Broken, 1);
        row("no key inside", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", ImportError::Broken, 1);
        row("a request", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", ImportError::NoKey, 1);
        row("PGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n-----END PGP PRIVATE KEY BLOCK-----\n", ImportError::NoKey);
        row("another cipher",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: ROT13,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
            ImportError::UnsupportedCipher, 1);
        row("JSON that ends", "{\"keys\":\n[", ImportError::Broken, 2);
        row("JSON of something else", "{\"a\":1}", ImportError::NoKey);
        row("keys is no list", "{\"keys\":{}}", ImportError::NotAList);
        row("OpenSSH line cut", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA x\n", ImportError::Broken, 1);
        row("OpenSSH line with another type", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA x\n",
            ImportError::Broken, 1);
        QByteArray many;
        for (int i = 0; i < 1001; ++i)
            many += "-----BEGIN X-----\n-----END X-----\n";
        row("1001 blocks", many, ImportError::TooMany);
    }
    void refused()
    {
        QFETCH(QByteArray, file);
        QFETCH(int, line);
        const auto result = read(file, "x");
        QVERIFY(!result);
        QTEST(int(result.error().kind), "kind");
        if (line >= 0)
            QCOMPARE(result.error().line, line);
    }

    // A passphrase that would be hashed two thousand million times must be refused, not tried.
    void workIsBounded()
    {
        const QByteArray pem = recorded("p256.sealed.pem");
        const qsizetype begin = pem.indexOf('\n') + 1;
        QByteArray der = QByteArray::fromBase64(pem.mid(begin, pem.indexOf("-----END") - begin));
        const qsizetype at = der.indexOf(QByteArray::fromHex("02020800")); // 2048 iterations
        QVERIFY(at > 0);
        der.replace(at, 4, QByteArray::fromHex("02047fffffff"));
        // Two bytes more in everything around it; the lengths of the outer parts are in the long form or below 128.
        for (qsizetype i = 0; i < at; ++i)
            if (der[i] == '\x30') {
                const auto length = static_cast<unsigned char>(der[i + 1]);
                const qsizetype header = length < 0x80 ? 2 : length == 0x81 ? 3 : 4;
                const qsizetype place = length < 0x80 ? i + 1 : i + header - 1;
                qsizetype size = length < 0x80 || length == 0x81 ? static_cast<unsigned char>(der[place]) : 0x200;
                const qsizetype end = i + header + size;
                if (end >= at + 4 && size < 0x100)
                    der[place] = char(static_cast<unsigned char>(der[place]) + 2);
            }
        const auto result = read(der, passphrase);
        QVERIFY2(!result && result.error().kind == ImportError::TooMuchWork, told(result).constData());
    }

    // Whatever is broken ends in an error of some kind, never in a crash or a key that is another one.
    void brokenFiles()
    {
        QRandomGenerator random(20261124);
        for (const char *name : {"rsa.pkcs8.der", "p256.pkcs8.der", "ed25519.spki.der", "rsa.cert.der", "sshed.openssh", "bundle.pem",
                                 "p256.sec1.pem", "sshp384.openssh.pub"}) {
            const QByteArray whole = recorded(name);
            for (qsizetype size = 0; size < whole.size(); size += qMax<qsizetype>(1, whole.size() / 150))
                (void)read(whole.left(size), passphrase);
            for (int i = 0; i < 300; ++i) {
                QByteArray bad = whole;
                for (int flips = random.bounded(1, 4); flips > 0; --flips)
                    bad[random.bounded(int(bad.size()))] = char(random.bounded(256));
                const auto result = read(bad, passphrase);
                if (result)
                    for (const keys::Entry &entry : result->entries)
                        QVERIFY(entry.key() || entry.refusal());
            }
        }
    }

    void jwk()
    {
        // RFC 7517 A.1, A.2, A.3.
        const QByteArray set =
            R"({"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",)"
            R"("use":"enc","kid":"1","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"},)"
            "\n"
            R"({"kty":"oct","alg":"A128KW","k":"GawgguFyGrWKav7AX4VKUg"},)"
            "\n"
            R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow","kid":"HMAC key used in JWS spec Appendix A.1 example"},)"
            "\n"
            R"({"kty":"EC","kid":"broken"}]})";
        const auto result = read(set);
        QVERIFY2(result.ok(), told(result).constData());
        QCOMPARE(result->entries.size(), std::size_t(4));
        QCOMPARE(result->entries[0].key()->thumbprint(), "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
        QVERIFY(result->entries[0].key()->isPrivate());
        QCOMPARE(result->entries[1].key()->bits(), 128);
        QCOMPARE(result->entries[2].labels().kid, "HMAC key used in JWS spec Appendix A.1 example");
        QVERIFY(!result->entries[3].key());
        QCOMPARE(result->entries[3].labels().kid, "broken");
        QVERIFY(result->entries[3].refusal());
        QCOMPARE(result->sources[3].line, 4);
        QCOMPARE(result->sources[3].block, 4);
    }

    // RFC 7638 3.1 and RFC 8037 A, from the file that other tests use too.
    void rfcThumbprints()
    {
        const QJsonDocument vectors = QJsonDocument::fromJson(fileBytes(QStringLiteral(TOKENLAB_TEST_DATA "/rfc-vectors.json")));
        int rows = 0;
        for (const QJsonValue &vector : vectors[QLatin1String("thumbprints")].toArray()) {
            const auto result = read(QJsonDocument(vector[QLatin1String("key")].toObject()).toJson());
            QVERIFY(result && result->entries.front().key());
            QCOMPARE(result->entries.front().key()->thumbprint(), vector[QLatin1String("thumbprint")].toString().toUtf8());
            ++rows;
        }
        QVERIFY(rows >= 2);
    }

    void secrets_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("readings"); // encoding:bits, or one key of bits
        QTest::newRow("a sentence") << QByteArray("correct horse, battery\n") << QByteArray("key:176");
        QTest::newRow("hex") << QByteArray("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n")
                             << QByteArray("0:512 1:256 2:384");
        QTest::newRow("hex of odd length") << QByteArray("abc!") << QByteArray("key:32");
        QTest::newRow("base64") << QByteArray("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=") << QByteArray("0:352 2:256");
        QTest::newRow("base64url") << QByteArray("_-8B") << QByteArray("0:32 3:24");
        QTest::newRow("not canonical base64 is text") << QByteArray("AB==") << QByteArray("key:32");
    }
    void secrets()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, readings);
        const auto result = read(file);
        QVERIFY2(result.ok(), told(result).constData());
        QByteArray got;
        for (const keys::Reading &reading : result->readings)
            got += (got.isEmpty() ? "" : " ") + QByteArray::number(int(reading.encoding)) + ':' + QByteArray::number(reading.bits());
        if (result->readings.empty())
            got = "key:" + QByteArray::number(result->entries.front().key()->bits());
        QCOMPARE(got, readings);
    }

    void secretsAsAsked_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("encoding");
        QTest::addColumn<QByteArray>("bytes"); // "": refused
        QTest::newRow("text") << QByteArray("abcd\n") << int(SecretEncoding::Text) << QByteArray("abcd");
        QTest::newRow("hex") << QByteArray("61626364\n") << int(SecretEncoding::Hex) << QByteArray("abcd");
        QTest::newRow("0x") << QByteArray("0x61") << int(SecretEncoding::Hex) << QByteArray("a");
        QTest::newRow("base64") << QByteArray("YWJjZA==\r\n") << int(SecretEncoding::Base64) << QByteArray("abcd");
        QTest::newRow("base64url") << QByteArray("YWJjZA") << int(SecretEncoding::Base64Url) << QByteArray("abcd");
        QTest::newRow("bytes") << QByteArray("abcd\n") << int(SecretEncoding::Bytes) << QByteArray("abcd\n");
        QTest::newRow("bytes like PEM") << QByteArray("-----BEGIN") << int(SecretEncoding::Text) << QByteArray("-----BEGIN");
        QTest::newRow("must fail: no hex") << QByteArray("xy") << int(SecretEncoding::Hex) << QByteArray();
        QTest::newRow("must fail: odd hex") << QByteArray("abc") << int(SecretEncoding::Hex) << QByteArray();
        QTest::newRow("must fail: url letters in base64") << QByteArray("_-8B") << int(SecretEncoding::Base64) << QByteArray();
        QTest::newRow("must fail: trailing bits") << QByteArray("AB") << int(SecretEncoding::Base64Url) << QByteArray();
    }
    void secretsAsAsked()
    {
        QFETCH(QByteArray, file);
        QFETCH(int, encoding);
        QFETCH(QByteArray, bytes);
        const auto result = keys::import(file, {nullptr, SecretEncoding(encoding)});
        QCOMPARE(result.ok(), !bytes.isEmpty());
        if (result)
            QVERIFY(jose::octetsOf(*result->entries.front().key()).equals(bytes));
        else
            QCOMPARE(result.error().kind, ImportError::NotText);
    }
};

QTEST_GUILESS_MAIN(TestImport)
#include "tst_import.moc"
