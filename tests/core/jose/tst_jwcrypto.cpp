// Tokens of every algorithm, verified by an implementation that shares no code with ours: python3-jwcrypto. And its tokens, verified here.
#include "core/jose/jws.h"
#include "core/jose/verify.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace tokenlab;
using jose::Algorithm;

namespace {

// Reads rows `alg key token`, blank-separated, prints `yes` or `no` for each.
const char script[] = R"(
import sys
from jwcrypto import jwk, jws
ALL = 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA'.split()
for line in sys.stdin:
    alg, key, token = line.split('\t')
    try:
        one = jws.JWS()
        one.allowed_algs = ALL
        one.deserialize(token.strip())
        one.verify(jwk.JWK.from_json(key), alg=alg)
        print('yes')
    except Exception:
        print('no')
)";

// Prints rows `alg key form token`: keys made there, each token in two forms.
const char maker[] = R"(
from jwcrypto import jwk, jws
KEYS = [('HS', lambda: jwk.JWK.generate(kty='oct', size=512, kid='k')), ('RS', lambda: jwk.JWK.generate(kty='RSA', size=2048, kid='k')),
        ('ES256', lambda: jwk.JWK.generate(kty='EC', crv='P-256', kid='k')), ('ES384', lambda: jwk.JWK.generate(kty='EC', crv='P-384', kid='k')),
        ('ES512', lambda: jwk.JWK.generate(kty='EC', crv='P-521', kid='k')), ('EdDSA', lambda: jwk.JWK.generate(kty='OKP', crv='Ed25519', kid='k'))]
keys = {name: make() for name, make in KEYS}
for alg in 'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA'.split():
    key = keys[alg[:2] if alg[:2] in keys else 'RS' if alg[:2] == 'PS' else alg]
    public = key.export() if alg[:2] == 'HS' else key.export_public()
    for form in ('compact', 'flattened'):
        one = jws.JWS(b'{"sub":"john"}')
        one.allowed_algs = [alg]
        one.add_signature(key, alg, '{"alg":"%s"}' % alg if form != 'compact' else '{"alg":"%s","kid":"k"}' % alg,
                          None if form == 'compact' else '{"kid":"k"}')
        print(alg, public, form, one.serialize(compact=form == 'compact'), sep='\t')
)";

QString pythonWithJwcrypto()
{
    const QString named = qEnvironmentVariable("TOKENLAB_PYTHON");
    for (const QString &candidate :
         {named, QStandardPaths::findExecutable(QStringLiteral("python3")), QStringLiteral("/usr/bin/python3")}) {
        if (candidate.isEmpty())
            continue;
        QProcess python;
        python.start(candidate, {QStringLiteral("-c"), QStringLiteral("import jwcrypto")});
        if (python.waitForFinished() && python.exitStatus() == QProcess::NormalExit && python.exitCode() == 0)
            return candidate;
    }
    return {};
}

jose::Key keyFor(Algorithm algorithm)
{
    switch (algorithm) {
    case Algorithm::ES256:
        return *jose::generateEc("P-256", "k");
    case Algorithm::ES384:
        return *jose::generateEc("P-384", "k");
    case Algorithm::ES512:
        return *jose::generateEc("P-521", "k");
    case Algorithm::EdDSA:
        return *jose::generateEd25519("k");
    default:
        return jose::keyTypeOf(algorithm) == jose::KeyType::Oct ? *jose::generateOct(64, "k") : *jose::generateRsa(2048, "k");
    }
}

} // namespace

class TestJwcrypto : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itsTokens()
    {
        const QString python = pythonWithJwcrypto();
        if (python.isEmpty()) {
            if (qEnvironmentVariableIsSet("TOKENLAB_CI"))
                QFAIL("no python3 with jwcrypto");
            QSKIP("no python3 with jwcrypto");
        }
        QProcess process;
        process.start(python, {QStringLiteral("-c"), QString::fromUtf8(maker)});
        QVERIFY(process.waitForFinished(120000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        const QList<QByteArray> rows = process.readAllStandardOutput().trimmed().split('\n');
        QCOMPARE(rows.size(), 13 * 2);
        for (const QByteArray &row : rows) {
            const QList<QByteArray> fields = row.split('\t');
            const auto keys = jose::readVerificationKeys(fields[1]);
            QVERIFY2(keys.ok(), row.constData());
            const QByteArray &token = fields[3];
            const auto result = jose::verifyToken(token, keys->set);
            QVERIFY2(result.valid(), row.constData());
            QCOMPARE(result.alg, fields[0]);
            QCOMPARE(result.kid, QByteArray("k"));
            QCOMPARE(result.payload, QByteArray("{\"sub\":\"john\"}"));
            QByteArray bad = token; // the first character of the signature
            const qsizetype at = fields[2] == "compact" ? bad.lastIndexOf('.') + 1 : bad.lastIndexOf("\"signature\":\"") + 13;
            bad[at] = bad[at] == 'A' ? 'B' : 'A';
            QVERIFY2(!jose::verifyToken(bad, keys->set).valid(), row.constData());
        }
    }

    void everyAlgorithm()
    {
        const QString python = pythonWithJwcrypto();
        if (python.isEmpty()) {
            if (qEnvironmentVariableIsSet("TOKENLAB_CI"))
                QFAIL("no python3 with jwcrypto");
            QSKIP("no python3 with jwcrypto");
        }
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("verify.py"));
        QFile source(file);
        QVERIFY(source.open(QIODevice::WriteOnly));
        source.write(script);
        source.close();

        QByteArray input;
        QList<QByteArray> expected;
        const auto add = [&](Algorithm algorithm, const QByteArray &key, const QByteArray &token, const char *answer) {
            input += jose::name(algorithm) + '\t' + key + '\t' + token + '\n';
            expected += answer;
        };
        for (const Algorithm algorithm : jose::allAlgorithms()) {
            const jose::Key key = keyFor(algorithm);
            const QByteArray jwk = key.type() == jose::KeyType::Oct ? key.toPrivateJwk().view().toByteArray() : key.toPublicJwk();
            for (const bool full : {false, true}) {
                const auto signer = jose::Signer::create(key, jose::name(algorithm), {}, full);
                QVERIFY(signer);
                const auto token = signer->sign("{\"roles\":[\"a\",\"b\"],\"sub\":\"é\"}");
                QVERIFY(token);
                add(algorithm, jwk, *token, "yes");
                QByteArray bad = *token; // the first character of the signature
                const qsizetype at = full ? bad.lastIndexOf(":\"") + 2 : bad.lastIndexOf('.') + 1;
                bad[at] = bad[at] == 'A' ? 'B' : 'A';
                add(algorithm, jwk, bad, "no");
            }
        }
        QProcess process;
        process.start(python, {file});
        QVERIFY(process.waitForStarted());
        process.write(input);
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(120000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        QList<QByteArray> answers = process.readAllStandardOutput().trimmed().split('\n');
        QCOMPARE(answers, expected);
    }
};

QTEST_GUILESS_MAIN(TestJwcrypto)
#include "tst_jwcrypto.moc"
