// Key files with bindings: what a plain set does in the place of an encrypted one, and that nothing else is taken for open.
#include "core/gateway/config.h"
#include "core/keys/encrypted.h"
#include "core/lab/files.h"
#include "core/lab/privatecopy.h"
#include "core/lab/validatorkeys.h"
#include "core/text/text.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tokenlab;

namespace {

const QByteArray plainSet =
    "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1"
    "Z9CAow\"}]}";

QByteArray configuration(const QByteArray &source)
{
    return "{\"version\":3,\"host\":[\"http://127.0.0.1:9999\"],\"endpoints\":[{\"endpoint\":\"/t\",\"method\":\"POST\",\"backend\":[{"
           "\"url_pattern\":\"/login\"}],\"extra_config\":{\"auth/signer\":{\"alg\":\"HS256\",\"kid\":\"k\",\"keys_to_sign\":[\"t\"],"
           "\"disable_jwk_security\":true," +
           source +
           "}}},{\"endpoint\":\"/v\",\"backend\":[{\"url_pattern\":\"/v\"}],\"extra_config\":{\"auth/"
           "validator\":{\"alg\":\"HS256\",\"disable_jwk_security\":true," +
           source + "}}}]}";
}

} // namespace

class TestKeyFiles : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QByteArray write(const char *name, const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("temporary file");
        return file.fileName().toUtf8();
    }

private Q_SLOTS:
    void opens_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("bound"); // "": no binding
        QTest::addColumn<QByteArray>("secrets");
        QTest::addColumn<bool>("signs");
        const auto sealed = keys::sealSet(crypto::SecretBytes{QByteArrayView(plainSet)});
        QVERIFY(sealed.ok());
        const QByteArray theirs =
            ",\"secret_url\":\"" + sealed->secretUrl.view().toByteArray() + "\",\"cypher_key\":\"" + sealed->cypherKey + '"';
        const QByteArray cloud = ",\"secret_url\":\"awskms://x\",\"cypher_key\":\"QUFBQQ==\"";
        const QByteArray encrypted = write("encrypted", sealed->file), plain = write("plain", plainSet), other = write("other", "{,}"),
                         list = write("list", "[]"), away("/no/such/file");
        QTest::newRow("plain") << plain << QByteArray() << QByteArray() << true;
        QTest::newRow("plain, bound") << away << plain << QByteArray() << true;
        QTest::newRow("encrypted") << encrypted << QByteArray() << theirs << true;
        QTest::newRow("encrypted, bound") << away << encrypted << theirs << true;
        QTest::newRow("encrypted, a plain set in its place") << away << plain << theirs << true;
        QTest::newRow("opened by a service, a plain set in its place") << away << plain << cloud << true;
        QTest::newRow("must fail: plain where it should be encrypted") << plain << QByteArray() << theirs << false;
        QTest::newRow("must fail: opened by a service") << encrypted << QByteArray() << cloud << false;
        QTest::newRow("must fail: bound, and no JSON") << away << other << theirs << false;
        QTest::newRow("must fail: bound, and no object") << away << list << theirs << false;
        QTest::newRow("must fail: bound, and not there") << plain << away << theirs << false;
    }
    void opens()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, bound);
        QFETCH(QByteArray, secrets);
        QFETCH(bool, signs);
        lab::Bindings bindings;
        if (!bound.isEmpty())
            bindings.add({file, bound});
        const QByteArray text = configuration("\"jwk_local_path\":\"" + file + '"' + secrets);
        const auto service = gateway::load(text, QStringLiteral("krakend.json"));
        QVERIFY2(service.ok(), service ? "" : qPrintable(text::sentence(service.error(), QStringLiteral("krakend.json"), text)));
        twin::Supplies supplies;
        lab::supplyKeyFile(supplies, file, bindings);
        const twin::BuildStep step = twin::buildSigner(service->endpoints[0], supplies);
        const auto *state = std::get_if<twin::SignerState>(&step);
        QVERIFY(state);
        QVERIFY2(state->signer.has_value() == signs, state->error ? state->error->text.constData() : "signs");
        QCOMPARE(state->config.secretUrl.isEmpty(), secrets.isEmpty()); // the document's, whatever stands in
        const twin::ValidatorState validator = lab::validatorAtStart(service->endpoints[1], bindings);
        QCOMPARE(validator.localKeys.has_value(), signs);
        // A real gateway reads it the same way.
        const lab::PrivateCopy copy =
            lab::privateCopy(text, *service, 0, bindings, {}, m_folder.path(), [](const QByteArray &) { return QByteArray(); });
        const bool stands = signs && !bound.isEmpty() && contents(bound) == plainSet;
        QCOMPARE(copy.text.contains("\"secret_url\":\"\""), stands && !secrets.isEmpty());
    }

private:
    static QByteArray contents(const QByteArray &path)
    {
        QFile file(QString::fromUtf8(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

QTEST_GUILESS_MAIN(TestKeyFiles)
#include "tst_keyfiles.moc"
