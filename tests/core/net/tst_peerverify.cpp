// Go's verification rules on chains that no server here would send: weak keys and digests, broken bytes, path lengths.
#include "harness.h"

using namespace tokenlab;
using namespace tokenlab::test;
using crypto::CertificatePool;
using crypto::makeTlsIdentity;
using crypto::PeerError;
using crypto::TlsIdentity;
using crypto::TlsIdentityRequest;

class PeerVerifyTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void chains_data();
    void chains();
    void names_data();
    void names();
    void path();
    void pins();
    void pool();
    void suiteNames_data();
    void suiteNames();
};

namespace {

TlsIdentity make(const TlsIdentityRequest &request, const TlsIdentity *issuer = nullptr)
{
    auto made = makeTlsIdentity(request, issuer);
    return made ? *std::move(made) : TlsIdentity{};
}

const QByteArray Prefix = "tls: failed to verify certificate: x509: ";

} // namespace

void PeerVerifyTest::chains_data()
{
    QTest::addColumn<QByteArrayList>("sent");
    QTest::addColumn<QByteArrayList>("roots");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char *name, const QByteArrayList &sent, const QByteArrayList &roots, const QByteArray &error) {
        QTest::newRow(name) << sent << roots << error;
    };
    const TlsIdentity ca = make(authority("CA"));
    TlsIdentityRequest request = identity("leaf", {"h"});
    const TlsIdentity leaf = make(request, &ca);
    row("good", {leaf.certificateDer}, {ca.certificatePem}, {});
    row("nothing sent", {}, {ca.certificatePem}, "tls: received empty certificates message");
    row("broken bytes", {leaf.certificateDer.chopped(3)}, {ca.certificatePem},
        "tls: failed to parse certificate from server: x509: malformed certificate");
    request.key = TlsIdentityRequest::Rsa1024;
    row("RSA-1024 leaf", {make(request, &ca).certificateDer}, {ca.certificatePem}, {});
    request.key = TlsIdentityRequest::Ed25519;
    row("Ed25519 leaf", {make(request, &ca).certificateDer}, {ca.certificatePem}, {});
    request.key = TlsIdentityRequest::P384;
    row("P-384 leaf", {make(request, &ca).certificateDer}, {ca.certificatePem}, {});
    request.digest = TlsIdentityRequest::Sha1;
    row("SHA-1", {make(request, &ca).certificateDer}, {ca.certificatePem},
        Prefix + "certificate signed by unknown authority (possibly because of \"x509: cannot verify signature: insecure algorithm "
                 "ECDSA-SHA1\" while trying to verify candidate authority certificate \"CA\")");
    request.digest = TlsIdentityRequest::Sha256;

    // Another authority of the same name: its key does not fit.
    const TlsIdentity twin = make(authority("CA"));
    row("another authority of the same name", {leaf.certificateDer}, {twin.certificatePem},
        Prefix + "certificate signed by unknown authority (possibly because of \"x509: ECDSA verification failure\" while trying to verify "
                 "candidate authority certificate \"CA\")");
    row("both of that name", {leaf.certificateDer}, {twin.certificatePem, ca.certificatePem}, {});
    TlsIdentityRequest rsa = authority("RSA CA");
    rsa.key = TlsIdentityRequest::Rsa2048;
    const TlsIdentity rsaCa = make(rsa);
    const TlsIdentity rsaTwin = make(rsa);
    const TlsIdentity byRsa = make(request, &rsaCa);
    row("RSA authority", {byRsa.certificateDer}, {rsaCa.certificatePem}, {});
    row("another RSA authority of the same name", {byRsa.certificateDer}, {rsaTwin.certificatePem},
        Prefix + "certificate signed by unknown authority (possibly because of \"crypto/rsa: verification error\" while trying to verify "
                 "candidate authority certificate \"RSA CA\")");

    // A leaf that signs: no authority, whether sent or trusted.
    const TlsIdentity byLeaf = make(identity("under a leaf", {"h"}), &leaf);
    row("signed by a leaf that is a root", {byLeaf.certificateDer}, {leaf.certificatePem},
        Prefix + "certificate signed by unknown authority (possibly because of \"x509: invalid signature: parent certificate cannot sign "
                 "this kind of certificate\" while trying to verify candidate authority certificate \"leaf\")");

    TlsIdentityRequest limited = authority("short CA");
    limited.pathLength = 0;
    const TlsIdentity shortCa = make(limited);
    const TlsIdentity middle = make(authority("middle"), &shortCa);
    const TlsIdentity below = make(identity("below", {"h"}), &middle);
    row("path length 0, one below", {make(identity("x", {"h"}), &shortCa).certificateDer}, {shortCa.certificatePem}, {});
    row("path length 0, two below", {below.certificateDer, middle.certificateDer}, {shortCa.certificatePem},
        Prefix + "too many intermediates for path length constraint");

    TlsIdentityRequest old = authority("old middle");
    old.notBefore = daysFromNow(-10);
    old.notAfter = daysFromNow(-5);
    const TlsIdentity oldMiddle = make(old, &ca);
    const TlsIdentity belowOld = make(identity("below", {"h"}), &oldMiddle);
    row("expired intermediate", {belowOld.certificateDer, oldMiddle.certificateDer}, {ca.certificatePem},
        Prefix + "certificate has expired or is not yet valid: ");
    row("expired intermediate as root", {belowOld.certificateDer}, {oldMiddle.certificatePem},
        Prefix + "certificate has expired or is not yet valid: ");

    // Name constraints of an authority hold for all that is below it.
    const auto constrained = [&](const char *name, const QByteArray &names, const QByteArray &constraints, const char *error) {
        TlsIdentityRequest one = authority("constrained");
        one.extensions = {{"nameConstraints", constraints}};
        const TlsIdentity root = make(one);
        const QByteArrayList listed = names.split(' ');
        const TlsIdentity under = make(identity("under", std::vector<QByteArray>(listed.begin(), listed.end())), &root);
        row(name, {under.certificateDer}, {root.certificatePem},
            *error ? Prefix + "a root or intermediate certificate is not authorized to sign for this name: " + error : QByteArray());
    };
    constrained("permitted", "h", "critical,permitted;DNS:h", "");
    constrained("permitted: one of two", "h", "permitted;DNS:x,permitted;DNS:h", "");
    constrained("not permitted", "h", "critical,permitted;DNS:x", "DNS name \"h\" is not permitted by any constraint");
    constrained("excluded", "h", "excluded;DNS:h", "DNS name \"h\" is excluded by constraint \"h\"");
    constrained("excluded: a name that was not asked for", "h a.example", "excluded;DNS:example",
                "DNS name \"a.example\" is excluded by constraint \"example\"");
    constrained("excluded: another that ends alike", "h aexample", "excluded;DNS:example", "");
    constrained("excluded: what is below alone", "h example", "excluded;DNS:.example", "");
    constrained("excluded: an address", "h 10.1.2.3", "excluded;IP:10.0.0.0/255.0.0.0",
                "IP address \"10.1.2.3\" is excluded by constraint \"10.0.0.0/8\"");
    constrained("an address of the other family", "h ::1", "permitted;IP:10.0.0.0/255.0.0.0",
                "IP address \"::1\" is not permitted by any constraint");
    {
        TlsIdentityRequest one = authority("directory");
        one.extensions = {{"nameConstraints", "critical,permitted;RID:1.2.3"}};
        const TlsIdentity root = make(one);
        row("critical constraints of names that the gateway does not know", {make(identity("under", {"h"}), &root).certificateDer},
            {root.certificatePem}, Prefix + "unhandled critical extension");
    }

    // Many certificates of one name end in a stated error, not in a long search.
    QByteArrayList crowd{below.certificateDer};
    for (int i = 0; i < 120; ++i)
        crowd.append(make(authority("middle")).certificateDer);
    row("a crowd of namesakes", crowd, {ca.certificatePem},
        Prefix + "signature check attempts limit reached while verifying certificate chain");
}

