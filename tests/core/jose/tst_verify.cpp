// Strict verification, in the manner of Wycheproof: for each thing that is refused a row that has it, and beside it one that only lacks it
// and passes.
#include "verifyworld.h"

#include <QTest>

using namespace verifyworld;

namespace {

void columns()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QByteArray>("keys");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("where"); // part, member or detail; "": not looked at
}

void row(const char *name, const QByteArray &token, const QByteArray &keys, int kind, const QByteArray &where = {})
{
    QTest::newRow(name) << token << keys << kind << where;
}

void judge(const QByteArray &token, const QByteArray &keys, int kind, const QByteArray &where)
{
    const auto result = jose::verifyToken(token, keysFrom(keys));
    QVERIFY2((kind == valid) == result.valid(), result.error ? described(*result.error).constData() : "passes");
    if (kind == valid) {
        QVERIFY(result.key.has_value());
        return;
    }
    QVERIFY2(int(result.error->kind) == kind, described(*result.error).constData());
    const auto &e = *result.error;
    QVERIFY2(where.isEmpty() || where == e.part || where == e.member || where == e.detail, described(e).constData());
    QVERIFY(!result.key.has_value());
    QVERIFY(result.payload.isEmpty());
}

QByteArray replaced(QByteArray text, const QByteArray &from, const QByteArray &to)
{
    return text.replace(text.indexOf(from), from.size(), to);
}

// Another spelling of the same bytes: the unused bits of the last character set.
QByteArray otherSpelling(const QByteArray &part)
{
    static const QByteArray alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    QByteArray other = part;
    other.back() = alphabet[alphabet.indexOf(part.back()) + 1];
    return other;
}

QByteArray withPart(const QByteArray &token, int index, const QByteArray &text)
{
    QList<QByteArray> parts = token.split('.');
    parts[index] = text;
    return parts.join('.');
}

QByteArray derOf(const QByteArray &fixed)
{
    const auto integer = [](QByteArray number) {
        while (number.size() > 1 && number[0] == '\0')
            number.remove(0, 1);
        if (number[0] & char(0x80))
            number.prepend('\0');
        return QByteArray("\x02") + char(number.size()) + number;
    };
    const qsizetype half = fixed.size() / 2;
    const QByteArray both = integer(fixed.first(half)) + integer(fixed.sliced(half));
    return QByteArray("\x30") + (both.size() > 127 ? QByteArray("\x81") : QByteArray()) + char(both.size()) + both;
}

const QByteArray order256 = QByteArray::fromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
const QByteArray order521 = QByteArray::fromHex("01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
                                                "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409");

// S + L: the same signature once more, if nobody looks.
QByteArray edPlusOrder(const QByteArray &signature)
{
    const QByteArray order = QByteArray::fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    QByteArray out = signature;
    int carry = 0;
    for (int i = 0; i < 32; ++i) {
        const int sum = static_cast<unsigned char>(signature[32 + i]) + static_cast<unsigned char>(order[i]) + carry;
        out[32 + i] = char(sum & 0xff);
        carry = sum >> 8;
    }
    return out;
}

} // namespace

