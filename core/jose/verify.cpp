#include "core/jose/verify.h"

#include "core/jose/base64.h"
#include "core/jose/keyfit_p.h"
#include "core/json/parse.h"

#include <algorithm>
#include <cmath>

namespace tokenlab::jose {
namespace {

using Kind = VerifyError::Kind;
using json::Value;

QByteArray bytesOf(std::string_view text)
{
    return {text.data(), qsizetype(text.size())};
}

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

VerifyError errorOf(Kind kind, const QByteArray &part = {}, const QByteArray &member = {}, const QByteArray &detail = {})
{
    VerifyError error;
    error.kind = kind;
    error.part = part;
    error.member = member;
    error.detail = detail;
    return error;
}

VerifyError tooLarge(const QByteArray &what, qint64 got, qint64 limit)
{
    VerifyError error = errorOf(Kind::TooLarge, {}, what);
    error.got = got;
    error.expected = limit;
    return error;
}

// Canonical base64url only: what a lenient reader takes, too, would give one signature several spellings.
Result<QByteArray, VerifyError> decodeStrictly(const QByteArray &text, const QByteArray &part)
{
    auto bytes = decodeBase64RawUrlStrict(text);
    if (bytes)
        return std::move(*bytes);
    VerifyError error = errorOf(Kind::BadBase64, part);
    error.at = bytes.error().at;
    const char c = text[error.at];
    const bool inAlphabet = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (isSpace(c))
        error.kind = Kind::Whitespace;
    else if (c == '=')
        error.kind = Kind::Padding;
    else if (inAlphabet && text.size() % 4 != 1)
        error.kind = Kind::TrailingBits;
    return fail(error);
}

Result<json::Document, VerifyError> parseStrictly(const QByteArray &text, const QByteArray &part)
{
    auto document = json::parse(text, json::Policy::strict());
    if (document)
        return std::move(*document);
    const json::SyntaxError &syntax = document.error();
    VerifyError error = syntax.kind == json::SyntaxError::DuplicateMember ? errorOf(Kind::DuplicateMember, part, syntax.context)
                                                                          : errorOf(Kind::NotJson, part, {}, json::gatewayText(syntax));
    error.at = syntax.offset;
    return fail(error);
}

// One signature as it stands in the token.
struct SignatureText {
    QByteArray protectedPart, signaturePart;
    bool hasProtected = true;
    Value unprotectedHeader; // absent: none
};
struct TokenText {
    DecodedToken::Form form = DecodedToken::Compact;
    QByteArray payloadPart;
    std::vector<SignatureText> signatures;
    bool general = false;
    json::Document envelope; // what unprotected headers are views into
};

Result<TokenText, VerifyError> readCompact(QByteArrayView token)
{
    const qsizetype dots = token.count('.');
    if (dots != 2) {
        VerifyError error = errorOf(dots == 4 ? Kind::Encrypted : Kind::NotAToken, "token");
        error.got = dots + 1;
        error.expected = 3;
        return fail(error);
    }
    const qsizetype first = token.indexOf('.');
    const qsizetype second = token.indexOf('.', first + 1);
    TokenText text;
    text.payloadPart = token.sliced(first + 1, second - first - 1).toByteArray();
    text.signatures.push_back({token.first(first).toByteArray(), token.sliced(second + 1).toByteArray(), true, {}});
    return text;
}

Result<QByteArray, VerifyError> textMember(Value object, const char *name)
{
    const Value value = object.find(name);
    if (!value.exists())
        return fail(errorOf(Kind::MissingMember, "token", name));
    if (!value.isString())
        return fail(errorOf(Kind::BadMember, "token", name));
    return value.bytes();
}

Result<SignatureText, VerifyError> readSignature(Value object)
{
    SignatureText text;
    auto signature = textMember(object, "signature");
    if (!signature)
        return fail(signature.error());
    text.signaturePart = std::move(*signature);
    text.hasProtected = object.find("protected").exists();
    if (text.hasProtected) {
        auto shielded = textMember(object, "protected");
        if (!shielded)
            return fail(shielded.error());
        if (shielded->isEmpty()) // RFC 7515 §7.2.1: then it must be absent
            return fail(errorOf(Kind::BadMember, "token", "protected"));
        text.protectedPart = std::move(*shielded);
    }
    text.unprotectedHeader = object.find("header");
    if (text.unprotectedHeader.exists() && !text.unprotectedHeader.isObject())
        return fail(errorOf(Kind::BadMember, "token", "header"));
    return text;
}

// RFC 7515 §7.2: flattened and general.
Result<TokenText, VerifyError> readJsonForm(QByteArrayView token)
{
    if (const qsizetype commas = token.count(','); commas > mostJsonMembers)
        return fail(tooLarge("members", commas, mostJsonMembers));
    auto document = parseStrictly(token.toByteArray(), "token");
    if (!document)
        return fail(document.error());
    const Value root = document->root();
    if (!root.isObject())
        return fail(errorOf(Kind::NotAnObject, "token"));
    if (root.find("ciphertext").exists())
        return fail(errorOf(Kind::Encrypted, "token"));
    TokenText text;
    text.form = DecodedToken::Flattened;
    text.envelope = *document;
    auto payload = textMember(root, "payload");
    if (!payload)
        return fail(payload.error());
    text.payloadPart = std::move(*payload);
    const Value list = root.find("signatures");
    text.general = list.exists();
    if (!text.general) {
        auto one = readSignature(root);
        if (!one)
            return fail(one.error());
        text.signatures.push_back(std::move(*one));
        return text;
    }
    for (const char *flat : {"signature", "protected", "header"})
        if (root.find(flat).exists())
            return fail(errorOf(Kind::MixedForms, "token", flat));
    if (!list.isArray() || list.size() == 0)
        return fail(errorOf(Kind::BadMember, "token", "signatures"));
    if (list.size() > std::size_t(mostSignatures))
        return fail(tooLarge("signatures", qint64(list.size()), mostSignatures));
    for (const Value element : list.elements()) {
        auto one = element.isObject() ? readSignature(element)
                                      : Result<SignatureText, VerifyError>(fail(errorOf(Kind::BadMember, "token", "signatures")));
        if (!one) {
            VerifyError error = one.error();
            error.signature = int(text.signatures.size());
            return fail(error);
        }
        text.signatures.push_back(std::move(*one));
    }
    return text;
}

Result<TokenText, VerifyError> readToken(QByteArrayView token)
{
    if (token.isEmpty())
        return fail(errorOf(Kind::Empty, "token"));
    if (token.size() > largestToken)
        return fail(tooLarge("token", token.size(), largestToken));
    const auto begin = std::find_if_not(token.begin(), token.end(), isSpace);
    return begin != token.end() && *begin == '{' ? readJsonForm(token) : readCompact(token);
}

// The header of one signature: both parts of it, and what they say that matters here.
struct Header {
    json::Document merged;
    QByteArray alg, kid;
    bool hasKid = false, algProtected = false;
    std::vector<QByteArray> keySources; // `jwk`, …
};

constexpr const char *texts[] = {"alg", "kid", "typ", "cty", "jku", "x5u", "x5t", "x5t#S256"};
// RFC 7515 §4.1 and RFC 7518 §4: what `crit` may not name, for everybody knows it.
constexpr const char *registered[] = {"alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"};

// RFC 7515 §4.1.11 and RFC 7797; the only extension known here is b64, and of that only `true`.
std::optional<VerifyError> criticalFault(Value shielded, Value unprotectedHeader)
{
    const auto malformed = [](const char *why) { return errorOf(Kind::Critical, "header", {}, why); };
    for (const char *name : {"crit", "b64"})
        if (unprotectedHeader.find(name).exists())
            return errorOf(Kind::BadMember, "unprotected header", name);
    const Value b64 = shielded.find("b64");
    if (b64.exists() && !b64.isBool())
        return errorOf(Kind::BadMember, "header", "b64");
    if (b64.exists() && !b64.asBool())
        return errorOf(Kind::Unencoded, "header", "b64");
    const Value crit = shielded.find("crit");
    if (!crit.exists())
        return {};
    if (!crit.isArray())
        return malformed("array");
    if (crit.size() == 0)
        return malformed("empty");
    std::vector<std::string_view> seen;
    for (const Value element : crit.elements()) {
        if (!element.isString())
            return malformed("texts");
        const std::string_view name = element.text();
        if (std::find(seen.begin(), seen.end(), name) != seen.end())
            return malformed("twice");
        seen.push_back(name);
        if (std::find(std::begin(registered), std::end(registered), name) != std::end(registered))
            return malformed("registered");
        if (name != "b64")
            return errorOf(Kind::Critical, "header", bytesOf(name));
        if (!b64.exists())
            return malformed("absent");
    }
    return {};
}

// Both headers as one object; a name in both is refused (RFC 7515 §4).
Result<json::Document, VerifyError> mergedHeader(const json::Document &shielded, const json::Document &envelope, Value unprotectedHeader)
{
    if (!unprotectedHeader.exists())
        return shielded;
    std::vector<json::Member> members(shielded.root().members().begin(), shielded.root().members().end());
    for (const json::Member &member : unprotectedHeader.members()) {
        if (shielded.root().find(member.name).exists())
            return fail(errorOf(Kind::DuplicateMember, "unprotected header", bytesOf(member.name)));
        members.push_back(member);
    }
    auto arena = std::make_shared<json::Arena>();
    arena->keep(shielded.arena());
    arena->keep(envelope.arena());
    const Value root = arena->object(members);
    return json::Document(std::move(arena), root);
}

Result<Header, VerifyError> readHeader(const SignatureText &text, const json::Document &envelope)
{
    if (text.protectedPart.size() > largestHeader)
        return fail(tooLarge("header", text.protectedPart.size(), largestHeader));
    json::Document shielded;
    if (text.hasProtected) {
        const auto bytes = decodeStrictly(text.protectedPart, "header");
        if (!bytes)
            return fail(bytes.error());
        auto parsed = parseStrictly(*bytes, "header");
        if (!parsed)
            return fail(parsed.error());
        shielded = std::move(*parsed);
        if (!shielded.root().isObject())
            return fail(errorOf(Kind::NotAnObject, "header"));
    }
    auto merged = mergedHeader(shielded, envelope, text.unprotectedHeader);
    if (!merged)
        return fail(merged.error());
    Header header;
    header.merged = std::move(*merged);
    const Value root = header.merged.root();
    const auto place = [&](const char *name) {
        return text.unprotectedHeader.find(name).exists() ? QByteArray("unprotected header") : QByteArray("header");
    };
    for (const char *name : texts)
        if (const Value value = root.find(name); value.exists() && !value.isString())
            return fail(errorOf(Kind::BadMember, place(name), name));
    for (const char *name : {"jwk", "jku", "x5u", "x5c"}) {
        const Value value = root.find(name);
        if (!value.exists())
            continue;
        const bool shaped = qstrcmp(name, "jwk") == 0 ? value.isObject() : qstrcmp(name, "x5c") == 0 ? value.isArray() : true;
        if (!shaped)
            return fail(errorOf(Kind::BadMember, place(name), name));
        header.keySources.push_back(name);
    }
    if (!root.find("alg").exists())
        return fail(errorOf(Kind::MissingMember, "header", "alg"));
    header.alg = root.find("alg").bytes();
    header.algProtected = shielded.root().find("alg").exists();
    header.hasKid = root.find("kid").exists();
    header.kid = root.find("kid").bytes();
    if (auto fault = criticalFault(shielded.root(), text.unprotectedHeader))
        return fail(*fault);
    return header;
}

bool isKeyChoice(Kind kind)
{
    return kind >= Kind::NoKeys && kind <= Kind::KeyUnusable;
}

class Verifier
{
public:
    Verifier(const KeySet &keys, std::span<const Algorithm> allowed) : m_keys(keys), m_allowed(allowed) {}

