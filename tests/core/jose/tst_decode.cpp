#include "core/jose/base64.h"
#include "core/jose/jws.h"
#include "testdata.h"

#include <QTest>

using namespace tokenlab;
using jose::DecodedToken;
using Note = DecodedToken::Note;

namespace {

const QByteArray header = R"({"alg":"HS256","kid":"sim2","typ":"JWT"})";
const QByteArray payload = R"({"sub":"a"})";
const QByteArray token =
    "eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ.eyJzdWIiOiJhIn0.VeMrDl3Yij_AF6HgwrwduxiKyC5sGdfY1ZhLIBoekMk";
const QByteArray flattened =
    R"({"payload":"eyJzdWIiOiJhIn0","protected":"eyJhbGciOiJIUzI1NiIsImtpZCI6InNpbTIiLCJ0eXAiOiJKV1QifQ","signature":"VeMrDl3Yij_AF6HgwrwduxiKyC5sGdfY1ZhLIBoekMk"})";

QByteArray b64(const QByteArray &text)
{
    return jose::encodeBase64RawUrl(text);
}

QByteArray kindName(Note::Kind kind)
{
    switch (kind) {
    case Note::BearerStripped:
        return "bearer";
    case Note::QuotesStripped:
        return "quotes";
    case Note::WhitespaceStripped:
        return "space";
    case Note::UrlDecoded:
        return "url";
    case Note::BadBase64:
        return "base64";
    case Note::NotJson:
        return "json";
    case Note::DuplicateMember:
        return "duplicate";
    case Note::MissingPart:
        return "missing";
    case Note::TooManyParts:
        return "many";
    case Note::AlgNone:
        return "none";
    case Note::UnprotectedHeader:
        return "unprotected";
    case Note::NonCanonicalBase64:
        return "canonical";
    case Note::EmptySignature:
        return "unsigned";
    case Note::PayloadNotObject:
        return "object";
    }
    return "?";
}

// `kind` or `kind(detail)`, blank-separated.
QByteArray notesOf(const DecodedToken &decoded)
{
    QByteArray text;
    for (const Note &note : decoded.notes)
        text += (text.isEmpty() ? "" : " ") + kindName(note.kind) + (note.detail.isEmpty() ? QByteArray() : '(' + note.detail + ')');
    return text;
}

} // namespace