class TestVerify : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void algorithms_data()
    {
        columns();
        row("good: HS256", good("HS256"), setOfKind("oct"), valid);
        row("good: RS256", good("RS256"), setOfKind("RSA"), valid);
        for (const char *none : {"none", "None", "NONE", "nOnE"}) {
            const QByteArray h = "{\"alg\":\"" + QByteArray(none) + "\",\"kid\":\"k\"}";
            row(qPrintable(QStringLiteral("%1, no signature").arg(QLatin1String(none))), b64(h) + '.' + b64(claims) + '.', setOfKind("oct"),
                Kind::AlgNone, none);
        }
        row("none, signed after all", compact(header("none"), claims, keyOf("oct"), Algorithm::HS256), setOfKind("oct"), Kind::AlgNone);
        row("RFC 7515 A.5",
            "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
            setOfKind("oct"), Kind::AlgNone);
        row("HS256, no signature", withSignature(good("HS256"), {}), setOfKind("oct"), Kind::NoSignature);
        for (const char *unknown : {"hs256", "HS256 ", "ES256K", "RS1", "HS1", "dir", "Ed25519", ""})
            row(qPrintable(QStringLiteral("unknown: '%1'").arg(QLatin1String(unknown))),
                compact(header(unknown), claims, keyOf("oct"), Algorithm::HS256), setOfKind("oct"), Kind::AlgUnknown, unknown);
        // The secret of the confused one: the RSA key as a JWK, or as PEM.
        const QByteArray pem = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n";
        row("RS/HS: HMAC with the public JWK", hsWith(jwkOf(keyOf("RSA"))), setOfKind("RSA"), Kind::Confusion, "HS256");
        row("RS/HS: HMAC with the PEM text", hsWith(pem), setOfKind("RSA"), Kind::Confusion);
        row("RS/HS: HMAC with nothing", hsWith({}), setOfKind("RSA"), Kind::Confusion);
        row("ES/HS", hsWith(jwkOf(keyOf("P-256"))), setOfKind("P-256"), Kind::Confusion);
        row("EdDSA/HS", hsWith(jwkOf(keyOf("Ed25519"))), setOfKind("Ed25519"), Kind::Confusion);
        row("HS/RS: an RSA token for a secret", good("RS256"), setOfKind("oct"), Kind::Confusion, "RS256");
        row("a secret that is a public key's PEM", hsWith(pem), setOf({octJwk(pem)}), Kind::SecretIsPublicKey);
        row("a secret that is a certificate", hsWith("-----BEGIN CERTIFICATE-----\nMIIB"),
            setOf({octJwk("-----BEGIN CERTIFICATE-----\nMIIB")}), Kind::SecretIsPublicKey);
        row("a secret that is an ssh key", hsWith("ssh-rsa AAAA"), setOf({octJwk("ssh-rsa AAAA")}), Kind::SecretIsPublicKey);
        row("good: a secret that is any text", hsWith("-----BEGIN of a secret that nobody knows"),
            setOf({octJwk("-----BEGIN of a secret that nobody knows")}), valid);
        row("the empty secret", hsWith({}), setOf({octJwk({})}), Kind::EmptyKey);
        row("good: a secret of one byte", hsWith("x"), setOf({octJwk("x")}), valid);
        row("EdDSA for an EC key", good("EdDSA"), setOfKind("P-256"), Kind::AlgKeyMismatch, "EdDSA");
        row("ES256 for an RSA key", good("ES256"), setOfKind("RSA"), Kind::AlgKeyMismatch);
        row("ES256 for P-384", good("ES256"), setOfKind("P-384"), Kind::WrongCurve, "P-384");
        row("ES512 for P-256", good("ES512"), setOfKind("P-256"), Kind::WrongCurve);
        row("RS256 header, PSS signature", compact(header("RS256"), claims, keyOf("RSA"), Algorithm::PS256), setOfKind("RSA"),
            Kind::Mismatch);
        row("PS256 header, PKCS#1 signature", compact(header("PS256"), claims, keyOf("RSA"), Algorithm::RS256), setOfKind("RSA"),
            Kind::Mismatch);
        row("RS256 header, SHA-512 signature", compact(header("RS256"), claims, keyOf("RSA"), Algorithm::RS512), setOfKind("RSA"),
            Kind::Mismatch);
        row("HS384 header, HS256 signature", compact(header("HS384"), claims, keyOf("oct"), Algorithm::HS256), setOfKind("oct"),
            Kind::WrongLength);
    }
    void algorithms()
    {
        QFETCH(QByteArray, token);
        QFETCH(QByteArray, keys);
        QFETCH(int, kind);
        QFETCH(QByteArray, where);
        judge(token, keys, kind, where);
    }

    void headers_data()
    {
        columns();
        const QByteArray keys = setOfKind("oct");
        const auto hs = [](const QByteArray &h) { return compact(h, claims, keyOf("oct"), Algorithm::HS256); };
        row("good: members of anybody", hs(header("HS256", ",\"typ\":\"JWT\",\"cty\":\"x\",\"nonce\":5,\"deep\":{\"a\":[{}]}")), keys,
            valid);
        for (const char *text : {"[]", "\"alg\"", "5", "null", "true"})
            row(qPrintable(QStringLiteral("header %1").arg(QLatin1String(text))), hs(text), keys, Kind::NotAnObject, "header");
        row("header empty", hs({}), keys, Kind::NotJson, "header");
        row("header with text after it", hs(header("HS256") + "x"), keys, Kind::NotJson);
        row("header with a zero byte after it", hs(header("HS256") + QByteArray(1, '\0')), keys, Kind::NotJson);
        row("header with a comma too many", hs("{\"alg\":\"HS256\",\"kid\":\"k\",}"), keys, Kind::NotJson);
        row("header with a comment", hs("{/**/\"alg\":\"HS256\",\"kid\":\"k\"}"), keys, Kind::NotJson);
        row("header with a BOM", hs("\xef\xbb\xbf" + header("HS256")), keys, Kind::NotJson);
        row("header not UTF-8", hs(header("HS256", ",\"x\":\"\xff\"")), keys, Kind::NotJson);
        row("header with half a surrogate", hs(header("HS256", ",\"x\":\"\\ud800\"")), keys, Kind::NotJson);
        row("good: header with a whole one", hs(header("HS256", ",\"x\":\"\\ud83d\\ude00\"")), keys, valid);
        row("header nested too deep", hs(header("HS256", ",\"x\":" + QByteArray(600, '[') + QByteArray(600, ']'))), keys, Kind::NotJson);
        row("good: nested less deep", hs(header("HS256", ",\"x\":" + QByteArray(400, '[') + QByteArray(400, ']'))), keys, valid);
        row("header too large", hs(header("HS256", ",\"x\":\"" + QByteArray(jose::largestHeader, 'x') + '"')), keys, Kind::TooLarge,
            "header");
        row("good: header not too large", hs(header("HS256", ",\"x\":\"" + QByteArray(jose::largestHeader / 2, 'x') + '"')), keys, valid);
        row("good: white space in the JSON", hs("{ \"alg\" : \"HS256\" ,\r\n\"kid\":\"k\" }"), keys, valid);
        row("alg twice", hs("{\"alg\":\"none\",\"alg\":\"HS256\",\"kid\":\"k\"}"), keys, Kind::DuplicateMember, "alg");
        row("alg twice, once escaped", hs("{\"\\u0061lg\":\"none\",\"alg\":\"HS256\",\"kid\":\"k\"}"), keys, Kind::DuplicateMember, "alg");
        row("a member of anybody twice", hs(header("HS256", ",\"x\":1,\"x\":1")), keys, Kind::DuplicateMember, "x");
        row("twice deep inside", hs(header("HS256", ",\"o\":[{\"x\":1,\"x\":2}]")), keys, Kind::DuplicateMember, "x");
        row("good: another case is another name", hs(header("HS256", ",\"ALG\":\"none\"")), keys, valid);
        row("alg missing", hs("{\"kid\":\"k\"}"), keys, Kind::MissingMember, "alg");
        row("ALG only", hs("{\"ALG\":\"HS256\",\"kid\":\"k\"}"), keys, Kind::MissingMember, "alg");
        row("alg a number", hs("{\"alg\":256,\"kid\":\"k\"}"), keys, Kind::BadMember, "alg");
        row("alg null", hs("{\"alg\":null,\"kid\":\"k\"}"), keys, Kind::BadMember, "alg");
        row("alg a list", hs("{\"alg\":[\"HS256\"],\"kid\":\"k\"}"), keys, Kind::BadMember, "alg");
        row("kid a number", hs("{\"alg\":\"HS256\",\"kid\":5}"), keys, Kind::BadMember, "kid");
        row("kid null", hs("{\"alg\":\"HS256\",\"kid\":null}"), keys, Kind::BadMember, "kid");
        row("typ an object", hs(header("HS256", ",\"typ\":{}")), keys, Kind::BadMember, "typ");
        row("jku a number", hs(header("HS256", ",\"jku\":1")), keys, Kind::BadMember, "jku");
        row("jwk a text", hs(header("HS256", ",\"jwk\":\"x\"")), keys, Kind::BadMember, "jwk");
        row("x5c a text", hs(header("HS256", ",\"x5c\":\"x\"")), keys, Kind::BadMember, "x5c");
        row("crit: an extension", hs(header("HS256", ",\"crit\":[\"exp\"],\"exp\":1")), keys, Kind::Critical, "exp");
        row("crit: one known, one not", hs(header("HS256", ",\"crit\":[\"b64\",\"x\"],\"b64\":true,\"x\":1")), keys, Kind::Critical, "x");
        row("crit: empty", hs(header("HS256", ",\"crit\":[]")), keys, Kind::Critical, "empty");
        row("crit: a text", hs(header("HS256", ",\"crit\":\"b64\",\"b64\":true")), keys, Kind::Critical, "array");
        row("crit: null", hs(header("HS256", ",\"crit\":null")), keys, Kind::Critical, "array");
        row("crit: numbers", hs(header("HS256", ",\"crit\":[1]")), keys, Kind::Critical, "texts");
        row("crit: twice", hs(header("HS256", ",\"crit\":[\"b64\",\"b64\"],\"b64\":true")), keys, Kind::Critical, "twice");
        row("crit: a registered one", hs(header("HS256", ",\"crit\":[\"kid\"]")), keys, Kind::Critical, "registered");
        row("crit: not in the header", hs(header("HS256", ",\"crit\":[\"b64\"]")), keys, Kind::Critical, "absent");
        row("good: crit b64 true", hs(header("HS256", ",\"crit\":[\"b64\"],\"b64\":true")), keys, valid);
        row("good: b64 true alone", hs(header("HS256", ",\"b64\":true")), keys, valid);
        row("b64 false", hs(header("HS256", ",\"b64\":false")), keys, Kind::Unencoded);
        row("b64 false, critical", hs(header("HS256", ",\"crit\":[\"b64\"],\"b64\":false")), keys, Kind::Unencoded);
        row("b64 a text", hs(header("HS256", ",\"b64\":\"false\"")), keys, Kind::BadMember, "b64");
        row("RFC 7797 4.2, detached",
            "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY", keys, Kind::Unencoded);
    }
    void headers() { algorithms(); }

    void keysInTokens_data()
    {
        columns();
        const jose::Key mallory = keyOf("P-256'");
        const QByteArray own = ",\"jwk\":" + jwkOf(mallory);
        const auto es = [&](const QByteArray &h, const jose::Key &key) { return compact(h, claims, key, Algorithm::ES256); };
        row("jwk: signed with it, our key has the kid", es(header("ES256", own), mallory), setOfKind("P-256"), Kind::Mismatch);
        row("jwk: signed with it, no key of ours", es("{\"alg\":\"ES256\",\"kid\":\"m\"" + own + '}', mallory), setOfKind("P-256"),
            Kind::KeyOnlyInToken, "jwk");
        row("jwk: signed with it, no keys at all", es(header("ES256", own), mallory), "{\"keys\":[]}", Kind::KeyOnlyInToken, "jwk");
        row("good: jwk beside our signature", es(header("ES256", own), keyOf("P-256")), setOfKind("P-256"), valid);
        const QByteArray url = ":\"https:" + QByteArray(2, '/') + "m.example/k\"";
        row("jku", es("{\"alg\":\"ES256\",\"kid\":\"m\",\"jku\"" + url + '}', mallory), setOfKind("P-256"), Kind::KeyOnlyInToken, "jku");
        row("good: jku beside our signature", good("ES256", ",\"jku\"" + url), setOfKind("P-256"), valid);
        row("x5u", es("{\"alg\":\"ES256\",\"kid\":\"m\",\"x5u\"" + url + '}', mallory), setOfKind("P-256"), Kind::KeyOnlyInToken, "x5u");
        row("good: x5u beside our signature", good("ES256", ",\"x5u\"" + url), setOfKind("P-256"), valid);
        row("x5c", es("{\"alg\":\"ES256\",\"kid\":\"m\",\"x5c\":[\"MIIB\"]}", mallory), setOfKind("P-256"), Kind::KeyOnlyInToken, "x5c");
        row("good: x5c beside our signature", good("ES256", ",\"x5c\":[\"MIIB\"]"), setOfKind("P-256"), valid);
    }
    void keysInTokens() { algorithms(); }

    void keyChoice_data()
    {
        columns();
        const jose::Key a = keyOf("P-256"), b = keyOf("P-256'");
        const QByteArray token = good("ES256");
        row("no keys", token, "{\"keys\":[]}", Kind::NoKeys);
        row("kid not there", compact("{\"alg\":\"ES256\",\"kid\":\"other\"}", claims, a, Algorithm::ES256), setOfKind("P-256"),
            Kind::KidNotFound, "other");
        row("kid empty", compact("{\"alg\":\"ES256\",\"kid\":\"\"}", claims, a, Algorithm::ES256), setOfKind("P-256"), Kind::KidNotFound);
        row("kid of another case", compact("{\"alg\":\"ES256\",\"kid\":\"K\"}", claims, a, Algorithm::ES256), setOfKind("P-256"),
            Kind::KidNotFound, "K");
        row("good: no kid in the token", compact("{\"alg\":\"ES256\"}", claims, a, Algorithm::ES256), setOfKind("P-256"), valid);
        row("good: no kid in the token, several keys", compact("{\"alg\":\"ES256\"}", claims, a, Algorithm::ES256),
            setOf({jwkOf(keyOf("RSA")), jwkOf(b), jwkOf(a)}), valid);
        row("no kid, none of the keys", compact("{\"alg\":\"ES256\"}", claims, a, Algorithm::ES256), setOf({jwkOf(b)}), Kind::Mismatch);
        row("no kid, none can do it", compact("{\"alg\":\"ES256\"}", claims, a, Algorithm::ES256),
            setOf({jwkOf(keyOf("RSA")), jwkOf(keyOf("oct"))}), Kind::NoKeyForAlg, "ES256");
        row("good: the key has no kid", token, setOf({jwkOf(a.withKid({}))}), valid);
        row("two keys with the kid", token, setOf({jwkOf(a), jwkOf(b)}), Kind::AmbiguousKid, "k");
        row("good: the kid twice, other type", token, setOf({jwkOf(keyOf("RSA")), jwkOf(a)}), valid);
        row("good: the same key twice", token, setOf({jwkOf(a), jwkOf(a)}), valid);
        row("another key with the kid", token, setOf({jwkOf(b)}), Kind::Mismatch, "signature");
        row("good: a JWK without a set", token, jwkOf(a), valid);
        row("good: beside keys of unknown kinds", token,
            setOf({"{\"kty\":\"AKP\",\"kid\":\"q\"}", "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AAAA\"}", "5", jwkOf(a)}), valid);
        row("good: a private key's public half", token, setOf({a.toPrivateJwk().view().toByteArray()}), valid);
        row("the key's alg is another", good("RS256"), setOf({jwkWith(keyOf("RSA"), "\"alg\":\"PS256\",")}), Kind::KeyAlg, "PS256");
        row("the key's alg is for encryption", good("RS256"), setOf({jwkWith(keyOf("RSA"), "\"alg\":\"RSA-OAEP\",")}), Kind::KeyAlg);
        row("good: the key's alg", good("RS256"), setOf({jwkWith(keyOf("RSA"), "\"alg\":\"RS256\",")}), valid);
        row("use enc", token, setOf({jwkWith(a, "\"use\":\"enc\",")}), Kind::KeyUse, "enc");
        row("good: use sig", token, setOf({jwkWith(a, "\"use\":\"sig\",")}), valid);
        row("key_ops sign, public", token, setOf({jwkWith(a, "\"key_ops\":[\"sign\"],")}), Kind::KeyOps);
        row("key_ops empty", token, setOf({jwkWith(a, "\"key_ops\":[],")}), Kind::KeyOps);
        row("good: key_ops verify", token, setOf({jwkWith(a, "\"key_ops\":[\"encrypt\",\"verify\"],")}), valid);
        row("key_ops sign, secret", good("HS256"), setOf({jwkWith(keyOf("oct"), "\"key_ops\":[\"sign\"],")}), Kind::KeyOps);
        row("good: key_ops sign, private", token, setOf({"{\"key_ops\":[\"sign\"]," + a.toPrivateJwk().view().toByteArray().sliced(1)}),
            valid);
        const QByteArray small = "{\"kty\":\"RSA\",\"kid\":\"k\",\"e\":\"AQAB\",\"n\":\"" + b64(QByteArray(64, '\xf1')) + "\"}";
        row("RSA of 512 bits", good("RS256"), setOf({small}), Kind::KeyTooSmall);
        QByteArray one = jwkOf(keyOf("RSA"));
        row("RSA with the exponent 1", good("RS256"), setOf({replaced(one, "AQAB", "AQ")}), Kind::KeyUnusable);
        row("RSA with an even exponent", good("RS256"), setOf({replaced(one, "AQAB", "AQAA")}), Kind::KeyUnusable);
        // A point of order 1: S·B = R + h·A for R = S·B, whatever was signed. Here S = 1.
        const QByteArray base = "\x58" + QByteArray(31, '\x66');
        const QByteArray anybody = base + '\1' + QByteArray(31, '\0');
        const auto edJwk = [](const QByteArray &x) {
            return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"" + b64(x) + "\"}";
        };
        const QByteArray neutral = '\1' + QByteArray(31, '\0');
        const QByteArray forged = withSignature(good("EdDSA"), anybody);
        QVERIFY(jose::verifySignature(*jose::parseKey(edJwk(neutral)), Algorithm::EdDSA, forged.first(forged.lastIndexOf('.')), anybody));
        row("Ed25519: the neutral point", forged, setOf({edJwk(neutral)}), Kind::KeyUnusable);
        row("Ed25519: a point of order 4", good("EdDSA"), setOf({edJwk(QByteArray(32, '\0'))}), Kind::KeyUnusable);
        row("Ed25519: not on the curve", good("EdDSA"), setOf({edJwk('\2' + QByteArray(31, '\0'))}), Kind::KeyUnusable);
        QList<QByteArray> many;
        for (int i = 0; i < jose::mostTries + 1; ++i)
            many << octJwk("secret " + QByteArray::number(i) + " of many");
        QByteArray last = many.last();
        const QByteArray bare = hsWith("secret " + QByteArray::number(jose::mostTries) + " of many", "{\"alg\":\"HS256\"}");
        row("too many keys to try", bare, setOf(many), Kind::TooLarge, "keys");
        many.removeFirst();
        row("good: not too many", bare, setOf(many), valid);
    }
    void keyChoice() { algorithms(); }

    void spelling_data()
    {
        columns();
        const QByteArray keys = setOfKind("Ed25519");
        // Each part ends with a character that has bits to spare.
        const QByteArray token = compact(header("EdDSA", ",\"x\":1"), claims, keyOf("Ed25519"), Algorithm::EdDSA);
        row("good", token, keys, valid);
        const char *const names[] = {"header", "payload", "signature"};
        for (int i = 0; i < 3; ++i) {
            const auto name = [&](const char *what) {
                return QStringLiteral("%1: %2").arg(QLatin1String(names[i]), QLatin1String(what)).toUtf8();
            };
            const QByteArray text = part(token, i);
            QVERIFY(text.size() % 4 != 0);
            const auto with = [&](const QByteArray &other) { return withPart(token, i, other); };
            QTest::newRow(name("spare bits").constData())
                << with(otherSpelling(text)) << keys << int(Kind::TrailingBits) << QByteArray(names[i]);
            QTest::newRow(name("padding").constData())
                << with(text + QByteArray(4 - text.size() % 4, '=')) << keys << int(Kind::Padding) << QByteArray(names[i]);
            QTest::newRow(name("a = inside").constData())
                << with(QByteArray(text).insert(4, '=')) << keys << int(Kind::Padding) << QByteArray(names[i]);
            for (const char space : {' ', '\n', '\r', '\t'}) {
                QTest::newRow(name("white space before").constData())
                    << with(space + text) << keys << int(Kind::Whitespace) << QByteArray(names[i]);
                QTest::newRow(name("white space inside").constData())
                    << with(QByteArray(text).insert(5, space)) << keys << int(Kind::Whitespace) << QByteArray(names[i]);
                QTest::newRow(name("white space after").constData())
                    << with(text + space) << keys << int(Kind::Whitespace) << QByteArray(names[i]);
            }
            for (const char *bad : {"+", "/", "*", "\xc3\xa9", "%3D"})
                QTest::newRow(name(bad).constData())
                    << with(QByteArray(text).insert(4, bad)) << keys << int(Kind::BadBase64) << QByteArray(names[i]);
            QTest::newRow(name("a zero byte").constData())
                << with(QByteArray(text).insert(4, '\0')) << keys << int(Kind::BadBase64) << QByteArray(names[i]);
            QTest::newRow(name("a character too many").constData())
                << with(text + QByteArray(5 - text.size() % 4, 'A')) << keys << int(Kind::BadBase64) << QByteArray(names[i]);
        }
    }
    void spelling() { algorithms(); }

    void signatures_data()
    {
        columns();
        for (const char *alg : {"ES256", "ES384", "ES512"}) {
            const Algorithm algorithm = *jose::algorithmFromName(alg);
            const QByteArray token = good(alg), keys = setOfKind(kindFor(algorithm).constData());
            const QByteArray fixed = signatureOf(token), zero(fixed.size() / 2, '\0');
            const auto name = [&](const char *what) {
                return QStringLiteral("%1 %2").arg(QLatin1String(alg), QLatin1String(what)).toUtf8();
            };
            const auto add = [&](const char *what, const QByteArray &signature, int kind, const QByteArray &where = {}) {
                QTest::newRow(name(what).constData()) << withSignature(token, signature) << keys << kind << where;
            };
            add("good", fixed, valid);
            add("DER", derOf(fixed), Kind::DerSignature);
            add("r zero", zero + fixed.sliced(zero.size()), Kind::ZeroNumber, "r");
            add("s zero", fixed.first(zero.size()) + zero, Kind::ZeroNumber, "s");
            add("both zero", zero + zero, Kind::ZeroNumber, "r");
            add("swapped", fixed.sliced(zero.size()) + fixed.first(zero.size()), Kind::Mismatch);
            add("a byte less", fixed.chopped(1), Kind::WrongLength);
            add("a byte more", fixed + 'x', Kind::WrongLength);
            add("zeros before each", QByteArray(1, '\0') + fixed.first(zero.size()) + QByteArray(1, '\0') + fixed.sliced(zero.size()),
                Kind::WrongLength);
            add("r only", fixed.first(zero.size()), Kind::WrongLength);
            add("ones", QByteArray(fixed.size(), '\xff'), Kind::OutOfRange, "r");
        }
        const QByteArray es = good("ES256"), r = signatureOf(es).first(32), s = signatureOf(es).sliced(32);
        row("ES256 r = n", withSignature(es, order256 + s), setOfKind("P-256"), Kind::OutOfRange, "r");
        row("ES256 s = n", withSignature(es, r + order256), setOfKind("P-256"), Kind::OutOfRange, "s");
        QByteArray below = order256;
        below.back() = '\x50';
        row("ES256 r = n - 1", withSignature(es, below + s), setOfKind("P-256"), Kind::Mismatch);
        row("ES256 r = s = 1", withSignature(es, QByteArray(31, '\0') + '\1' + QByteArray(31, '\0') + '\1'), setOfKind("P-256"),
            Kind::Mismatch);
        const QByteArray es5 = good("ES512");
        row("ES512 r = n", withSignature(es5, order521 + signatureOf(es5).sliced(66)), setOfKind("P-521"), Kind::OutOfRange, "r");
        const QByteArray ed = good("EdDSA"), edSignature = signatureOf(ed);
        row("EdDSA good", ed, setOfKind("Ed25519"), valid);
        row("EdDSA S + L", withSignature(ed, edPlusOrder(edSignature)), setOfKind("Ed25519"), Kind::OutOfRange, "S");
        row("EdDSA zeros", withSignature(ed, QByteArray(64, '\0')), setOfKind("Ed25519"), Kind::Mismatch);
        row("EdDSA a byte less", withSignature(ed, edSignature.chopped(1)), setOfKind("Ed25519"), Kind::WrongLength);
        row("EdDSA a byte more", withSignature(ed, edSignature + 'x'), setOfKind("Ed25519"), Kind::WrongLength);
        for (const char *alg : {"RS256", "PS512"}) {
            const QByteArray token = good(alg), signature = signatureOf(token);
            const auto name = [&](const char *what) {
                return QStringLiteral("%1 %2").arg(QLatin1String(alg), QLatin1String(what)).toUtf8();
            };
            row(name("good").constData(), token, setOfKind("RSA"), valid);
            row(name("zero").constData(), withSignature(token, QByteArray(256, '\0')), setOfKind("RSA"), Kind::ZeroNumber, "s");
            row(name("one").constData(), withSignature(token, QByteArray(255, '\0') + '\1'), setOfKind("RSA"), Kind::Mismatch);
            row(name("as large as can be").constData(), withSignature(token, QByteArray(256, '\xff')), setOfKind("RSA"), Kind::OutOfRange,
                "s");
            row(name("the modulus").constData(), withSignature(token, keyOf("RSA").d()->rsa.n), setOfKind("RSA"), Kind::OutOfRange, "s");
            row(name("a zero before it").constData(), withSignature(token, QByteArray(1, '\0') + signature), setOfKind("RSA"),
                Kind::WrongLength);
            row(name("a byte less").constData(), withSignature(token, signature.chopped(1)), setOfKind("RSA"), Kind::WrongLength);
        }
        const QByteArray hs = good("HS256");
        row("HS256 half of it", withSignature(hs, signatureOf(hs).first(16)), setOfKind("oct"), Kind::WrongLength);
        row("HS256 a byte", withSignature(hs, signatureOf(hs).first(1)), setOfKind("oct"), Kind::WrongLength);
        row("HS256 twice", withSignature(hs, signatureOf(hs) + signatureOf(hs)), setOfKind("oct"), Kind::WrongLength);
        row("another payload", withPart(hs, 1, b64("{\"sub\":\"root\"}")), setOfKind("oct"), Kind::Mismatch);
        row("another header", withPart(hs, 0, b64(header("HS256", ",\"typ\":\"x\""))), setOfKind("oct"), Kind::Mismatch);
    }
    void signatures() { algorithms(); }

    void shapes_data()
    {
        columns();
        const QByteArray keys = setOfKind("oct"), token = good("HS256");
        const QByteArray h = part(token, 0), p = part(token, 1), s = part(token, 2);
        row("good", token, keys, valid);
        row("nothing", {}, keys, Kind::Empty);
        row("one part", h, keys, Kind::NotAToken);
        row("two parts", h + '.' + p, keys, Kind::NotAToken);
        row("four parts", token + '.' + s, keys, Kind::NotAToken);
        row("a dot behind", token + '.', keys, Kind::NotAToken);
        row("five parts: JWE", token + ".a.b", keys, Kind::Encrypted);
        row("dots only", "..", keys, Kind::NotJson, "header");
        row("no header", "." + p + '.' + s, keys, Kind::NotJson);
        row("no payload (detached)", h + ".." + s, keys, Kind::Mismatch);
        row("good: an empty payload", compact(header("HS256"), {}, keyOf("oct"), Algorithm::HS256), keys, valid);
        row("a Bearer before it", "Bearer " + token, keys, Kind::Whitespace);
        row("quotes around it", '"' + token + '"', keys, Kind::BadBase64);
        row("too large", h + '.' + QByteArray(jose::largestToken, 'A') + '.' + s, keys, Kind::TooLarge, "token");
        row("good: large", compact(header("HS256"), QByteArray(10'000'000, 'x'), keyOf("oct"), Algorithm::HS256), keys, valid);
        row("many dots", QByteArray(100000, '.'), keys, Kind::NotAToken);
        const auto flat = [&](const QByteArray &more) {
            return "{\"payload\":\"" + p + "\",\"protected\":\"" + h + "\",\"signature\":\"" + s + '"' + more + '}';
        };
        row("good: flattened", flat({}), keys, valid);
        row("good: flattened, white space around", " \n" + flat({}) + "\n", keys, valid);
        row("good: flattened, members of anybody", flat(",\"x\":{\"y\":[1]}"), keys, valid);
        row("flattened: payload twice", flat(",\"payload\":\"" + p + '"'), keys, Kind::DuplicateMember, "payload");
        row("flattened: text after it", flat({}) + "x", keys, Kind::NotJson, "token");
        row("flattened: not UTF-8", flat(",\"x\":\"\xff\""), keys, Kind::NotJson);
        row("flattened: no payload", "{\"protected\":\"" + h + "\",\"signature\":\"" + s + "\"}", keys, Kind::MissingMember, "payload");
        row("flattened: no signature", "{\"protected\":\"" + h + "\",\"payload\":\"" + p + "\"}", keys, Kind::MissingMember, "signature");
        row("flattened: payload an object", "{\"protected\":\"" + h + "\",\"payload\":{},\"signature\":\"" + s + "\"}", keys,
            Kind::BadMember, "payload");
        row("flattened: signature null", "{\"protected\":\"" + h + "\",\"payload\":\"" + p + "\",\"signature\":null}", keys,
            Kind::BadMember, "signature");
        row("flattened: protected an object", "{\"protected\":{},\"payload\":\"" + p + "\",\"signature\":\"" + s + "\"}", keys,
            Kind::BadMember, "protected");
        row("flattened: protected empty", "{\"protected\":\"\",\"payload\":\"" + p + "\",\"signature\":\"" + s + "\"}", keys,
            Kind::BadMember, "protected");
        row("flattened: header a text", flat(",\"header\":\"x\""), keys, Kind::BadMember, "header");
        row("good: flattened, an unprotected header", flat(",\"header\":{\"x\":1}"), keys, valid);
        row("flattened: alg in both headers", flat(",\"header\":{\"alg\":\"HS256\"}"), keys, Kind::DuplicateMember, "alg");
        row("flattened: kid in both headers", flat(",\"header\":{\"kid\":\"k\"}"), keys, Kind::DuplicateMember, "kid");
        row("flattened: crit unprotected", flat(",\"header\":{\"crit\":[\"x\"],\"x\":1}"), keys, Kind::BadMember, "crit");
        row("flattened: b64 unprotected", flat(",\"header\":{\"b64\":false}"), keys, Kind::BadMember, "b64");
        row("flattened: padding", replaced(flat({}), s, s + '='), keys, Kind::Padding, "signature");
        row("JSON: a list", "[" + flat({}) + "]", keys, Kind::NotAToken);
        row("JSON: an encrypted one", "{\"ciphertext\":\"AA\",\"protected\":\"" + h + "\"}", keys, Kind::Encrypted);
        row("JSON: empty", "{}", keys, Kind::MissingMember, "payload");
        row("JSON: too many members", flat(",\"x\":[0" + QByteArray(",0").repeated(jose::mostJsonMembers) + ']'), keys, Kind::TooLarge,
            "members");
        row("good: many members", flat(",\"x\":[0" + QByteArray(",0").repeated(jose::mostJsonMembers / 2) + ']'), keys, valid);
        row("JSON: nested too deep", flat(",\"x\":" + QByteArray(600, '[') + QByteArray(600, ']')), keys, Kind::NotJson);
        const QByteArray one = "{\"protected\":\"" + h + "\",\"signature\":\"" + s + "\"}";
        const auto general = [&](const QList<QByteArray> &list, const QByteArray &more = {}) {
            return "{\"payload\":\"" + p + "\",\"signatures\":[" + list.join(',') + ']' + more + '}';
        };
        row("good: general", general({one}), keys, valid);
        row("general: none", general({}), keys, Kind::BadMember, "signatures");
        row("general: no list", "{\"payload\":\"" + p + "\",\"signatures\":" + one + '}', keys, Kind::BadMember, "signatures");
        row("general: an element that is no object", general({one, "5"}), keys, Kind::BadMember, "signatures");
        row("general and flattened at once", general({one}, ",\"signature\":\"" + s + '"'), keys, Kind::MixedForms, "signature");
        row("general with a header outside", general({one}, ",\"header\":{}"), keys, Kind::MixedForms, "header");
        row("general: too many", general(QList<QByteArray>(jose::mostSignatures + 1, one)), keys, Kind::TooLarge, "signatures");
        row("good: general, as many as can be", general(QList<QByteArray>(jose::mostSignatures, one)), keys, valid);
        const QByteArray wrong = "{\"protected\":\"" + h + "\",\"signature\":\"" + b64(QByteArray(32, 'x')) + "\"}";
        row("general: right and wrong", general({one, wrong}), keys, Kind::Mismatch);
        row("general: wrong and right", general({wrong, one}), keys, Kind::Mismatch);
        const QByteArray none = "{\"protected\":\"" + b64("{\"alg\":\"none\"}") + "\",\"signature\":\"\"}";
        row("general: right and none", general({one, none}), keys, Kind::AlgNone);
        const QByteArray foreign =
            "{\"protected\":\"" + b64("{\"alg\":\"ES256\",\"kid\":\"else\"}") + "\",\"signature\":\"" + b64(QByteArray(64, 'x')) + "\"}";
        row("good: general, one for somebody else", general({foreign, one}), keys, valid);
        row("general: all for somebody else", general({foreign, foreign}), keys, Kind::KidNotFound, "else");
    }
    void shapes() { algorithms(); }
};

QTEST_GUILESS_MAIN(TestVerify)
#include "tst_verify.moc"