    Verification run(QByteArrayView token)
    {
        auto text = readToken(token);
        if (!text)
            return refused(text.error());
        m_result.form = text->form;
        const auto payload = decodeStrictly(text->payloadPart, "payload");
        std::optional<VerifyError> notTried;
        bool verified = false;
        for (std::size_t i = 0; i < text->signatures.size(); ++i) {
            m_pending.clear();
            const auto error = verifyOne(text->signatures[i], *text, payload ? std::nullopt : std::optional(payload.error()), !verified);
            if (!error) {
                m_result.signature = verified ? m_result.signature : int(i);
                verified = true;
                m_result.notes.insert(m_result.notes.end(), m_pending.begin(), m_pending.end());
                continue;
            }
            VerifyError told = *error;
            told.signature = text->general ? int(i) : -1;
            const bool elsewhere = isKeyChoice(told.kind) || told.kind == Kind::AlgNotAllowed;
            // Of several signatures some may be for other readers (RFC 7515 §5.2); one that is here for us must be right.
            if (text->signatures.size() == 1 || !elsewhere)
                return refused(told);
            if (!notTried)
                notTried = told;
            m_skipped.push_back({VerifyNote::SignatureNotTried, m_kid, qint64(i), 0});
        }
        if (!verified)
            return refused(*notTried);
        m_result.notes.insert(m_result.notes.end(), m_skipped.begin(), m_skipped.end());
        m_result.payload = *payload;
        return std::move(m_result);
    }

private:
    Verification refused(const VerifyError &error)
    {
        m_result.error = error;
        m_result.key.reset();
        return std::move(m_result);
    }