class TestDecode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Wrappings around the same good token: everything comes out whole.
    void wrappings_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("form");
        QTest::addColumn<QByteArray>("notes");
        const auto row = [](const char *name, const QByteArray &text, DecodedToken::Form form, const char *notes) {
            QTest::newRow(name) << text << int(form) << QByteArray(notes);
        };
        row("bare", token, DecodedToken::Compact, "");
        row("Bearer", "Bearer " + token, DecodedToken::Compact, "bearer");
        row("bearer, lower case, two blanks", "bearer  " + token, DecodedToken::Compact, "bearer");
        row("header line", "Authorization: Bearer " + token + "\r\n", DecodedToken::Compact, "space bearer");
        row("header line without Bearer", "authorization:" + token, DecodedToken::Compact, "bearer");
        row("double quotes", '"' + token + '"', DecodedToken::Compact, "quotes");
        row("single quotes", '\'' + token + '\'', DecodedToken::Compact, "quotes");
        row("blanks around", "  " + token + "\n", DecodedToken::Compact, "space");
        row("broken into lines", token.left(20) + "\r\n " + token.mid(20, 60) + "\n\t" + token.mid(80), DecodedToken::Compact, "space");
        row("URL-encoded", QByteArray(token).replace('.', "%2E"), DecodedToken::Compact, "url");
        row("URL-encoded header", "Bearer%20" + token, DecodedToken::Compact, "url bearer");
        row("quoted, URL-encoded", "%22Bearer%20" + token + "%22", DecodedToken::Compact, "url quotes bearer");
        row("flattened", flattened, DecodedToken::Flattened, "");
        row("flattened, spaced", " " + QByteArray(flattened).replace(',', ",\n  ") + "\n", DecodedToken::Flattened, "space");
        row("flattened as a JSON string", '"' + QByteArray(flattened).replace('"', "\\\"") + '"', DecodedToken::Flattened, "quotes");
        row("flattened as Bearer", "Bearer " + flattened, DecodedToken::Flattened, "bearer");
        row("flattened, URL-encoded", flattened.toPercentEncoding(), DecodedToken::Flattened, "url");
    }
    void wrappings()
    {
        QFETCH(QByteArray, text);
        const DecodedToken decoded = jose::decodeToken(text);
        QTEST(int(decoded.form), "form");
        QTEST(notesOf(decoded), "notes");
        QCOMPARE(decoded.headerText, header);
        QCOMPARE(decoded.payloadText, payload);
        QCOMPARE(decoded.payload.root().find("sub").bytes(), "a");
        QCOMPARE(decoded.header.root().find("kid").bytes(), "sim2");
        QCOMPARE(b64(decoded.signature), token.mid(token.lastIndexOf('.') + 1));
        QCOMPARE(decoded.protectedPart + '.' + decoded.payloadPart + '.' + decoded.signaturePart, token);
    }

    void oddities_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("form");
        QTest::addColumn<QByteArray>("headerText");
        QTest::addColumn<QByteArray>("payloadText");
        QTest::addColumn<QByteArray>("notes");
        const auto row = [](const char *name, const QByteArray &text, DecodedToken::Form form, const QByteArray &headerText,
                            const QByteArray &payloadText, const char *notes) {
            QTest::newRow(name) << text << int(form) << headerText << payloadText << QByteArray(notes);
        };
        const QByteArray h = b64(header);
        const QByteArray p = b64(payload);
        row("bad: empty", "", DecodedToken::None, "", "", "");
        row("bad: blanks", " \n", DecodedToken::None, "", "", "space");
        row("bad: a word", "hello", DecodedToken::None, "", "", "base64(header:4) json(header)");
        row("bad: a sentence", "not a token", DecodedToken::None, "", "", "space base64(header:8) json(header)");
        row("bad: an array", "[1]", DecodedToken::None, "", "", "base64(header:0) json(header)");
        row("bad: other JSON", R"({"a":1})", DecodedToken::Flattened, "", "", "missing(protected) missing(payload) missing(signature)");
        row("bad: cut JSON", "{\"payload\":\"e30", DecodedToken::None, "", "", "json(token)");
        row("header only", h, DecodedToken::Compact, header, "", "missing(payload) missing(signature)");
        row("header cut", h.left(20), DecodedToken::None, "", "", "json(header)");
        row("no signature part", h + '.' + p, DecodedToken::Compact, header, payload, "missing(signature)");
        row("payload cut", h + '.' + p.chopped(2), DecodedToken::Compact, header, payload.chopped(1).chopped(1),
            "base64(payload:12) json(payload) missing(signature)");
        row("empty signature", h + '.' + p + '.', DecodedToken::Compact, header, payload, "unsigned");
        row("alg none", b64(R"({"alg":"none"})") + '.' + p + '.', DecodedToken::Compact, R"({"alg":"none"})", payload,
            "none(none) unsigned");
        row("alg nOnE", b64(R"({"alg":"nOnE"})") + '.' + p + '.', DecodedToken::Compact, R"({"alg":"nOnE"})", payload,
            "none(nOnE) unsigned");
        row("five parts (a JWE)", h + ".a.b.c.d", DecodedToken::Compact, header, "",
            "many(5) base64(payload:0) json(payload) base64(signature:0)");
        row("only dots", "..", DecodedToken::Compact, "", "", "json(header) json(payload) unsigned");
        row("payload an array", h + '.' + b64("[1]") + ".AA", DecodedToken::Compact, header, "[1]", "object");
        row("payload null", h + '.' + b64("null") + ".AA", DecodedToken::Compact, header, "null", "object");
        row("payload text", h + '.' + b64("hello") + ".AA", DecodedToken::Compact, header, "hello", "json(payload)");
        row("payload not UTF-8", h + '.' + b64("\xff\xfe") + ".AA", DecodedToken::Compact, header, "\xff\xfe", "json(payload)");
        row("duplicate claim", h + '.' + b64(R"({"sub":"a","sub":"b"})") + ".AA", DecodedToken::Compact, header, R"({"sub":"a","sub":"b"})",
            "duplicate(payload:sub)");
        row("duplicate in the header", b64(R"({"alg":"HS256","alg":"none"})") + '.' + p + ".AA", DecodedToken::Compact,
            R"({"alg":"HS256","alg":"none"})", payload, "duplicate(header:alg) none(none)");
        row("padding", h + '.' + p + "=.AA", DecodedToken::Compact, header, payload, "base64(payload:15)");
        row("trailing bits", h + '.' + p + ".AB", DecodedToken::Compact, header, payload, "canonical(signature)");
        row("standard alphabet", h + '.' + p + ".A+A/", DecodedToken::Compact, header, payload, "base64(signature:1)");
        row("unprotected header", R"({"payload":"e30","header":{"kid":"x"},"signature":"AA"})", DecodedToken::Flattened, "", "{}",
            "unprotected(header) missing(protected)");
        row("general, two signatures",
            R"({"payload":"e30","signatures":[{"protected":"e30","signature":"AA"},{"protected":"e30","signature":"AQ"}]})",
            DecodedToken::Flattened, "{}", "{}", "many(2 signatures)");
        row("general, none", R"({"payload":"e30","signatures":[]})", DecodedToken::Flattened, "", "{}",
            "missing(protected) missing(signature)");
        row("wrong types", R"({"payload":5,"protected":[],"signature":null})", DecodedToken::Flattened, "", "",
            "missing(protected) json(payload) unsigned");
    }
    void oddities()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, form);
        const DecodedToken decoded = jose::decodeToken(text);
        QTEST(notesOf(decoded), "notes");
        QCOMPARE(int(decoded.form), form);
        QTEST(decoded.headerText, "headerText");
        QTEST(decoded.payloadText, "payloadText");
    }

    void rfcTokens_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const QJsonValue &row : testdata::read("rfc-vectors.json")[QLatin1String("tokens")].toArray())
            QTest::newRow(testdata::bytes(row[QLatin1String("source")]).constData()) << testdata::bytes(row[QLatin1String("token")]);
    }
    void rfcTokens()
    {
        QFETCH(QByteArray, text);
        const DecodedToken decoded = jose::decodeToken(text);
        QCOMPARE(decoded.form, DecodedToken::Flattened);
        QVERIFY(decoded.header.root().find("alg").isString());
        QVERIFY(!decoded.payloadText.isEmpty());
        QVERIFY(!decoded.signature.isEmpty());
        QVERIFY(notesOf(decoded).contains("unprotected"));
    }

    // Hostile sizes end: long, deep, all dots, all percent signs, quotes within quotes.
    void bounded_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("dots") << QByteArray(1 << 20, '.');
        QTest::newRow("percent signs") << QByteArray("%25").repeated(1 << 18);
        QTest::newRow("quotes") << QByteArray(1 << 20, '"');
        QTest::newRow("blanks") << QByteArray(1 << 20, ' ');
        QTest::newRow("Bearer again and again") << QByteArray("Bearer ").repeated(1 << 17);
        QTest::newRow("deep JSON") << QByteArray("{\"a\":").repeated(1 << 17);
        QTest::newRow("deep payload") << b64(header) + '.' + b64(QByteArray(1 << 19, '[')) + ".AA";
        QTest::newRow("zeros") << QByteArray(1 << 20, '\0');
    }
    void bounded()
    {
        QFETCH(QByteArray, text);
        const DecodedToken decoded = jose::decodeToken(text);
        QVERIFY(!decoded.payload.root().exists());
        QVERIFY(decoded.notes.size() < 20);
    }
};

QTEST_GUILESS_MAIN(TestDecode)
#include "tst_decode.moc"
