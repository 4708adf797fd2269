// Certificates described, and files of them taken apart.
#include "core/crypto/certificateinfo.h"
#include "core/crypto/peerverify.h"
#include "core/crypto/tlsidentity.h"

#include <QTest>

using namespace tokenlab;
using crypto::TlsIdentity;
using crypto::TlsIdentityRequest;

namespace {

TlsIdentity identity(TlsIdentityRequest::KeyKind kind, const QByteArray &name, const std::vector<QByteArray> &names, bool authority,
                     const TlsIdentity *issuer = nullptr)
{
    TlsIdentityRequest request;
    request.key = kind;
    request.commonName = name;
    request.names = names;
    request.authority = authority;
    request.notBefore = Instant{1700000000};
    request.notAfter = Instant{1900000000};
    return *crypto::makeTlsIdentity(request, issuer);
}

} // namespace

class CertificateInfoTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void described_data();
    void described();
    void files_data();
    void files();
    void vouches();
};

void CertificateInfoTest::described_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("signature");
    QTest::newRow("RSA") << int(TlsIdentityRequest::Rsa2048) << QByteArray("RSA 2048") << QByteArray("sha256WithRSAEncryption");
    QTest::newRow("RSA, small") << int(TlsIdentityRequest::Rsa1024) << QByteArray("RSA 1024") << QByteArray("sha256WithRSAEncryption");
    QTest::newRow("P-256") << int(TlsIdentityRequest::P256) << QByteArray("EC P-256") << QByteArray("ecdsa-with-SHA256");
    QTest::newRow("P-384") << int(TlsIdentityRequest::P384) << QByteArray("EC P-384") << QByteArray("ecdsa-with-SHA256");
    QTest::newRow("Ed25519") << int(TlsIdentityRequest::Ed25519) << QByteArray("Ed25519") << QByteArray("ED25519");
}

void CertificateInfoTest::described()
{
    QFETCH(const int, kind);
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, signature);
    const TlsIdentity one = identity(TlsIdentityRequest::KeyKind(kind), "J\xc3\xbcrgen's host", {"a.example", "127.0.0.1", "::1"}, false);
    const auto info = crypto::describeCertificate(one.certificateDer);
    QVERIFY(info);
    QCOMPARE(info->key, key);
    QCOMPARE(info->signature, signature);
    QCOMPARE(info->subject, QByteArray("CN=J\xc3\xbcrgen's host"));
    QCOMPARE(info->issuer, info->subject);
    QCOMPARE(info->name, QByteArray("J\xc3\xbcrgen's host"));
    QCOMPARE(info->names, (std::vector<QByteArray>{"a.example", "127.0.0.1", "::1"}));
    QCOMPARE(info->notBefore.secondsSinceEpoch, qint64(1700000000));
    QCOMPARE(info->notAfter.secondsSinceEpoch, qint64(1900000000));
    QVERIFY(!info->isAuthority && info->isSelfIssued && info->isSelfSigned);
    QCOMPARE(info->pin, crypto::spkiPin(one.certificateDer).value());
    QCOMPARE(int(info->certificateDigest.size()), 32);
    QVERIFY(info->certificateDigest != info->pin);
    QVERIFY(!info->serial.isEmpty() && !info->serial.startsWith('0'));
}

void CertificateInfoTest::files_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<int>("count");
    const TlsIdentity one = identity(TlsIdentityRequest::P256, "one", {}, false), two = identity(TlsIdentityRequest::P256, "two", {}, true);
    QTest::newRow("PEM") << one.certificatePem << 1;
    QTest::newRow("several, text between") << one.certificatePem + "a comment\n" + two.certificatePem << 2;
    QTest::newRow("a private key beside it") << one.keyPem.view().toByteArray() + one.certificatePem << 1;
    QTest::newRow("DER") << one.certificateDer << 1;
    QTest::newRow("as it is written here") << crypto::certificatePem(one.certificateDer) << 1;
    QTest::newRow("a block that is no certificate") << one.certificatePem + crypto::certificatePem("nonsense") << 1;
    QTest::newRow("must fail: DER and more") << one.certificateDer + 'x' << 0;
    QTest::newRow("must fail: a private key") << one.keyPem.view().toByteArray() << 0;
    QTest::newRow("must fail: nothing") << QByteArray() << 0;
}

void CertificateInfoTest::files()
{
    QFETCH(const QByteArray, file);
    QFETCH(const int, count);
    const auto found = crypto::certificatesOf(file);
    QCOMPARE(int(found.size()), count);
    for (const QByteArray &der : found)
        QVERIFY(crypto::describeCertificate(der));
}

void CertificateInfoTest::vouches()
{
    const TlsIdentity root = identity(TlsIdentityRequest::P256, "root", {}, true),
                      other = identity(TlsIdentityRequest::P256, "root", {}, true);
    const TlsIdentity leaf = identity(TlsIdentityRequest::P256, "leaf", {"a.example"}, false, &root);
    const Instant now{1800000000};
    const std::vector<QByteArray> sent{leaf.certificateDer};
    QVERIFY(crypto::wouldVouchFor(root.certificateDer, sent, "a.example", now));
    QVERIFY(crypto::wouldVouchFor(leaf.certificateDer, sent, "a.example", now)); // any certificate of the CA file is a root
    QVERIFY(!crypto::wouldVouchFor(other.certificateDer, sent, "a.example", now));
    QVERIFY(!crypto::wouldVouchFor(root.certificateDer, sent, "b.example", now));
    QVERIFY(!crypto::wouldVouchFor(root.certificateDer, sent, "a.example", Instant{1950000000}));
    QVERIFY(!crypto::wouldVouchFor("nonsense", sent, "a.example", now));
}

QTEST_GUILESS_MAIN(CertificateInfoTest)
#include "tst_certificateinfo.moc"