    void note(const VerifyNote &note) { m_pending.push_back(note); }

    std::optional<VerifyError> verifyOne(const SignatureText &text, const TokenText &token, const std::optional<VerifyError> &payloadFault,
                                         bool show)
    {
        m_kid.clear();
        const auto header = readHeader(text, token.envelope);
        if (!header)
            return header.error();
        m_kid = header->kid;
        if (show) {
            m_result.alg = header->alg;
            m_result.kid = header->kid;
            m_result.header = header->merged;
        }
        for (const QByteArray &source : header->keySources)
            note({VerifyNote::IgnoredKeySource, source, 0, 0});
        if (!header->algProtected)
            note({VerifyNote::UnprotectedAlg, {}, 0, 0});
        if (header->alg.compare("none", Qt::CaseInsensitive) == 0)
            return errorOf(Kind::AlgNone, "header", header->alg);
        const auto algorithm = algorithmFromName(header->alg);
        if (!algorithm)
            return errorOf(Kind::AlgUnknown, "header", "alg", header->alg);
        if (text.signaturePart.isEmpty())
            return errorOf(Kind::NoSignature, "signature");
        const auto signature = decodeStrictly(text.signaturePart, "signature");
        if (!signature)
            return signature.error();
        if (!m_allowed.empty() && std::find(m_allowed.begin(), m_allowed.end(), *algorithm) == m_allowed.end())
            return errorOf(Kind::AlgNotAllowed, "header", "alg", header->alg);
        if (payloadFault) // said after the header was heard: alg none is the worse news
            return payloadFault;
        auto candidates = fittingKeys(m_keys, *algorithm, header->hasKid ? std::optional(header->kid) : std::nullopt);
        if (!candidates) {
            VerifyError error = candidates.error();
            if ((error.kind == Kind::KidNotFound || error.kind == Kind::NoKeys) && !header->keySources.empty())
                error = errorOf(Kind::KeyOnlyInToken, "header", header->keySources.front(), header->kid);
            return error;
        }
        return tryKeys(*header, *algorithm, *candidates, text.protectedPart + '.' + token.payloadPart, *signature);
    }

