#include "tests/support/randomvalidators.h"

#include "core/crypto/hmac.h"
#include "core/jose/algorithm_p.h"
#include "core/jose/base64.h"
#include "core/jose/jwk_p.h"

namespace tokenlab::testsupport {
namespace {

QByteArray joined(const QByteArrayList &list)
{
    return list.join(',');
}

// Signs what the program itself never would: any header.
QByteArray signature(const jose::Key &key, const QByteArray &alg, const QByteArray &input)
{
    const auto algorithm = jose::algorithmFromName(alg);
    if (!algorithm || jose::keyTypeOf(*algorithm) != key.type())
        return "none";
    if (key.type() == jose::KeyType::Oct) {
        const auto hmac = crypto::Hmac::create(jose::hashOf(*algorithm), key.d()->octets.view());
        QByteArray tag(64, '\0');
        if (!hmac || !hmac->compute(input, reinterpret_cast<unsigned char *>(tag.data())))
            return {};
        tag.truncate(hmac->size());
        return tag;
    }
    const auto made = key.d()->handle->sign(jose::schemeOf(*algorithm), jose::hashOf(*algorithm), input);
    return made ? *made : QByteArray("none");
}

} // namespace

RandomValidators::RandomValidators(quint64 seed, const std::vector<RandomKey> &keys, qint64 now) : m_random(seed), m_now(now)
{
    for (const RandomKey &key : keys)
        if (const auto read = jose::parseKey(key.jwk))
            m_keys.push_back({*read, key.kid, key.algorithms});
}

std::size_t RandomValidators::below(std::size_t count)
{
    return std::size_t(m_random() % count);
}

QByteArray RandomValidators::keyText(const Material &material, const QByteArray &x5t)
{
    QByteArray text = material.key.type() == jose::KeyType::Oct || chance(4) ? material.key.toPrivateJwk().view().toByteArray()
                                                                             : material.key.toPublicJwk();
    if (!x5t.isEmpty() && chance(80)) {
        const bool sha256 = x5t.size() > 30;
        text = text.chopped(1) + (sha256 ? ",\"x5t#S256\":\"" : ",\"x5t\":\"") + x5t + "\"}";
    }
    return text;
}

QByteArray RandomValidators::keySet(const Material &material, const QByteArray &x5t)
{
    if (chance(2))
        return pick(
            {"{}", "{\"keys\":[]}", "[]", "{\"keys\":[{\"kty\":\"foo\"}]}", "{\"keys\":", "null", "{\"keys\":[{\"kty\":\"oct\"}]}"});
    QByteArrayList keys;
    if (chance(30))
        keys.append(keyText(m_keys[below(m_keys.size())], {}));
    if (chance(95))
        keys.append(keyText(material, x5t));
    if (chance(25))
        keys.append(keyText(m_keys[below(m_keys.size())], {}));
    // The same kid once more, with another key: the last one counts.
    if (chance(5)) {
        const Material &other = m_keys[below(m_keys.size())];
        keys.append(keyText({other.key.withKid(material.kid), material.kid, {}}, {}));
    }
    return "{\"keys\":[" + joined(keys) + "]}";
}

QByteArray RandomValidators::header(const Material &material, const QByteArray &alg, const QByteArray &x5t)
{
    if (chance(1))
        return pick({"[]", "null", "{", "{}", "\"x\"", "5", "", "{\"alg\":\"" + alg + "\"} x"});
    QByteArrayList members;
    members.append("\"alg\":" + (chance(3) ? pick({"5", "null", "\"none\"", "\"HS256\"", "\"\"", "\"hs256\""}) : '"' + alg + '"'));
    if (chance(95))
        members.append("\"kid\":" + (chance(4) ? pick({"\"nope\"", "7", "null", "\"\""}) : jsonString(material.kid)));
    if (chance(80))
        members.append("\"typ\":" + pick({"\"JWT\"", "\"at+jwt\"", "null", "5"}));
    if (!x5t.isEmpty() && chance(85)) {
        const bool sha256 = x5t.size() > 30;
        members.append((sha256 ? "\"x5t#S256\":" : "\"x5t\":") + (chance(8) ? pick({"5", "\"\"", "\"AAAA\"", "null"}) : '"' + x5t + '"'));
    }
    if (chance(3))
        members.append("\"crit\":" +
                       pick({"[\"b64\"]", "[\"exp\"]", "[]", "5", "[5]", "\"b64\"", "null", "[null]", "{}", "[\"b64\",\"b64\"]"}));
    if (chance(2))
        members.append("\"b64\":" + pick({"false", "true", "5", "null", "\"false\""}));
    if (chance(3))
        members.append("\"x\":" +
                       pick({"{\"a\":1,\"a\":2}", "1e400", "[[1],{}]", "\"\\ud800\"", "-0.0", "{\"y\":{\"z\":[1,{\"q\":1,\"q\":1}]}}"}));
    if (chance(2))
        members.append("\"nonce\":" + pick({"\"n\"", "\"\"", "5", "null"}));
    if (chance(2))
        members.append(
            "\"jwk\":" +
            pick({material.key.toPublicJwk().isEmpty() ? QByteArray("{\"kty\":\"oct\",\"k\":\"AA\"}") : material.key.toPublicJwk(), "{}",
                  "null", "{\"kty\":\"oct\",\"k\":\"AA\"}", "5", material.key.toPrivateJwk().view().toByteArray(),
                  "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AA\"}"}));
    if (chance(2))
        members.append("\"x5c\":" + pick({"[]", "[\"AA==\"]", "[\"!\"]", "\"AA==\"", "[5]", "null", "[null]", "[[]]"}));
    if (chance(1))
        members.append("\"kid\":" + jsonString(material.kid));
    if (chance(20))
        std::shuffle(members.begin(), members.end(), m_random);
    return '{' + joined(members) + '}';
}

QByteArray RandomValidators::claimValue(int depth)
{
    switch (below(depth > 0 ? 14 : 11)) {
    case 0:
        return pick({"null", "true", "false"});
    case 1:
        return pick({"0", "-0", "5", "-3", "1.5", "1e6", "1e-7", "123456789", "12345678.125", "0.1"});
    case 2:
        return pick({"1e20", "1e21", "1e30", "-1e30", "9007199254740993", "1e-300", "0.9999999", "4102444800.5"});
    case 3:
        return chance(10) ? QByteArray("1e400") : QByteArray("7");
    case 4:
    case 5:
    case 6:
    case 7:
        return pick({"\"admin\"", "\"user\"", "\"read write\"", "\"\"", "\"x\"", "\"\\u00e9<&\"", "\"a/b?c#d\"", "\" y \""});
    case 8:
        return pick({"\"a\\nb\"", "\"tab\\t\"", "\"\\ud83d\\ude00\"", "\"%41\"", "\"{}\""});
    case 9:
        return pick({"[]", "{}", "[[]]"});
    case 10:
        return chance(15) ? QByteArray("{\"d\":1,\"d\":2}") : QByteArray("{\"d\":1}");
    case 11:
        return '[' + claimValue(depth - 1) + ',' + claimValue(depth - 1) + ']';
    case 12:
        return '[' + claimValue(depth - 1) + ']';
    default:
        return "{\"m\":" + claimValue(depth - 1) + ",\"k\":" + claimValue(depth - 1) + '}';
    }
}

QByteArray RandomValidators::rights(const QByteArrayList &names)
{
    switch (below(9)) {
    case 0:
        return '"' + pick(names) + ' ' + pick(names) + '"';
    case 1:
        return '"' + pick(names) + '"';
    case 2:
    case 3:
    case 4:
        return "[\"" + pick(names) + "\",\"" + pick(names) + "\"]";
    case 5:
        return "[\"" + pick(names) + "\"," + pick({"5", "null", "\"x\"", "[]"}) + ']';
    case 6:
        return '[' + pick({"5", "{}", "true"}) + ",\"" + pick(names) + "\"]";
    default:
        return claimValue(1);
    }
}

QByteArray RandomValidators::claims()
{
    if (chance(1))
        return pick({"null", "[]", "\"x\"", "5", "", "{", "{} x", "true", "\xff", "{\"a\":\"\xff\"}"});
    QByteArrayList members;
    const auto date = [this](bool future) {
        const QByteArrayList distances{"300", "5000", "100000", "2000000000"};
        const qint64 distance = pick(distances).toLongLong();
        const qint64 seconds = future ? m_now + distance : m_now - distance;
        return QByteArray::number(seconds) + (chance(10) ? ".75" : "");
    };
    const auto odd = [this] {
        return pick(
            {"null", "\"5\"", "true", "[]", "{}", "1e400", "1e30", "-1e30", "9.2e18", "9223372036854774784", "0", "-5", "1.5e9", "\"\""});
    };
    if (chance(80))
        members.append("\"iss\":" + (chance(4) ? pick({"null", "5", "[]", "true", "{}"})
                                               : pick({"\"https://i\"", "\"https://i\"", "\"other\"", "\"\""})));
    if (chance(60))
        members.append("\"aud\":" + (chance(6)
                                         ? pick({"null", "5", "[5]", "{}", "[null]", "[]", "[\"a\",5]", "{\"a\":1,\"a\":1}", "[1e400]"})
                                         : pick({"\"a\"", "[\"a\",\"b\"]", "[\"b\"]", "[\"c\",\"b\",\"a\"]"})));
    if (chance(70))
        members.append("\"exp\":" + (chance(5) ? odd() : date(!chance(12))));
    if (chance(30))
        members.append("\"nbf\":" + (chance(6) ? odd() : date(chance(12))));
    if (chance(30))
        members.append("\"iat\":" + (chance(6) ? odd() : date(chance(12))));
    if (chance(60))
        members.append("\"sub\":" + (chance(4) ? pick({"5", "null", "[]", "{}", "false"}) : pick({"\"john\"", "\"\"", "\"\\u00fc/x y\""})));
    if (chance(20))
        members.append("\"jti\":" + (chance(10) ? pick({"5", "null", "[]"}) : QByteArray("\"j\"")));
    const QByteArrayList roles{"admin", "user", "guest"};
    const QByteArrayList scopes{"read", "write", "none"};
    if (chance(60))
        members.append("\"roles\":" + rights(roles));
    if (chance(40))
        members.append("\"realm\":{\"access\":" + rights(roles) + ",\"scope\":" + rights(scopes) + '}');
    if (chance(10))
        members.append("\"realm.access\":" + rights(roles));
    if (chance(20))
        members.append("\"http://x.y/roles\":" + rights(roles));
    if (chance(50))
        members.append("\"scope\":" + rights(scopes));
    for (const char *name : {"v", "w"})
        if (chance(35))
            members.append(QByteArray("\"") + name + "\":" + claimValue(2));
    if (chance(1))
        members.append(pick({"\"sub\":\"again\"", "\"v\":1,\"v\":2"}));
    if (chance(30))
        std::shuffle(members.begin(), members.end(), m_random);
    return '{' + joined(members) + '}';
}

QByteArray RandomValidators::token(const Material &material, const QByteArray &alg, const QByteArray &x5t)
{
    const QByteArray head = header(material, alg, x5t);
    const QByteArray shielded = jose::encodeBase64RawUrl(head);
    const QByteArray plain = claims();
    const QByteArray payload = jose::encodeBase64RawUrl(plain);
    const bool raw = head.contains("\"b64\":false");
    const QByteArray mac = jose::encodeBase64RawUrl(signature(material.key, alg, shielded + '.' + (raw ? plain : payload)));
    if (chance(88))
        return shielded + '.' + payload + '.' + mac;
    QByteArrayList members{"\"payload\":\"" + payload + '"', "\"protected\":\"" + shielded + '"', "\"signature\":\"" + mac + '"'};
    const QByteArray unprotected = "\"header\":" + pick({"{}", "{\"nonce\":\"n\"}", "{\"alg\":\"HS256\",\"kid\":\"x\"}", "null", "5", "[]",
                                                         "{\"crit\":[\"x\"]}", "{\"kid\":5}", "{\"a\":1,\"a\":2}", "{\"nonce\":5}"});
    switch (below(8)) {
    case 0:
        members.append(unprotected);
        break;
    case 1: { // nothing is protected
        const QByteArray open = jose::encodeBase64RawUrl(signature(material.key, alg, '.' + payload));
        members = {"\"payload\":\"" + payload + '"', "\"header\":" + head, "\"signature\":\"" + open + '"'};
        break;
    }
    case 2: { // general
        QByteArrayList one{"\"protected\":\"" + shielded + '"', "\"signature\":\"" + mac + '"'};
        if (chance(40))
            one.append(unprotected);
        const QByteArray first = '{' + joined(one) + '}';
        members = {members.first(),
                   "\"signatures\":[" + (chance(70) ? first : joined({first, pick({first, "{}", "null", "5", "[]"})})) + ']'};
        break;
    }
    case 3:
        members.append(pick({"\"signatures\":[]", "\"signatures\":null", "\"signatures\":{}", "\"signatures\":5", "\"x\":{\"a\":1,\"a\":2}",
                             "\"payload\":\"\"", "\"protected\":null"}));
        break;
    case 4:
        members.removeAt(qsizetype(below(3)));
        break;
    case 5:
        members[qsizetype(below(3))] =
            pick({"\"payload\":5", "\"signature\":null", "\"protected\":\"\"", "\"payload\":\"!\"", "\"payload\":[]"});
        break;
    default:
        break;
    }
    if (chance(30))
        std::shuffle(members.begin(), members.end(), m_random);
    return '{' + joined(members) + (chance(3) ? "" : "}");
}

QByteArray RandomValidators::spoilt(const QByteArray &given)
{
    QByteArray text = given;
    const qsizetype at = text.isEmpty() ? 0 : qsizetype(below(std::size_t(text.size())));
    switch (below(9)) {
    case 0:
        return text + "==";
    case 1:
        return text + '.';
    case 2:
        return text.first(at);
    case 3:
        return text.insert(at, ' ');
    case 4:
        return text.insert(at, pick({"!", "=", "+", "/", "\"", ".", ";", "\xc3\xa9", "\xff"}));
    case 5:
        if (at < text.size())
            text[at] = text[at] == 'A' ? 'B' : 'A';
        return text;
    case 6:
        return pick({"x", "..", ".", "a.b.c", "{}", "{", "e30.e30.", "\"\"", "Bearer"});
    case 7:
        return text.left(text.lastIndexOf('.') + 1);
    default:
        return text + text;
    }
}

QByteArrayList RandomValidators::validator(const QByteArray &alg)
{
    QByteArrayList members{"\"alg\":\"" + alg + '"', "\"disable_jwk_security\":true", "\"operation_debug\":true"};
    const QByteArrayList roles{"\"admin\"", "\"user\"", "\"root\""};
    const QByteArrayList scopes{"\"read\"", "\"write\"", "\"all\""};
    const auto list = [this](const QByteArrayList &names) {
        return '[' + (chance(5) ? QByteArray() : chance(60) ? pick(names) : pick(names) + ',' + pick(names)) + ']';
    };
    if (chance(30))
        members.append("\"issuer\":" + (chance(85) ? QByteArray("\"https://i\"") : pick({"\"\"", "\"other\"", "null"})));
    if (chance(25))
        members.append("\"audience\":" + list({"\"a\"", "\"b\""}));
    if (chance(40)) {
        members.append("\"roles\":" + list(roles));
        if (chance(70))
            members.append("\"roles_key\":" + pick({"\"roles\"", "\"realm.access\"", "\"realm.access\"", "\"http://x.y/roles\"", "\"\"",
                                                    "\"nope\"", "\"v.k.m\"", "\"v\"", "\"realm.\""}));
        if (chance(50))
            members.append(QByteArray("\"roles_key_is_nested\":") + (chance(80) ? "true" : "false"));
    }
    if (chance(35)) {
        members.append("\"scopes\":" + list(scopes));
        if (chance(90))
            members.append("\"scopes_key\":" +
                           pick({"\"scope\"", "\"scope\"", "\"realm.scope\"", "\"realm.access\"", "\"nope\"", "\"v\"", "\"\"", "\".\""}));
        if (chance(60))
            members.append("\"scopes_matcher\":" + pick({"\"all\"", "\"any\"", "\"ALL\"", "\"\""}));
    }
    if (chance(25))
        members.append("\"leeway\":" + pick({"\"1s\"", "\"1h\"", "\"10m\"", "\"-1h\"", "\"x\"", "\"\"", "\"0\"", "\"100000h\"", "\"30\""}));
    if (chance(15))
        members.append("\"Issuer\":\"https://i\"");
    if (chance(5))
        members.append("\"zzz\":{\"unknown\":[1]}");
    if (chance(30)) {
        QByteArrayList pairs;
        const QByteArrayList paths{"sub",     "v", "w", "roles", "exp", "aud", "nope", "realm.access", "v.m", "realm", "http://x.y/roles",
                                   "v.no.way"};
        for (std::size_t i = 0; i < 4; ++i)
            pairs.append("[\"" + pick(paths) + "\",\"x-P" + QByteArray::number(qulonglong(i)) + "\"]");
        if (chance(10))
            pairs.append(pick({"[\"a\"]", "[\"a\",\"b\",\"c\"]", "[]", "null"}));
        members.append("\"propagate_claims\":[" + joined(pairs) + ']');
        if (chance(40))
            members.append("\"propagate_claims_preserve_array\":true");
    }
    // What cannot be read makes the endpoint answer 401 to everybody.
    if (chance(2))
        members.append(pick({"\"audience\":\"a\"", "\"leeway\":5", "\"cache\":\"yes\"", "\"cache_duration\":-1", "\"roles\":[5]",
                             "\"propagate_claims\":[\"a\"]", "\"cipher_suites\":[70000]", "\"cypher_key\":\"!\"",
                             "\"key_identify_strategy\":5", "\"disable_jwk_security\":5"}));
    return members;
}

QByteArray RandomValidators::next()
{
    m_calm = below(100) < 75;
    const Material &material = m_keys[below(m_keys.size())];
    const QByteArray alg = pick(material.algorithms);
    const QByteArray wanted = chance(95) ? alg : pick({"HS256", "RS256", "ES256", "EdDSA", "PS512"});
    QByteArray strategy, x5t;
    if (chance(25)) {
        strategy = pick({"kid", "x5t", "x5t#S256", "kid_x5t", "other", ""});
        if (chance(80))
            x5t = jose::encodeBase64RawUrl(QByteArray(strategy == "x5t#S256" || chance(10) ? 32 : 20, 'x'));
    }
    QByteArrayList members = validator(wanted);
    if (!strategy.isEmpty())
        members.append("\"key_identify_strategy\":\"" + strategy + '"');

    QByteArray jwks = keySet(material, x5t), files;
    if (chance(25)) {
        // From a file, which must be good: the gateway would not start otherwise. What it lacks is looked for at the URL.
        QByteArray set = keySet(material, x5t);
        while (!jose::parseKeySet(set, jose::SetSource::LocalFile).ok())
            set = keySet(material, x5t);
        files = "{\"keys.json\":" + jsonString(set) + '}';
        members.append("\"jwk_local_path\":\"{{dir}}/keys.json\"");
        if (chance(70))
            members.append("\"jwk_url\":" + pick({"\"\"", "\"{{jwks}}\"", "\"file:///x\"", "\"http://\"", "\"://\"", "\"{{jwks}}\""}));
    } else {
        members.append("\"jwk_url\":" + (chance(98) ? QByteArray("\"{{jwks}}\"") : pick({"\"\"", "\"ftp://x\"", "\"http://[::1\""})));
    }

    QByteArray text = token(material, alg, x5t);
    if (chance(7))
        text = spoilt(text);
    QByteArray headerName = "Authorization", cookieName = "access_token";
    if (chance(15)) {
        headerName = pick({"X-Token", "x-lower", "authorization", "Host", "X Odd"});
        members.append("\"auth_header_name\":\"" + headerName + '"');
    }
    if (chance(15)) {
        cookieName = pick({"sid", "a b", "access_token", ""});
        members.append("\"cookie_key\":\"" + cookieName + '"');
        if (cookieName.isEmpty())
            cookieName = "access_token";
    }
    QByteArrayList headers;
    const auto add = [&headers](const QByteArray &name, const QByteArray &value) {
        headers.append('[' + jsonString(name) + ',' + jsonString(value.trimmed()) + ']');
    };
    const QByteArray sent = headerName == "Host" || headerName == "X Odd" ? QByteArray("Authorization") : headerName;
    const bool byCookie = chance(12);
    if (byCookie) {
        if (chance(30))
            add(sent, pick({"", "x", "Bearer ", "Basic abc"}));
        add("Cookie", pick({"", "a=b; ", "bad name=1;", "; ;", cookieName + "=;"}) + cookieName + '=' +
                          (chance(20) ? '"' + text + '"' : text) + pick({"", "; z=1", ";"}));
    } else if (chance(98)) {
        add(sent, pick({"Bearer ", "Bearer ", "Bearer ", "bearer ", "BEARER ", "", "Bearer  ", "Token "}) + text);
        if (chance(5))
            add(sent, "Bearer x");
        if (chance(5))
            add("Cookie", cookieName + "=x");
    }
    if (chance(10))
        add("X-P1", "from the client");
    const QByteArray suffix =
        chance(15) ? pick({"/{JWT.sub}", "/{JWT.v}/{JWT.w}", "/{JWT.exp}", "/{JWT.nope}", "/{JWT.roles}-{JWT.aud}"}) : QByteArray();
    std::shuffle(members.begin(), members.end(), m_random);
    QByteArray out = "{\"name\":\"random\",\"validator\":{" + joined(members) + "},\"jwks\":" + jsonString(jwks);
    if (!files.isEmpty())
        out += ",\"files\":" + files;
    return out + ",\"headers\":[" + joined(headers) + "],\"urlSuffix\":\"" + suffix + "\"}";
}

} // namespace tokenlab::testsupport
