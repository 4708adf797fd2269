#include "tests/support/randomcases.h"

#include "core/json/parse.h"
#include "core/json/writer.h"

#include <QString>

namespace tokenlab::testsupport {
namespace {

using json::Member;
using json::Value;

QByteArray member(const QByteArray &name, const QByteArray &json)
{
    return jsonString(name) + ':' + json;
}

QByteArray stringList(const QByteArrayList &texts)
{
    QByteArrayList quoted;
    for (const QByteArray &text : texts)
        quoted.append(jsonString(text));
    return '[' + quoted.join(',') + ']';
}

QByteArray utf8Of(char32_t point)
{
    return QString::fromUcs4(&point, 1).toUtf8();
}

} // namespace

QByteArray jsonString(const QByteArray &utf8)
{
    QByteArray out = "\"";
    for (const char16_t unit : QString::fromUtf8(utf8).toStdU16String()) {
        if (unit >= 0x20 && unit < 0x7f && unit != '"' && unit != '\\')
            out += char(unit);
        else
            out += "\\u" + QByteArray::number(uint(unit), 16).rightJustified(4, '0');
    }
    return out + '"';
}

std::size_t RandomCases::below(std::size_t count)
{
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(m_random);
}

QByteArray RandomCases::space()
{
    if (!chance(15))
        return {};
    static const QByteArrayList blanks{" ", "\n", "\t", "\r\n", "  "};
    return pick(blanks);
}

QByteArray RandomCases::number()
{
    static const QByteArrayList odd{"0",    "-0",     "1.0",   "1E400", "1e5",  "-1.50E-3", "0.10",       "123456789012345678901234567890",
                                    "1e-7", "0.1e+5", "1E+00", "-0.0",  "1e21", "100",      "1735689600", "9007199254740993"};
    static const QByteArrayList bad{"01", "+1", "1.", ".5", "-", "NaN", "0x1", "1e", "1e+", "Infinity", "--1", "1_0"};
    if (chance(1) && chance(50))
        return pick(bad);
    if (chance(60))
        return pick(odd);
    return QByteArray::number(qint64(m_random()) >> below(60));
}

QByteArray RandomCases::rawString()
{
    static const QByteArrayList pieces{"\\n",
                                       "\\\"",
                                       "\\\\",
                                       "\\/",
                                       "\\b",
                                       "\\f",
                                       "\\r",
                                       "\\t",
                                       "\\u0000",
                                       "\\u001f",
                                       "\\u007f",
                                       "\\ud83d\\ude00",
                                       "<",
                                       ">",
                                       "&",
                                       "'",
                                       "/",
                                       "\x7f",
                                       "\\u2028",
                                       "\\u2029",
                                       "\\u00e9",
                                       "\\u003c",
                                       "\xe2\x80\xa8",
                                       "\xe2\x80\xa9",
                                       "é",
                                       "日本",
                                       "😀",
                                       "\\uFFFD",
                                       "\\u0041",
                                       "a b",
                                       "=",
                                       "x.y",
                                       "\\u00AD",
                                       "ſ",
                                       "K",
                                       "\xef\xbb\xbf"};
    static const QByteArrayList hurt{"\\ud800",      "\\udc00x",         "\xff",     "\xc3",
                                     "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80", "\\ud800\\u0041"};
    static const QByteArrayList bad{"\n", "\x01", "\\x", "\\u12", "\\u12g4", "\t", "\\'", "\\", "\\U0041"};
    QByteArray out = "\"";
    for (std::size_t i = below(5); i > 0; --i) {
        if (chance(1) && chance(30))
            out += pick(bad);
        else if (chance(6))
            out += pick(hurt);
        else if (chance(45))
            out += pick(pieces);
        else if (chance(10))
            out += utf8Of(char32_t(0xa0 + below(0xd000)));
        else
            for (std::size_t k = 1 + below(6); k > 0; --k)
                out += char('a' + int(below(26)));
    }
    if (chance(1) && chance(20))
        out += QByteArray(qsizetype(1 + below(30000)), 'x');
    return out + '"';
}

QByteArray RandomCases::value(int depth)
{
    switch (below(depth > 0 ? 9 : 6)) {
    case 0:
        return "null";
    case 1:
        return chance(50) ? "true" : "false";
    case 2:
    case 3:
        return number();
    case 4:
    case 5:
        return rawString();
    case 6: {
        QByteArrayList elements;
        for (std::size_t i = below(4); i > 0; --i)
            elements.append(space() + value(depth - 1) + space());
        return '[' + elements.join(',') + ']';
    }
    default:
        return object(depth - 1, {"a", "b", "sub", "é", "x.y", "<k>"});
    }
}

QByteArray RandomCases::object(int depth, const QByteArrayList &names)
{
    QByteArrayList members;
    for (std::size_t i = below(5); i > 0; --i) {
        const QByteArray name = chance(75) && !names.isEmpty() ? '"' + pick(names) + '"' : rawString();
        members.append(space() + name + space() + ':' + space() + value(depth) + space());
    }
    return '{' + members.join(',') + '}';
}

QByteArray RandomCases::payload(const QByteArrayList &names)
{
    QByteArray body;
    if (chance(4)) {
        body = value(2);
    } else {
        QByteArrayList members;
        for (const QByteArray &name : names) {
            if (!chance(70))
                continue;
            const QByteArray inner = chance(75) ? object(3, {"sub", "iat", "exp", "roles", "a", "b"}) : value(3);
            members.append(space() + '"' + name + '"' + space() + ':' + space() + inner + space());
        }
        for (std::size_t i = below(3); i > 0; --i)
            members.append(rawString() + ':' + value(2));
        if (chance(3) && !members.isEmpty())
            members.append(members.first());
        body = space() + '{' + members.join(',') + '}' + space();
    }
    if (chance(4))
        body = body.left(qsizetype(below(std::size_t(body.size()) + 1)));
    if (chance(4)) {
        static const QByteArrayList tails{"x", "}", "{\"b\":2}", ",", "null", "\n\n", "\xff", "\x01"};
        body += pick(tails);
    }
    if (chance(3) && !body.isEmpty())
        body[qsizetype(below(std::size_t(body.size())))] = char(below(256));
    if (chance(1))
        body.prepend("\xef\xbb\xbf");
    return body;
}

QByteArray RandomCases::plainText()
{
    static const QByteArrayList pieces{"a",  "b",  "at+jwt", "<&>", "é", "\"",           "\\",   "\b",
                                       "\f", "\n", "😀",     " ",   "x", "\xe2\x80\xa8", "\x7f", "/"};
    QByteArray out;
    for (std::size_t i = below(4); i > 0; --i)
        out += pick(pieces);
    return out;
}

QByteArray RandomCases::pathText(const QByteArrayList &names)
{
    static const QByteArrayList inner{"a", "b", "sub", "x", "", "exp", "collection", "content"};
    QByteArray path = pick(names);
    for (std::size_t i = below(3); i > 0; --i)
        path += '.' + pick(inner);
    return path;
}

QByteArray RandomCases::pathList(const QByteArrayList &names)
{
    QByteArrayList paths;
    for (std::size_t i = 1 + below(4); i > 0; --i)
        paths.append(pathText(names));
    return stringList(paths);
}

QByteArray RandomCases::keySet(const RandomKey &key)
{
    QByteArrayList keys;
    if (chance(20))
        keys.append(m_keys[below(m_keys.size())].jwk);
    keys.append(key.jwk);
    if (chance(20))
        keys.append(m_keys[below(m_keys.size())].jwk);
    if (chance(3)) {
        static const QByteArrayList spoilers{"null",
                                             "{}",
                                             "1",
                                             R"({"kty":"foo"})",
                                             R"({"kty":"OKP","crv":"X25519"})",
                                             R"({"kty":"oct"})",
                                             R"({"kty":"oct","k":"A","kid":5})",
                                             R"({"kty":"EC","crv":"secp256k1","x":"","y":""})",
                                             R"({"kty":"oct","k":"","k":""})",
                                             R"({"kty":"RSA","n":"AQ"})",
                                             R"({"kty":"oct","k":"a+b"})"};
        keys.append(pick(spoilers));
    }
    QByteArray set = "{\"keys\":[" + keys.join(',') + "]}";
    if (chance(2))
        set = set.left(qsizetype(below(std::size_t(set.size()))));
    if (chance(2))
        set += "x";
    if (chance(3)) {
        // One byte of the key material or of a name.
        static const QByteArray letters = "AQgwZ09_-{\"";
        set[qsizetype(below(std::size_t(set.size())))] = letters[qsizetype(below(std::size_t(letters.size())))];
    }
    return set;
}

RandomCases::Source RandomCases::keySource(const RandomKey &key)
{
    Source source;
    const QByteArray set = keySet(key);
    const QByteArray encoded = '"' + set.toBase64() + '"';
    if (chance(30)) {
        source.signer.append(member("jwk_local_path", chance(3)   ? "\"{{dir}}/other.json\""
                                                      : chance(2) ? "\"{{dir}}\""
                                                                  : "\"{{dir}}/k.json\""));
        if (chance(8))
            source.signer.append(member("jwk_url", "\"http://127.0.0.1:1/x\""));
        source.files = "{\"k.json\":{\"base64\":" + encoded + "}}";
    } else {
        static const QByteArrayList types{"application/json; charset=utf-8", "application/jwk-set+json", "text/json", "Application/json",
                                          ""};
        static const QByteArrayList urls{"",
                                         "ftp://127.0.0.1/x",
                                         "127.0.0.1/x",
                                         "http://127.0.0.1:1/x",
                                         "http:",
                                         "http://[::1",
                                         "HTTP://127.0.0.1:1/x",
                                         "http://u:p@127.0.0.1:1/x",
                                         "http://127.0.0.1:x/",
                                         "http://a b/",
                                         "://x",
                                         "http://127.0.0.1:1/%zz",
                                         "/x"};
        source.signer.append(member("jwk_url", chance(4) ? jsonString(pick(urls)) : QByteArray("\"{{jwks}}\"")));
        const QByteArray type = chance(8) ? pick(types) : QByteArray("application/json");
        static const QByteArrayList statuses{"201", "404", "500", "204", "202"};
        source.jwks = "{\"status\":" + (chance(5) ? pick(statuses) : QByteArray("200")) + ",\"headers\":{" +
                      (type.isEmpty() ? QByteArray() : member("Content-Type", jsonString(type))) + "},\"bodyBase64\":" + encoded + '}';
    }
    return source;
}

QByteArray RandomCases::signer(const RandomKey &key, const QByteArrayList &names, Source &source)
{
    static const QByteArrayList algorithms{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
                                           "ES256", "ES384", "ES512", "EdDSA", "none",  "hs256", "",      "ES256K"};
    source = keySource(key);
    QByteArrayList members = source.signer;
    members.append(member("alg", jsonString(chance(90) ? pick(key.algorithms) : pick(algorithms))));
    members.append(member("kid", jsonString(chance(96) ? key.kid : plainText())));
    if (chance(97))
        members.append(member("disable_jwk_security", "true"));
    QByteArrayList sign;
    for (const QByteArray &name : names)
        if (chance(65))
            sign.append(name);
    if (chance(10))
        sign.append(names.first());
    if (chance(10))
        sign.append("missing");
    members.append(member("keys_to_sign", chance(3) ? "null" : stringList(sign)));
    if (chance(25))
        members.append(member("full", chance(80) ? "true" : "false"));
    if (chance(25))
        members.append(member("typ", jsonString(plainText())));
    if (chance(5))
        members.append(member("jwk_fingerprints", chance(50) ? R"(["", null, "AAAA"])" : R"(["QUJD","a"])"));
    if (chance(5))
        members.append(member("cipher_suites", chance(60) ? "[5,10,49199]" : chance(50) ? "[70000]" : R"(["x"])"));
    if (chance(3))
        members.append(member("jwk_local_ca", "\"{{dir}}/ca.pem\""));
    if (chance(3))
        members.append(member("cypher_key", chance(50) ? "\"AAAA\"" : chance(50) ? "\"A\"" : "[1,2]"));
    if (chance(4)) {
        static const QByteArrayList wrong{R"("kid":5)",
                                          R"("full":"yes")",
                                          R"("keys_to_sign":"a")",
                                          R"("keys_to_sign":[1])",
                                          R"("ALG":"HS512")",
                                          R"("typ":{})",
                                          R"("extra":1)",
                                          R"("FULL":true)",
                                          R"("cache":true)",
                                          R"("jwk_fingerprints":5)",
                                          R"("typ":null)",
                                          R"("keys_to_sign":[null])",
                                          R"("secret_url":"")"};
        members.append(pick(wrong));
    }
    return '{' + members.join(',') + '}';
}

QByteArray RandomCases::backend(const QByteArrayList &names, int index, int count, bool sequential, bool noOp)
{
    static const QByteArrayList encodings{"json", "safejson", "string", "JSON", "SafeJSON", "yaml", "", "NO-OP", "fast-json"};
    QByteArrayList members;
    if (noOp && chance(30))
        members.append(member("encoding", "\"no-op\""));
    else if (chance(35))
        members.append(member("encoding", jsonString(pick(encodings))));
    if (chance(8))
        members.append(member("is_collection", "true"));
    if (chance(15))
        members.append(member("target", jsonString(pathText(names))));
    if (chance(20))
        members.append(member("allow", pathList(names)));
    if (chance(20))
        members.append(member("deny", pathList(names)));
    if (chance(20)) {
        QByteArrayList mapping;
        for (std::size_t i = 1 + below(2); i > 0; --i)
            mapping.append(member(chance(80) ? pick(names) : plainText(), jsonString(chance(50) ? pick(names) : pathText({"m", "n", ""}))));
        members.append(member("mapping", '{' + mapping.join(',') + '}'));
    }
    // Backends that answer at the same time would overwrite each other's members in any order.
    if (count > 1 && !sequential && chance(85))
        members.append(member("group", jsonString("g" + QByteArray::number(index))));
    else if (chance(15))
        members.append(member("group", jsonString(chance(70) ? pick(names) : plainText())));
    if (chance(15)) {
        static const QByteArrayList http{R"({"return_error_details":"b"})", R"({"return_error_code":true})",
                                         R"({"return_error_details":""})", R"({"return_error_details":"é<","return_error_code":true})",
                                         R"({"return_error_details":5})"};
        members.append(member("extra_config", "{\"backend/http\":" + pick(http) + '}'));
    }
    return '{' + members.join(',') + '}';
}

QByteArray RandomCases::reply(const QByteArrayList &names)
{
    static const QByteArrayList statuses{"201", "202", "204", "206", "301", "304", "400", "401", "403", "404", "500", "503"};
    static const QByteArrayList types{"application/json", "text/plain; charset=utf-8", "text/html", ""};
    QByteArrayList headers{member("Content-Type", jsonString(chance(80) ? types.first() : pick(types)))};
    if (chance(15))
        headers.append(R"("X-B":"v","x-empty":"","Set-Cookie":"a=1; Path=/")");
    return "{\"status\":" + (chance(15) ? pick(statuses) : QByteArray("200")) + ",\"headers\":{" + headers.join(',') +
           "},\"bodyBase64\":\"" + payload(names).toBase64() + "\"}";
}

QByteArray RandomCases::next()
{
    static const QByteArrayList allNames{"access_token", "refresh_token", "data",    "a",      "a.b", "", "é",
                                         "x<",           "collection",    "content", "error_b"};
    QByteArrayList names;
    for (std::size_t i = 1 + below(4); i > 0; --i)
        names.append(pick(allNames));
    const RandomKey &key = m_keys[below(m_keys.size())];
    const int count = chance(75) ? 1 : 2 + int(below(2));
    const bool sequential = count > 1 && chance(50);
    const bool noOp = count == 1 && chance(8);

    QByteArrayList backends, replies;
    for (int i = 0; i < count; ++i) {
        backends.append(backend(names, i, count, sequential, noOp));
        replies.append(reply(names));
    }
    QByteArrayList signing = names;
    if (count > 1)
        signing.append({"g0", "g1"});
    Source source;
    QByteArrayList extra{member("auth/signer", signer(key, signing, source))};
    QByteArrayList proxy;
    if (sequential)
        proxy.append("\"sequential\":true");
    if (chance(15)) {
        static const QByteArrayList strategies{"always", "success", "complete", "errored", "incomplete", "odd"};
        proxy.append("\"static\":{\"strategy\":" + jsonString(pick(strategies)) + ",\"data\":{" +
                     member(pick(names), R"({"n":1,"f":0.1,"big":1e+21,"s":1e-9,"t":"<é"})") + R"(,"new":[1,{"b":-0.0}]}})");
    }
    if (!proxy.isEmpty())
        extra.append("\"proxy\":{" + proxy.join(',') + '}');
    QByteArrayList endpoint{"\"backend\":[" + backends.join(',') + ']', "\"extra_config\":{" + extra.join(',') + '}'};
    if (noOp && chance(70))
        endpoint.append("\"output_encoding\":\"no-op\"");
    else if (chance(10))
        endpoint.append("\"output_encoding\":\"string\"");
    if (chance(30))
        endpoint.append("\"method\":\"POST\"");

    QByteArray out = "{\"name\":\"random\",\"endpoint\":{" + endpoint.join(',') + "},\"backends\":[" + replies.join(',') + ']';
    if (!source.jwks.isEmpty())
        out += ",\"jwks\":" + source.jwks;
    if (!source.files.isEmpty())
        out += ",\"files\":" + source.files;
    if (chance(20))
        out += R"(,"request":"{\"user\":\"john\"}")";
    return out + '}';
}

std::vector<RandomKey> recordedKeys(const QByteArray &gatewayCasesText)
{
    struct Kind {
        const char *name;
        QByteArrayList algorithms;
    };
    const QByteArrayList rsa{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"};
    const Kind kinds[] = {{"oct", {"HS256", "HS384", "HS512"}},
                          {"rsa", rsa},
                          {"rsa1024", rsa},
                          {"p256", {"ES256"}},
                          {"p384", {"ES384"}},
                          {"p521", {"ES512"}},
                          {"ed", {"EdDSA"}}};
    std::vector<RandomKey> keys;
    const auto parsed = json::parse(gatewayCasesText);
    if (!parsed)
        return keys;
    for (const Kind &kind : kinds) {
        for (const Value c : parsed->root().find("cases").elements()) {
            if (c.find("name").bytes() != "alg HS256, key " + QByteArray(kind.name))
                continue;
            const auto set = json::parse(c.find("jwks").find("body").bytes());
            const Value key = set ? set->root().find("keys").at(0) : Value();
            if (key.exists())
                keys.push_back({key.find("kid").bytes(), json::write(key), kind.algorithms});
        }
    }
    keys.push_back({"", R"({"kty":"oct","k":"AA"})", {"HS256", "HS384", "HS512"}});
    keys.push_back({"é<\n", R"({"kty":"oct","k":"AAECAwQFBgc","kid":"é<\n"})", {"HS256", "HS512"}});
    return keys;
}

} // namespace tokenlab::testsupport