    std::optional<VerifyError> tryKeys(const Header &header, Algorithm algorithm, const std::vector<const Key *> &keys,
                                       const QByteArray &input, const QByteArray &signature)
    {
        std::optional<VerifyError> form;
        int tried = 0;
        for (const Key *key : keys) {
            if (const auto fault = signatureFault(*key, algorithm, signature)) {
                if (!form)
                    form = fault;
                continue;
            }
            if (++m_tries > mostTries)
                return tooLarge("keys", qint64(keys.size()), mostTries);
            ++tried;
            if (!verifySignature(*key, algorithm, input, signature))
                continue;
            noteKey(*key, algorithm);
            if (header.hasKid && key->kid().isEmpty() && !header.kid.isEmpty())
                note({VerifyNote::KidWithoutKey, header.kid, 0, 0});
            if (!header.hasKid && keys.size() > 1)
                note({VerifyNote::KidMissing, {}, qint64(keys.size()), 0});
            if (!m_result.key)
                m_result.key = *key;
            return {};
        }
        if (tried == 0 && form)
            return form;
        VerifyError error = errorOf(Kind::Mismatch, "signature");
        error.got = tried;
        return error;
    }

    void noteKey(const Key &key, Algorithm algorithm)
    {
        if (key.type() == KeyType::Oct && key.bits() / 8 < macSize(algorithm))
            note({VerifyNote::ShortSecret, {}, key.bits() / 8, macSize(algorithm)});
        if (key.type() == KeyType::Rsa && key.bits() < 2048)
            note({VerifyNote::SmallRsaKey, {}, key.bits(), 2048});
    }

