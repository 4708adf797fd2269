// `token-lab keys`: sets made, imported, shown, converted and encrypted as a user does it.
#include "program.h"

#include <QDir>

namespace {

// Single quotes for double ones: moc drops a class beside raw strings with odd quotes.
QByteArray json(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

QStringList words(const QByteArray &line)
{
    return QString::fromUtf8(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

const QByteArrayList subcommands{"generate", "import", "public", "private", "show", "thumbprint", "encrypt", "decrypt", "rekey"};

// A key whose private bytes are looked for everywhere.
constexpr const char *marker = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";
constexpr const char *secretMarker = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ";

} // namespace

class KeysTest : public QObject
{
    Q_OBJECT
    Program m_program;

    [[nodiscard]] Ran keys(const QByteArray &line, const QByteArray &input = {}, const QMap<QString, QString> &environment = {}) const
    {
        return m_program.run(QStringList{QStringLiteral("keys")} + words(line), input, environment);
    }
    [[nodiscard]] QFileDevice::Permissions modeOf(const char *name) const
    {
        const auto mine = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
        return QFile::permissions(m_program.path(QString::fromUtf8(name))) &
               (mine | QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_program.write(QStringLiteral("mixed.json"),
                        json("{'keys':[{'kty':'EC','crv':'P-256','x':'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4','y':'"
                             "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM','kid':'ec','backup':'") +
                            marker + json("','d':'") + marker + json("'},{'kty':'oct','kid':'mac','k':'") + secretMarker + json("'}]}"));
        m_program.write(QStringLiteral("refused.json"), json("{'keys':[{'kty':'oct','kid':'a','k':'AAAA'},{'kty':'foo','kid':'b'}]}"));
        m_program.write(QStringLiteral("secret.txt"), "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
        m_program.write(QStringLiteral("pass.txt"), "test-only-passphrase\n");
        m_program.write(QStringLiteral("bad-pass.txt"), "another\n");
        m_program.write(QStringLiteral("story.txt"), "once upon\na time\n");
        const QDir recorded(QStringLiteral(TOKENLAB_TEST_DATA "/keys"));
        for (const QString &name : recorded.entryList(QDir::Files))
            QVERIFY(QFile::copy(recorded.filePath(name), m_program.path(name)));
    }

    void rows_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said"); // on stdout for 0 and for a table, on stderr otherwise
        const auto row = [](const char *name, const char *line, int code, const char *said, const QByteArray &input = {}) {
            QTest::newRow(name) << QByteArray(line) << input << code << QByteArray(said);
        };
        row("generate oct", "generate", 0, "\"kty\":\"oct\"");
        row("generate 512", "generate --size 512 --kid k --json", 0, "\"alg\":\"HS512\"");
        row("the algorithm chooses the size", "generate --alg HS384 --json", 0, "\"alg\":\"HS384\"");
        row("generate EC", "generate --kty EC --crv P-521 --alg ES512", 0, "\"crv\":\"P-521\"");
        row("generate RSA", "generate --kty RSA --kid-from thumbprint", 0, "\"alg\":\"RS256\"");
        row("must fail: RSA 1024", "generate --kty RSA --size 1024", 2, "2048, 3072 or 4096");
        row("must fail: curve", "generate --kty EC --crv P-224", 2, "P-224");
        row("must fail: algorithm", "generate --kty EC --alg RS256", 2, "RS256");
        row("must fail: size of EC", "generate --kty EC --size 256", 2, "--crv");
        row("must fail: two kids", "generate --kid a --kid-from date", 2, "exclude");
        row("must fail: kty", "generate --kty DSA", 2, "--kty");
        row("must fail: nowhere to write", "generate -o none/set.json", 3, "cannot be written");
        row("import PEM", "import rsa.pkcs1.pem", 0, "v-fPW7fo2AmlbIozbYFTVODdqTCQNcaOZB1HO_ANXmU");
        row("import with passphrase", "import rsa.p12 --passphrase-file pass.txt --json", 0, "\"x5c\":[");
        row("import DER from standard input", "import -", 0, "\"kty\":\"oct\"", json("{'kty':'oct','k':'AAAA'}"));
        row("passphrase from standard input", "import p256.scrypt.pem --passphrase-file -", 0, "\"crv\":\"P-256\"",
            "test-only-passphrase\n");
        row("several files", "import p256.sec1.pem sshed.openssh", 0, "\"Ed25519\"");
        row("hex as asked", "import secret.txt --as hex --kid k", 0, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        row("text as asked", "import secret.txt --as text --alg HS512 --kid k", 0, "MDAwMTAyMDM");
        row("must fail: text or bytes?", "import secret.txt", 2, "the text itself (512 bits), hex (256 bits)");
        row("must fail: no hex", "import story.txt --as hex", 2, "hex");
        row("must fail: no passphrase", "import rsa.p12", 2, "--passphrase-file");
        row("must fail: wrong passphrase", "import rsa.p12 --passphrase-file bad-pass.txt", 2, "does not open");
        row("must fail: bcrypt", "import sshrsa-locked.openssh", 2, "ssh-keygen -p -m PKCS8 -f sshrsa-locked.openssh.pem");
        row("must fail: bcrypt, Ed25519", "import sshed-locked.openssh", 2, "ssh-keygen -p -N \"\" -f sshed-locked.openssh.plain");
        row("must fail: X25519", "import x25519.pkcs8.pem", 2, "X25519");
        row("must fail: a story", "import story.txt", 2, "story.txt: this is no key");
        row("must fail: no such file", "import none.pem", 2, "no such file");
        row("must fail: one kid for two keys", "import mixed.json --kid a", 2, "--kid");
        row("must fail: a refused key", "import refused.json", 1, "unknown json web key type 'foo'");
        row("must fail: an algorithm it cannot do", "import p256.sec1.pem --alg RS256", 2, "RS256");
        row("must fail: both from standard input", "import - --passphrase-file -", 2, "standard input");
        row("public", "public p256.sec1.pem", 0, "\"kty\":\"EC\"");
        row("public PEM", "public rsa.p12 --passphrase-file pass.txt --pem", 0, "-----BEGIN PUBLIC KEY-----");
        row("must fail: secrets alone", "public mixed.json --kid mac", 1, "public half");
        row("must fail: kid", "public mixed.json --kid ecc", 1, "did you mean \u201cec\u201d");
        row("private", "private mixed.json --kid ec", 0, marker);
        row("private PEM", "private ed25519.pkcs8.der --pem", 0, "-----BEGIN PRIVATE KEY-----");
        row("private PEM, sealed", "private p256.sec1.pem --pem --seal-file pass.txt", 0, "-----BEGIN ENCRYPTED PRIVATE KEY-----");
        row("must fail: nothing private", "private rsa.spki.pem", 1, "no private key");
        row("must fail: PEM of a secret", "private mixed.json --kid mac --pem", 1, "PEM");
        row("must fail: --seal-file without --pem", "private mixed.json --seal-file pass.txt", 2, "--pem");
        row("show", "show mixed.json", 0, "ec               EC P-256");
        row("show warns", "show mixed.json", 0, "the secret is short");
        row("show says what is refused", "show refused.json --json", 1, "\"code\":\"refused\"");
        row("show --private", "show mixed.json --private", 0, marker);
        row("show of an empty set", "show -", 0, "no keys", "{\"keys\":[]}");
        row("thumbprint", "thumbprint rsa.cert.pem", 0, "v-fPW7fo2AmlbIozbYFTVODdqTCQNcaOZB1HO_ANXmU\n");
        row("thumbprint --json", "thumbprint p521.sec1.pem --json", 0,
            "{\"keys\":[{\"kid\":null,\"thumbprint\":\"8lVPn9862dx787IdLTXA_GqeRFGu8wymqR8OT9h1pos\"}]}");
        row("must fail: encrypt without a file", "encrypt mixed.json", 2, "--out");
        row("must fail: encrypt to standard output", "encrypt mixed.json -o -", 2, "binary");
        row("must fail: encrypt a refused set", "encrypt refused.json -o x.enc", 1, "unknown json web key type 'foo'");
        row("must fail: decrypt without parts", "decrypt mixed.json", 2, "--params");
        row("must fail: no command", "", 2, "ubcommand");
        row("must fail: unknown command", "lose", 2, "keys --help");
    }
    void rows()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, input);
        QFETCH(int, code);
        QFETCH(QByteArray, said);
        const Ran ran = keys(line, input);
        COMPARE_RAN(ran, code);
        const bool table = code == 0 || line.startsWith("show");
        QVERIFY2((table ? ran.out : ran.err).contains(said), (ran.out + ran.err).constData());
        if (code != 0 && !table) {
            QVERIFY2(ran.out.isEmpty(), ran.out.constData());
            QVERIFY2(line.contains("--kid mac --pem") || ran.err.count('\n') <= 2, ran.err.constData());
            QVERIFY(!ran.err.contains(marker) && !ran.err.contains(secretMarker));
        }
        if (line.contains("--json"))
            QVERIFY2(!onlyObject(ran.out).isEmpty(), ran.out.constData());
    }

    // Each path to something public, with a set whose private bytes are known.
    void publicPaths_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line :
             {"public mixed.json", "public mixed.json --json", "public mixed.json --kid ec", "public mixed.json --pem",
              "public mixed.json --kid ec --pem --json", "public mixed.json -o out.json", "public mixed.json --json -o out.json",
              "public mixed.json --kid ec --pem -o out.json", "show mixed.json", "show mixed.json --json", "thumbprint mixed.json",
              "thumbprint mixed.json --json", "import mixed.json -o other.json", "import mixed.json -o other.json --json",
              "import mixed.json --append third.json --replace", "encrypt mixed.json -o out.json --save params.json",
              "encrypt mixed.json -o out.json --json"})
            QTest::newRow(line) << QByteArray(line);
    }
    void publicPaths()
    {
        QFETCH(QByteArray, line);
        QFile::remove(m_program.path(QStringLiteral("out.json")));
        const Ran ran = keys(line);
        COMPARE_RAN(ran, 0);
        for (const QByteArray &text : {ran.out, ran.err, m_program.read(QStringLiteral("out.json"))})
            for (const char *one : {marker, secretMarker}) {
                QByteArray flat = text;
                flat.replace('\n', QByteArray());
                const QByteArray bytes = QByteArray::fromBase64(one, QByteArray::Base64UrlEncoding);
                QVERIFY(!text.contains(one) && !text.contains(bytes) && !text.contains(bytes.toHex()));
                const qsizetype begin = flat.indexOf("KEY-----");
                if (begin >= 0)
                    QVERIFY(!QByteArray::fromBase64(flat.mid(begin + 8)).contains(bytes));
            }
    }

    void sets()
    {
        COMPARE_RAN(keys("generate --kty EC --kid one -o set.json"), 0);
        QCOMPARE(modeOf("set.json"), QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        const QByteArray first = m_program.read(QStringLiteral("set.json"));
        const Ran twice = keys("generate --kty OKP --kid one --append set.json");
        COMPARE_RAN(twice, 1);
        QVERIFY2(twice.err.contains("--replace"), twice.err.constData());
        QCOMPARE(m_program.read(QStringLiteral("set.json")), first);
        COMPARE_RAN(keys("import rsa.pkcs8.pem --kid two --append set.json --json"), 0);
        const Ran shown = keys("show set.json --json");
        QCOMPARE(onlyObject(shown.out)[QLatin1String("keys")].toArray().size(), 2);
        COMPARE_RAN(keys("generate --kty OKP --kid one --append set.json --replace"), 0);
        const QJsonArray now = onlyObject(keys("show set.json --json").out)[QLatin1String("keys")].toArray();
        QCOMPARE(now.size(), 2);
        QCOMPARE(now[1][QLatin1String("crv")].toString(), QStringLiteral("Ed25519"));
        QCOMPARE(now[0][QLatin1String("kid")].toString(), QStringLiteral("two"));
        // The gateway's twin signs with it.
        const Ran token = m_program.run(words("sign --jwks set.json --kid one --alg EdDSA"), "{\"a\":1}");
        COMPARE_RAN(token, 0);
        COMPARE_RAN(keys("generate --append story.txt"), 2);
        COMPARE_RAN(keys("generate --append new.json"), 0);
        QCOMPARE(modeOf("new.json"), QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    }

    void encryption()
    {
        COMPARE_RAN(keys("encrypt mixed.json -o set.enc --save parts.json"), 0);
        QCOMPARE(modeOf("parts.json"), QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        QCOMPARE(modeOf("set.enc"), QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        const Ran opened = keys("decrypt set.enc --params parts.json --json");
        COMPARE_RAN(opened, 0);
        QVERIFY(onlyObject(opened.out)[QLatin1String("keys")].toArray().size() == 2 && opened.out.contains(marker));
        const QByteArray oldParts = m_program.read(QStringLiteral("parts.json"));
        const QByteArray oldFile = m_program.read(QStringLiteral("set.enc"));
        COMPARE_RAN(keys("rekey set.enc --params parts.json --save parts.json"), 0);
        QVERIFY(m_program.read(QStringLiteral("parts.json")) != oldParts && m_program.read(QStringLiteral("set.enc")) != oldFile);
        COMPARE_RAN(keys("decrypt set.enc --params parts.json"), 0);
        m_program.write(QStringLiteral("old-parts.json"), oldParts);
        m_program.write(QStringLiteral("old.enc"), oldFile);
        const Ran wrong = keys("decrypt set.enc --params old-parts.json");
        COMPARE_RAN(wrong, 1);
        QVERIFY2(wrong.err.contains("the file does not open"), wrong.err.constData());
        const Ran kept = keys("rekey old.enc --params old-parts.json --keep-secret-url --json");
        COMPARE_RAN(kept, 0);
        QCOMPARE(onlyObject(kept.out)[QLatin1String("secret_url")],
                 QJsonDocument::fromJson(oldParts).object()[QLatin1String("secret_url")]);
        m_program.write(QStringLiteral("url.txt"), QJsonDocument::fromJson(oldParts)[QLatin1String("secret_url")].toString().toUtf8());
        COMPARE_RAN(keys("decrypt old.enc --secret-url-file url.txt --cypher-key " +
                         onlyObject(kept.out)[QLatin1String("cypher_key")].toString().toUtf8()),
                    0);
        const Ran mixedUp = keys("decrypt old.enc --params parts.json --secret-url-file url.txt");
        COMPARE_RAN(mixedUp, 1);
        QVERIFY2(mixedUp.err.contains("cypher_key does not open with secret_url"), mixedUp.err.constData());
        COMPARE_RAN(keys("decrypt mixed.json --params parts.json"), 1);
        m_program.write(QStringLiteral("url.txt"), QByteArray("awskms:") + "/" + "/key");
        const Ran cloud = keys("decrypt old.enc --params parts.json --secret-url-file url.txt");
        COMPARE_RAN(cloud, 2);
        QVERIFY2(cloud.err.contains("awskms"), cloud.err.constData());
    }

    void emptyLabels()
    {
        const Ran ran = m_program.shell(QStringLiteral("token-lab keys generate --kty OKP --kid k --use '' --alg ''"));
        COMPARE_RAN(ran, 0);
        QVERIFY2(ran.out.contains("{\"kty\":\"OKP\",\"kid\":\"k\",\"crv\":\"Ed25519\",\"x\":"), ran.out.constData());
    }

    void passphraseFromTheEnvironment()
    {
        const QMap<QString, QString> environment{{QStringLiteral("MY_PASS"), QStringLiteral("test-only-passphrase")}};
        COMPARE_RAN(keys("import rsa.sealed.pem --passphrase-env MY_PASS", {}, environment), 0);
        COMPARE_RAN(keys("import rsa.sealed.pem --passphrase-env MY_PASS"), 2); // must fail: not set
    }

    // Every example of every --help, in its order.
    void examples_data()
    {
        QTest::addColumn<QString>("line");
        for (const QByteArray &command : subcommands) {
            const Ran help = keys(command + " --help");
            COMPARE_RAN(help, 0);
            int number = 0;
            bool inExamples = false;
            for (const QString &line : QString::fromUtf8(help.out).split(QLatin1Char('\n'))) {
                inExamples = inExamples || line.startsWith(QLatin1String("Examples:"));
                if (inExamples && line.startsWith(QLatin1String("  ")))
                    QTest::newRow((command + ' ' + QByteArray::number(++number)).constData()) << line.trimmed();
            }
            QVERIFY2(number > 0, command.constData());
        }
    }
    void examples()
    {
        QFETCH(QString, line);
        const Ran ran = m_program.shell(line);
        COMPARE_RAN(ran, 0);
        QVERIFY2(ran.err.isEmpty(), ran.err.constData());
    }
};

QTEST_GUILESS_MAIN(KeysTest)
#include "tst_keys.moc"