void PeerVerifyTest::chains()
{
    QFETCH(const QByteArrayList, sent);
    QFETCH(const QByteArrayList, roots);
    QFETCH(const QByteArray, error);
    CertificatePool pool;
    for (const QByteArray &pem : roots)
        QCOMPARE(pool.addPem(pem), qsizetype(1));
    const std::vector<QByteArray> chain(sent.begin(), sent.end());
    const auto verified = crypto::verifyPeer(chain, pool, "h", systemNow());
    const QByteArray text = verified ? QByteArray() : verified.error().text;
    if (error.endsWith(": "))
        QVERIFY2(text.startsWith(error), text.constData());
    else
        QCOMPARE(text, error);
}

void PeerVerifyTest::names_data()
{
    QTest::addColumn<QByteArrayList>("names");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("error"); // after the prefix
    const auto row = [](const QByteArrayList &names, const char *host, const char *error) {
        QTest::newRow(qPrintable(QString::fromUtf8(names.join('+')) + QStringLiteral(" for ") + QLatin1String(host)))
            << names << QByteArray(host) << QByteArray(error);
    };
    row({"a.example"}, "a.example", "");
    row({"a.example"}, "A.EXAMPLE", "");
    row({"a.example"}, "a.example.", "");
    row({"A.Example"}, "a.example", "");
    row({"a.example"}, "b.example", "certificate is valid for a.example, not b.example");
    row({"a.example", "b.example"}, "c.example", "certificate is valid for a.example, b.example, not c.example");
    row({"*.example"}, "a.example", "");
    row({"*.example"}, "a.b.example", "certificate is valid for *.example, not a.b.example");
    row({"*.example"}, "example", "certificate is valid for *.example, not example");
    row({"a*.example"}, "ab.example", "certificate is valid for a*.example, not ab.example");
    row({"*"}, "a", "certificate is valid for *, not a");
    row({"a.example"}, "127.0.0.1", "cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs");
    row({"127.0.0.1"}, "127.0.0.1", "");
    row({"127.0.0.1"}, "127.0.0.2", "certificate is valid for 127.0.0.1, not 127.0.0.2");
    row({"127.0.0.1"}, "::ffff:127.0.0.1", "");
    row({"127.0.0.1"}, "localhost", "certificate is not valid for any names, but wanted to match localhost");
    row({"::1"}, "::1", "");
    row({"::1"}, "0:0:0:0:0:0:0:1", "");
    row({"2001:db8::1"}, "2001:db8::2", "certificate is valid for 2001:db8::1, not 2001:db8::2");
    row({}, "h", "certificate is not valid for any names, but wanted to match h");
}

