// Tokens and key sets, both ways, with a second implementation that shares no code with ours: the `jose` tool (José, in C). It has no
// EdDSA.
#include "core/jose/jws.h"
#include "core/jose/verify.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace tokenlab;
using jose::Algorithm;

namespace {

const QByteArray payload = "{\"roles\":[\"a\",\"b\"],\"sub\":\"\xc3\xa9\"}";

jose::Key keyFor(Algorithm algorithm)
{
    switch (algorithm) {
    case Algorithm::ES256:
        return *jose::generateEc("P-256", "k");
    case Algorithm::ES384:
        return *jose::generateEc("P-384", "k");
    case Algorithm::ES512:
        return *jose::generateEc("P-521", "k");
    default:
        return jose::keyTypeOf(algorithm) == jose::KeyType::Oct ? *jose::generateOct(64, "k") : *jose::generateRsa(2048, "k");
    }
}

QByteArray tampered(QByteArray token)
{
    const qsizetype member = token.lastIndexOf("\"signature\"");
    const qsizetype at = member < 0 ? token.lastIndexOf('.') + 1 : token.indexOf('"', member + 12) + 1;
    token[at] = token[at] == 'A' ? 'B' : 'A';
    return token;
}

} // namespace

class TestJoseTool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_tool = QStandardPaths::findExecutable(QStringLiteral("jose"));
        // A second opinion beside python3-jwcrypto's, which must be there: packaging/bootstrap installs it where the release has it.
        if (m_tool.isEmpty())
            QSKIP("no jose tool");
    }

    void itsTokens_data() { algorithms(); }
    void itsTokens()
    {
        QFETCH(const QByteArray, alg);
        write("payload", payload);
        QVERIFY(runs({"jwk", "gen", "-i", "{\"alg\":\"" + alg + "\",\"kid\":\"k\"}", "-o", path("key")}));
        QVERIFY(runs({"jwk", "pub", "-s", "-i", path("key"), "-o", path("pub")}));
        const bool secret = alg.startsWith("HS");
        const auto keys = jose::readVerificationKeys(read(secret ? "key" : "pub"));
        QVERIFY(keys.ok());
        QCOMPARE(keys->isSet, !secret);
        for (const bool compact : {true, false}) {
            QByteArrayList arguments{"jws", "sig",
                                     "-I",  path("payload"),
                                     "-k",  path("key"),
                                     "-o",  path("token"),
                                     "-s",  "{\"protected\":{\"alg\":\"" + alg + "\",\"kid\":\"k\",\"typ\":\"JWT\"}}"};
            if (compact)
                arguments.append("-c");
            QVERIFY(runs(arguments));
            const QByteArray token = read("token").trimmed();
            const auto result = jose::verifyToken(token, keys->set);
            QVERIFY2(result.valid(), token.constData());
            QCOMPARE(result.alg, alg);
            QCOMPARE(result.payload, payload);
            QVERIFY(!jose::verifyToken(tampered(token), keys->set).valid());
        }
    }

    // A set of its keys, private and public, is a set of the gateway's reading, and what they sign here it accepts.
    void itsSets_data() { algorithms(); }
    void itsSets()
    {
        QFETCH(const QByteArray, alg);
        QVERIFY(runs({"jwk", "gen", "-s", "-i", "{\"alg\":\"" + alg + "\",\"kid\":\"k\"}", "-i",
                      "{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"other\"}", "-o", path("set")}));
        const auto set = jose::parseKeySet(read("set"), jose::SetSource::LocalFile);
        QVERIFY2(set.ok(), read("set").constData());
        QCOMPARE(set->keys.size(), std::size_t(2));
        const jose::Key *key = set->find("k");
        QVERIFY(key);
        const auto signer = jose::Signer::create(*key, alg, {}, false);
        QVERIFY(signer);
        const auto token = signer->sign(payload);
        QVERIFY(token);
        accepts(*token, read("set"));
    }

    void ours_data() { algorithms(); }
    void ours()
    {
        QFETCH(const QByteArray, alg);
        const auto all = jose::allAlgorithms();
        const auto algorithm = std::find_if(all.begin(), all.end(), [&](Algorithm one) { return jose::name(one) == alg; });
        const jose::Key key = keyFor(*algorithm);
        const bool secret = key.type() == jose::KeyType::Oct;
        const QByteArray jwk = secret ? key.toPrivateJwk().view().toByteArray() : key.toPublicJwk();
        const QByteArray other = jose::generateEc("P-384", "other")->toPublicJwk();
        for (const bool full : {false, true}) {
            const auto signer = jose::Signer::create(key, alg, {}, full);
            QVERIFY(signer);
            const auto token = signer->sign(payload);
            QVERIFY(token);
            accepts(*token, jwk);
            accepts(*token, "{\"keys\":[" + other + ',' + jwk + "]}");
        }
    }

private:
    static void algorithms()
    {
        QTest::addColumn<QByteArray>("alg");
        for (const Algorithm algorithm : jose::allAlgorithms()) {
            if (algorithm != Algorithm::EdDSA)
                QTest::newRow(jose::name(algorithm).constData()) << jose::name(algorithm);
        }
    }

    void accepts(const QByteArray &token, const QByteArray &keys)
    {
        write("token", token);
        write("keys", keys);
        QVERIFY2(runs({"jws", "ver", "-i", path("token"), "-k", path("keys"), "-O", path("out")}), token.constData());
        QCOMPARE(read("out"), payload);
        write("token", tampered(token));
        QVERIFY(!runs({"jws", "ver", "-i", path("token"), "-k", path("keys"), "-O", path("out")}));
        write("token", token);
        write("keys", jose::generateEc("P-256", "k")->toPublicJwk());
        QVERIFY(!runs({"jws", "ver", "-i", path("token"), "-k", path("keys"), "-O", path("out")}));
    }

    [[nodiscard]] QByteArray path(const char *name) const { return m_folder.filePath(QLatin1String(name)).toUtf8(); }
    void write(const char *name, const QByteArray &content) const
    {
        QFile file(QString::fromUtf8(path(name)));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    }
    [[nodiscard]] QByteArray read(const char *name) const
    {
        QFile file(QString::fromUtf8(path(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] bool runs(const QByteArrayList &arguments) const
    {
        QProcess process;
        QStringList texts;
        for (const QByteArray &one : arguments)
            texts.append(QString::fromUtf8(one));
        process.start(m_tool, texts);
        return process.waitForFinished(120000) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    }

    QString m_tool;
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestJoseTool)
#include "tst_josetool.moc"
