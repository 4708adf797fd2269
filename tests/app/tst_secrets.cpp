// A marked key goes through every command that reads keys, in good order and in bad, with every log category on: its secret half is found
// neither in what is printed nor in any file that the program leaves. Design §5: secrets are never printed unless asked for by name.
#include "manual.h"
#include "program.h"

#include "core/jose/base64.h"
#include "core/jose/jws.h"
#include "tests/support/marker.h"

using namespace tokenlab;
using testsupport::Marker;

namespace {

const QByteArray secret = "\x01<marked secret of Token Lab's own tests, 64 bytes, \xf0\x9f\x94\x91>\xfe\xff";

QByteArray octSet(const QByteArray &k = jose::encodeBase64RawUrl(secret), const QByteArray &more = {})
{
    return "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"" + k + '"' + more + "}]}";
}

QByteArray memberOf(const QByteArray &jwk, const char *name)
{
    return QByteArray::fromBase64(QJsonDocument::fromJson(jwk).object().value(QLatin1String(name)).toString().toLatin1(),
                                  QByteArray::Base64UrlEncoding);
}

QStringList words(const char *line)
{
    return QString::fromUtf8(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

} // namespace

class TestSecrets : public QObject
{
    Q_OBJECT

private:
    Program m_program;
    QByteArray m_rsa; // private JWK
    std::vector<Marker> m_markers;

    QMap<QString, QString> surroundings() const
    {
        const QString home = m_program.path(QStringLiteral("home"));
        QMap<QString, QString> variables{{QStringLiteral("HOME"), home},
                                         {QStringLiteral("TMPDIR"), home + QStringLiteral("/tmp")},
                                         {QStringLiteral("QT_LOGGING_RULES"), QStringLiteral("*=true")},
                                         {QStringLiteral("TOKENLAB_KRAKEND"), qEnvironmentVariable("TOKENLAB_KRAKEND")}};
        for (const char *name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"})
            variables.insert(QString::fromLatin1(name), home + QLatin1Char('/') + QString::fromLatin1(name));
        return variables;
    }

    // Empty: nowhere.
    QStringList found(const Ran &ran) const
    {
        QStringList out;
        QStringList inputs;
        for (const char *name : {"oct.json", "rsa.json", "bad-base64.json", "twice.json", "cut.json", "raw.json", "rsa-broken.json"})
            inputs.append(m_program.path(QString::fromLatin1(name)));
        for (const Marker &marker : m_markers) {
            if (const QByteArray spelling = marker.foundIn(ran.out); !spelling.isEmpty())
                out.append(QStringLiteral("standard output: ") + QString::fromUtf8(spelling));
            if (const QByteArray spelling = marker.foundIn(ran.err); !spelling.isEmpty())
                out.append(QStringLiteral("standard error: ") + QString::fromUtf8(spelling));
            out += marker.foundBelow(QDir::cleanPath(m_program.path(QStringLiteral("."))), inputs);
        }
        return out;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto rsa = jose::generateRsa(2048, "r");
        QVERIFY(rsa);
        m_rsa = rsa->toPrivateJwk().view().toByteArray();
        m_markers.emplace_back(secret);
        for (const char *member : {"d", "p", "q", "dp", "dq", "qi"})
            m_markers.emplace_back(memberOf(m_rsa, member));
        QVERIFY(QDir(m_program.path(QStringLiteral("."))).mkpath(QStringLiteral("home/tmp")));
        m_program.write(QStringLiteral("oct.json"), octSet());
        m_program.write(QStringLiteral("rsa.json"), "{\"keys\":[" + m_rsa + "]}");
        // Broken ones: what is wrong with them must be said without them.
        m_program.write(QStringLiteral("bad-base64.json"), octSet(jose::encodeBase64RawUrl(secret) + '!'));
        m_program.write(QStringLiteral("twice.json"),
                        octSet(jose::encodeBase64RawUrl(secret), ",\"k\":\"" + jose::encodeBase64RawUrl(secret) + '"'));
        m_program.write(QStringLiteral("cut.json"), octSet().chopped(6));
        m_program.write(QStringLiteral("raw.json"), secret);
        QByteArray broken = m_rsa;
        m_program.write(QStringLiteral("rsa-broken.json"), "{\"keys\":[" + broken.replace("\"e\":\"AQAB\"", "\"e\":\"AQAC\"") + "]}");
        m_program.write(QStringLiteral("payload.json"), "{\"sub\":\"john\"}");
        m_program.write(QStringLiteral("body.json"), "{\"access_token\":{\"sub\":\"john\"},\"refresh_token\":{\"sub\":\"john\"}}");
        const auto configuration = [&](const char *name, const QByteArray &members, const QByteArray &file) {
            QByteArray text = manual(members);
            const QByteArray url = "\"jwk_url\":\"http:" + QByteArray(2, '/') + "your-backend/jwk/symmetric.json\"";
            QVERIFY(text.contains(url));
            text.replace(url, "\"jwk_local_path\":\"" + m_program.path(QString::fromUtf8(file)).toUtf8() + '"');
            m_program.write(QString::fromLatin1(name), text);
        };
        configuration("oct-gateway.json", "\"alg\":\"HS256\",\"kid\":\"k\",\"keys_to_sign\":[\"access_token\",\"refresh_token\"]",
                      "oct.json");
        configuration("rsa-gateway.json", "\"alg\":\"RS256\",\"kid\":\"r\",\"keys_to_sign\":[\"access_token\"]", "rsa.json");
        configuration("wrong-gateway.json", "\"alg\":\"RS256\",\"kid\":\"k\",\"keys_to_sign\":[\"access_token\"]", "oct.json");
        configuration("broken-gateway.json", "\"alg\":\"HS256\",\"kid\":\"k\",\"keys_to_sign\":[\"access_token\"]", "bad-base64.json");
    }

    // The search itself: it finds what it should.
    void search_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("there");
        QTest::newRow("must be found: raw") << "x" + secret << true;
        QTest::newRow("must be found: hex") << secret.toHex() << true;
        QTest::newRow("must be found: HEX") << secret.toHex().toUpper() << true;
        QTest::newRow("must be found: base64") << secret.toBase64() << true;
        QTest::newRow("must be found: base64, a byte later") << ('a' + secret).toBase64() << true;
        QTest::newRow("must be found: base64, two bytes later") << ("ab" + secret).toBase64() << true;
        QTest::newRow("must be found: base64url") << secret.toBase64(QByteArray::Base64UrlEncoding) << true;
        QTest::newRow("must be found: the middle third") << secret.sliced(20, 26) << true;
        const QString wide = QString::fromLatin1(secret.toBase64());
        QTest::newRow("must be found: UTF-16") << 'x' + QByteArray(reinterpret_cast<const char *>(wide.utf16()), wide.size() * 2) << true;
        QTest::newRow("another text") << QByteArray("marked secret of somebody else") << false;
        QTest::newRow("nothing") << QByteArray() << false;
    }
    void search()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, there);
        const Marker marker(secret);
        QCOMPARE(!marker.foundIn(text).isEmpty(), there);
        const QString file = QStringLiteral("home/leak");
        m_program.write(file, text);
        QCOMPARE(!marker.foundBelow(m_program.path(QStringLiteral("home"))).isEmpty(), there);
        QVERIFY(marker.foundBelow(m_program.path(QStringLiteral("home")), {m_program.path(file)}).isEmpty());
        QVERIFY(QFile::remove(m_program.path(file)));
    }