void PeerVerifyTest::names()
{
    QFETCH(const QByteArrayList, names);
    QFETCH(const QByteArray, host);
    QFETCH(const QByteArray, error);
    const TlsIdentity one = make(identity("common name", std::vector<QByteArray>(names.begin(), names.end())));
    QVERIFY(!one.certificateDer.isEmpty());
    CertificatePool pool;
    pool.addPem(one.certificatePem);
    const auto verified = crypto::verifyPeer(std::vector<QByteArray>{one.certificateDer}, pool, host, systemNow());
    QCOMPARE(verified ? QByteArray() : verified.error().text, error.isEmpty() ? QByteArray() : Prefix + error);
}

void PeerVerifyTest::path()
{
    const TlsIdentity ca = make(authority("CA"));
    const TlsIdentity middle = make(authority("middle"), &ca);
    const TlsIdentity leaf = make(identity("leaf", {"h"}), &middle);
    const TlsIdentity stray = make(authority("stray"));
    CertificatePool pool;
    pool.addPem(ca.certificatePem);
    const std::vector<QByteArray> sent{leaf.certificateDer, stray.certificateDer, middle.certificateDer};
    const auto verified = crypto::verifyPeer(sent, pool, "h", systemNow());
    QVERIFY(verified.ok());
    QCOMPARE(verified->path, (std::vector<QByteArray>{leaf.certificateDer, middle.certificateDer, ca.certificateDer}));
    QVERIFY(!crypto::verifyPeer(sent, pool, "h", daysFromNow(31)).ok());
}

// Ed25519 and RSA keys hash differently each (QSslKey gives the same empty bytes for all Ed25519 keys).
void PeerVerifyTest::pins()
{
    QSet<QByteArray> seen;
    for (const auto kind :
         {TlsIdentityRequest::P256, TlsIdentityRequest::Rsa2048, TlsIdentityRequest::Ed25519, TlsIdentityRequest::Ed25519}) {
        TlsIdentityRequest request = identity("x", {"h"});
        request.key = kind;
        const auto pin = crypto::spkiPin(make(request).certificateDer);
        QVERIFY(pin);
        QCOMPARE(pin->size(), qsizetype(32));
        seen.insert(*pin);
    }
    QCOMPARE(seen.size(), qsizetype(4));
    QVERIFY(!crypto::spkiPin("no certificate"));
}

void PeerVerifyTest::pool()
{
    const TlsIdentity ca = make(authority("CA"));
    CertificatePool pool;
    QCOMPARE(pool.addPem(ca.certificatePem + ca.certificatePem), qsizetype(1)); // each once
    QCOMPARE(pool.addPem(ca.certificatePem), qsizetype(0));
    QCOMPARE(pool.addPem("-----BEGIN CERTIFICATE-----\n"), qsizetype(0));
    QCOMPARE(pool.addPem("-----BEGIN CERTIFICATE-----\nHeader: x\n\nAAAA\n-----END CERTIFICATE-----\n"), qsizetype(0));
    QCOMPARE(pool.addPem(QByteArray(ca.certificatePem).replace("CERTIFICATE", "TRUSTED CERTIFICATE")), qsizetype(0));
    CertificatePool copy = pool;
    copy.addPem(make(authority("B")).certificatePem);
    QCOMPARE(pool.size(), qsizetype(1));
    QCOMPARE(copy.size(), qsizetype(2));
}

void PeerVerifyTest::suiteNames_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<QByteArray>("name");
    const auto row = [](int number, const char *name) { QTest::addRow("%d", number) << number << QByteArray(name); };
    row(49199, "ECDHE-RSA-AES128-GCM-SHA256");
    row(49195, "ECDHE-ECDSA-AES128-GCM-SHA256");
    row(52392, "ECDHE-RSA-CHACHA20-POLY1305");
    row(47, "AES128-SHA");
    row(49187, "ECDHE-ECDSA-AES128-SHA256");
    // Not in OpenSSL 3: RC4 and 3DES. TLS 1.3 suites are always on. Unknown numbers.
    for (const int number : {5, 10, 49159, 49169, 49170, 4865, 4866, 4867, 0, 1, 65535})
        row(number, "");
}

void PeerVerifyTest::suiteNames()
{
    QFETCH(const int, number);
    QFETCH(const QByteArray, name);
    QCOMPARE(crypto::cipherSuiteName(quint16(number)), name);
}

QTEST_GUILESS_MAIN(PeerVerifyTest)
#include "tst_peerverify.moc"