    const KeySet &m_keys;
    const std::span<const Algorithm> m_allowed;
    Verification m_result;
    QByteArray m_kid; // of the signature at hand
    std::vector<VerifyNote> m_pending, m_skipped;
    int m_tries = 0;
};

std::optional<qint64> secondsOf(Value claim)
{
    const double number = claim.isNumber() ? claim.toDouble() : std::nan("");
    if (!std::isfinite(number) || std::fabs(number) > 9e18)
        return {};
    return qint64(number);
}

void notePayload(Verification &result, std::optional<Instant> now)
{
    auto document = json::parse(result.payload, json::Policy::strict());
    if (!document && document.error().kind == json::SyntaxError::DuplicateMember) {
        result.notes.push_back({VerifyNote::PayloadDuplicate, document.error().context, 0, 0});
        document = json::parse(result.payload);
    }
    if (!document) {
        result.notes.push_back({VerifyNote::PayloadNotJson, {}, 0, 0});
        return;
    }
    const Value root = document->root();
    if (!root.isObject()) {
        result.notes.push_back({VerifyNote::PayloadNotObject, {}, 0, 0});
        return;
    }
    if (!now)
        return;
    if (const auto exp = secondsOf(root.find("exp")); exp && *exp <= now->secondsSinceEpoch)
        result.notes.push_back({VerifyNote::ClaimExpired, {}, *exp, 0});
    if (const auto nbf = secondsOf(root.find("nbf")); nbf && *nbf > now->secondsSinceEpoch)
        result.notes.push_back({VerifyNote::ClaimNotYetValid, {}, *nbf, 0});
}

} // namespace

Verification verifyToken(QByteArrayView token, const KeySet &keys, std::span<const Algorithm> allowed, std::optional<Instant> now)
{
    Verification result = Verifier(keys, allowed).run(token);
    if (result.valid())
        notePayload(result, now);
    return result;
}

} // namespace tokenlab::jose