    void commands_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, const QStringList &arguments, int code) {
            QTest::newRow(name) << arguments << code;
            if (!arguments.contains(QStringLiteral("-o")) && arguments.first() != QLatin1String("export"))
                QTest::newRow(qPrintable(QString::fromUtf8(name) + QStringLiteral(" --json")))
                    << arguments + QStringList{QStringLiteral("--json")} << code;
        };
        row("sign, secret", words("sign --jwks oct.json --kid k --alg HS256 payload.json"), 0);
        row("sign, RSA", words("sign --jwks rsa.json --kid r --alg PS512 payload.json"), 0);
        row("sign: wrong kid", words("sign --jwks oct.json --kid x --alg HS256 payload.json"), 1);
        row("sign: wrong algorithm", words("sign --jwks oct.json --kid k --alg ES256 payload.json"), 1);
        row("sign: bad base64", words("sign --jwks bad-base64.json --kid k --alg HS256 payload.json"), 2);
        row("sign: k twice", words("sign --jwks twice.json --kid k --alg HS256 payload.json"), 2);
        row("sign: file cut off", words("sign --jwks cut.json --kid k --alg HS256 payload.json"), 2);
        row("sign: the secret itself", words("sign --jwks raw.json --kid k --alg HS256 payload.json"), 2);
        row("sign: a broken RSA key", words("sign --jwks rsa-broken.json --kid r --alg RS256 payload.json"), 2);
        row("sign: key and payload changed over", words("sign --jwks payload.json --kid k --alg HS256 raw.json"), 2);
        const char token[] = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsifQ.e30.AAAA";
        for (const char *file : {"oct.json", "rsa.json"})
            row(qPrintable(QStringLiteral("verify, %1").arg(QLatin1String(file))),
                {QStringLiteral("verify"), QStringLiteral("--jwks"), QString::fromLatin1(file), QString::fromLatin1(token)}, 1);
        for (const char *file : {"bad-base64.json", "twice.json", "rsa-broken.json"})
            row(qPrintable(QStringLiteral("verify, %1").arg(QLatin1String(file))),
                {QStringLiteral("verify"), QStringLiteral("--jwks"), QString::fromLatin1(file), QString::fromLatin1(token)},
                qstrcmp(file, "twice.json") == 0 ? 2 : 1);
        for (const char *file : {"cut.json", "raw.json"})
            row(qPrintable(QStringLiteral("verify, %1").arg(QLatin1String(file))),
                {QStringLiteral("verify"), QStringLiteral("--jwks"), QString::fromLatin1(file), QString::fromLatin1(token)}, 2);
        row("verify: the key file as token", words("verify --jwks oct.json oct.json"), 1);
        for (const char *gateway : {"oct-gateway.json", "rsa-gateway.json", "wrong-gateway.json", "broken-gateway.json"}) {
            const QString config = QString::fromLatin1(gateway);
            const bool good = config.startsWith(QLatin1String("oct-")) || config.startsWith(QLatin1String("rsa-"));
            row(qPrintable(QStringLiteral("send, ") + config), ::send(config), good ? 0 : 1);
            row(qPrintable(QStringLiteral("send --show-secrets, ") + config), ::send(config, {QStringLiteral("--show-secrets")}),
                good ? 0 : 1);
            row(qPrintable(QStringLiteral("simulate, ") + config),
                {QStringLiteral("simulate"), QStringLiteral("--config"), config, QStringLiteral("--response"), QStringLiteral("body.json")},
                good ? 0 : 1);
            row(qPrintable(QStringLiteral("check, ") + config), {QStringLiteral("check"), config}, -1);
            row(qPrintable(QStringLiteral("export, ") + config),
                {QStringLiteral("export"), config, QStringLiteral("-o"), QStringLiteral("home/out.json")}, 0);
            row(qPrintable(QStringLiteral("export --checklist, ") + config),
                {QStringLiteral("export"), config, QStringLiteral("--checklist")}, -1);
            row(qPrintable(QStringLiteral("validator made of it, ") + config),
                {QStringLiteral("export"), config, QStringLiteral("--kind"), QStringLiteral("validator"), QStringLiteral("--endpoint"),
                 QStringLiteral("/token")},
                -1);
            if (qEnvironmentVariableIsSet("TOKENLAB_KRAKEND"))
                row(qPrintable(QStringLiteral("compare --log, ") + config),
                    QStringList{QStringLiteral("compare"), QStringLiteral("--config"), config, QStringLiteral("--log"),
                                QStringLiteral("--data"), QString::fromUtf8(login)} +
                        binds,
                    -1);
        }
    }
    void commands()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code); // -1: whatever
        const Ran ran = m_program.run(arguments, {}, surroundings());
        if (code >= 0)
            COMPARE_RAN(ran, code);
        QVERIFY2(ran.code >= 0 && ran.code <= 3, ran.err.constData());
        const QStringList leaks = found(ran);
        QVERIFY2(leaks.isEmpty(), qPrintable(leaks.join(QLatin1Char('\n'))));
    }

    // The file that a row above must not print, printed: the whole way of the search.
    void mustBeFound()
    {
        const Ran ran = m_program.shell(QStringLiteral("cat oct.json; cat rsa.json >&2; cp rsa.json home/"));
        const QStringList leaks = found(ran);
        QCOMPARE(leaks.filter(QStringLiteral("standard output")).size(), 1);
        QCOMPARE(leaks.filter(QStringLiteral("standard error")).size(), 6);
        QCOMPARE(leaks.filter(QStringLiteral("home/rsa.json")).size(), 6);
        QVERIFY(QFile::remove(m_program.path(QStringLiteral("home/rsa.json"))));
    }
};

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
