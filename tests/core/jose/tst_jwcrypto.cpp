// Tokens of every algorithm, verified by an implementation that shares no code with ours: python3-jwcrypto.
#include "core/jose/jws.h"

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
                const auto token = signer->sign(R"({"roles":["a","b"],"sub":"é"})");
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
